# Writes scales.json: Rscript scales.R (R with the package psych).
# `attitude` comes with R: its sums and cross-products, and what psych and stats::factanal make of
# them. `bfi` comes with psych: the covariances of the five agreeableness items, A1 turned, pairs of
# answers as found (2,709 people answered all five).
suppressMessages(library(psych))
x <- as.matrix(attitude)
r <- cor(x)
s <- cov(x)
fit <- factanal(covmat = r, factors = 1, n.obs = nrow(x),
                control = list(opt = list(factr = 1e-3, pgtol = 0)))
quiet <- function(e) suppressMessages(suppressWarnings(e))
tot <- quiet(psych::omega(r, nfactors = 1, fm = "ml", plot = FALSE, n.obs = nrow(x)))$omega.tot
bfi5 <- as.matrix(psych::bfi[, 1:5])
bfi5[, 1] <- 7 - bfi5[, 1]
agree <- cov(bfi5, use = "pairwise")
agree_r <- cov2cor(agree)
agree_tot <- quiet(psych::omega(agree_r, nfactors = 1, fm = "ml", plot = FALSE))$omega.tot
numbers <- function(v) paste0("[", paste(format(v, digits = 15, trim = TRUE), collapse = ", "), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, numbers), collapse = ",\n  "), "]")
one <- function(v) sprintf("%.12f", v)
cat("{\"software\": \"", R.version.string, ", psych ", as.character(packageVersion("psych")), "\",\n",
    "\"n\": ", nrow(x), ",\n\"sums\": ", numbers(colSums(x)), ",\n\"products\": ", rows(t(x) %*% x),
    ",\n\"psych_alpha\": ", one(quiet(psych::alpha(x))$total$raw_alpha),
    ",\n\"psych_omega_of_correlations\": ", one(tot),
    ",\n\"factanal_omega_of_correlations\": ", one(1 - sum(fit$uniquenesses) / sum(r)),
    ",\n\"factanal_omega_of_covariances\": ", one(1 - sum(fit$uniquenesses * diag(s)) / sum(s)),
    ",\n\"agreeableness\": ", rows(agree),
    ",\n\"agreeableness_psych_alpha\": ", one(quiet(psych::alpha(bfi5))$total$raw_alpha),
    ",\n\"agreeableness_psych_omega_of_correlations\": ", one(agree_tot),
    "}\n", sep = "", file = "scales.json")
