# Writes bhr2000.json: Rscript bhr2000.R (R with the package multilevel).
# `bhr2000` comes with the package: 5,400 persons in 99 groups, eleven leadership items on 1 to 5 and
# hours of work. Only sums of groups are stored, and what multilevel's rwg.j and ICC1, ICC2 say.
suppressMessages(library(multilevel))
data(bhr2000)
items <- as.matrix(bhr2000[, 2:12])
group <- bhr2000$GRP
by <- function(x) rowsum(x, group)
agree <- rwg.j(bhr2000[, 2:12], group, ranvar = 2)
fit <- aov(HRS ~ as.factor(GRP), bhr2000)
numbers <- function(v) paste0("[", paste(format(v, digits = 15, trim = TRUE), collapse = ", "), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, numbers), collapse = ",\n  "), "]")
one <- function(v) sprintf("%.12f", v)
hours <- by(cbind(1, bhr2000$HRS, bhr2000$HRS^2))
cat("{\"software\": \"", R.version.string, ", multilevel ", as.character(packageVersion("multilevel")),
    "\",\n\"n\": ", numbers(hours[, 1]), ",\n\"sums\": ", rows(by(items)), ",\n\"squares\": ",
    rows(by(items^2)), ",\n\"hours_sums\": ", numbers(hours[, 2]), ",\n\"hours_squares\": ",
    numbers(hours[, 3]), ",\n\"rwgj\": ", numbers(agree$rwg.j), ",\n\"icc1\": ", one(ICC1(fit)),
    ",\n\"icc2\": ", one(ICC2(fit)), "}\n", sep = "", file = "bhr2000.json")
