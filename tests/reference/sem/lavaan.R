# Writes survey.csv, months.csv and branches.csv (generated) and lavaan.json: lavaan's estimates to compare with.
#   cd tests/reference/sem && Rscript lavaan.R
# With ANELLO_REFERENCE_DATA set, published.json is written too: estimates only, no rows.
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(20240917)

# survey.csv: 420 people at 3 sites; engagement -> service -> loyalty, with age and tenure; holes in `_m` columns.
n <- 420
site <- sample(c("north", "centre", "south"), n, TRUE, c(.4, .35, .25))
age <- round(rnorm(n, 40, 9)); tenure <- round(rexp(n, .2), 1)
eng <- rnorm(n) + .02 * (age - 40) + .2 * (site == "south")
ser <- .6 * eng + .03 * tenure + rnorm(n, 0, .8)
loy <- .5 * ser + .1 * eng + rnorm(n, 0, .7)
item <- function(f, b, l, s) round(b + l * f + s * (rchisq(n, 4) - 4) / sqrt(8), 2)
survey <- data.frame(site, age, tenure,
  e1 = item(eng, 3, 1, .6), e2 = item(eng, 3.2, .8, .7), e3 = item(eng, 2.8, 1.1, .8), e4 = item(eng, 3.5, -.7, .6),
  s1 = item(ser, 4, 1, .7), s2 = item(ser, 3.9, .9, .6), s3 = item(ser, 4.1, 1.2, .9),
  l1 = item(loy, 7, 1.5, 1), l2 = item(loy, 6.5, 1.2, 1.1), l3 = item(loy, 7.2, 1.4, .9))
for (v in c("e2", "e4", "s3", "l1", "l3")) {
  hole <- runif(n) < plogis(-2 + .8 * scale(survey$e1)[, 1]); survey[[paste0(v, "_m")]] <- ifelse(hole, NA, survey[[v]])
}
write.csv(survey, "survey.csv", row.names = FALSE, quote = FALSE, na = "")

# months.csv: 260 shops, sales over 4 months, with a covariate.
shops <- 260
size <- round(rnorm(shops, 0, 1), 3)
i <- 20 + 2 * size + rnorm(shops, 0, 2); s <- 1 + .3 * size + rnorm(shops, 0, .6)
months <- as.data.frame(sapply(0:3, function(t) round(i + s * t + rnorm(shops, 0, 1.2), 3)))
names(months) <- paste0("t", 1:4); months$size <- size
write.csv(months, "months.csv", row.names = FALSE, quote = FALSE)

# branches.csv: 70 branches of 2 to 14 people.
J <- 70
sizes <- sample(2:14, J, TRUE); branch <- rep(seq_len(J), sizes); N <- length(branch)
region <- sample(c("east", "west"), J, TRUE)
w1 <- round(rnorm(J), 3); w2 <- round(rnorm(J) + .3 * w1, 3)
ub <- .5 * w1 + .2 * w2 + rnorm(J, 0, .6); vb <- .6 * ub + rnorm(J, 0, .4)
x1 <- round(rnorm(N), 3); x2 <- round(.3 * x1 + rnorm(N) + .5, 3)
uw <- .5 * x1 + .3 * x2 + rnorm(N, 0, .7); vw <- .4 * uw + rnorm(N, 0, .8)
two <- function(lw, lb, sw, sb) round(lw * uw + (lb * ub + rnorm(J, 0, sb))[branch] + rnorm(N, 0, sw), 3)
three <- function(lw, lb, sw, sb) round(5 + lw * vw + (lb * vb + rnorm(J, 0, sb))[branch] + rnorm(N, 0, sw), 3)
branches <- data.frame(branch, region = region[branch],
  y1 = two(1, 1, .8, .2), y2 = two(.8, .7, .9, .25), y3 = two(.9, .8, .7, .2),
  c1 = three(1, 1, .7, .2), c2 = three(.7, .9, .8, .3), c3 = three(1.1, .8, .9, .25),
  x1, x2, w1 = w1[branch], w2 = w2[branch])
z <- round(.4 * x1 + (.7 * w1 + rnorm(J, 0, .5))[branch] + rnorm(N, 0, .6), 3); branches$z <- z
for (v in c("y1", "c2")) { hole <- runif(N) < .12; branches[[paste0(v, "_m")]] <- ifelse(hole, NA, branches[[v]]) }
write.csv(branches, "branches.csv", row.names = FALSE, quote = FALSE, na = "")

cases <- list()
case <- function(data, model, kind = "sem", ...) cases[[length(cases) + 1]] <<- list(data = data, model = model, kind = kind, ...)
source("cases.R")

tables <- list(survey = survey, months = months, branches = branches)
number <- function(x) { x <- as.numeric(x); if (length(x) == 0) NA else x }
one <- function(case, d) {
  say <- list(data = d, model = case$model, missing = if (identical(case$missing, "fiml")) "ml" else "listwise")
  for (key in c("cluster", "estimator", "group")) if (!is.null(case[[key]])) say[[key]] <- case[[key]]
  if (!is.null(case$equal)) say$group.equal <- case$equal
  if (isTRUE(case$random_x)) say$fixed.x <- FALSE
  if (is.null(case$cluster)) say$control <- list(rel.tol = 1e-12, iter.max = 5000, eval.max = 10000)
  if (!is.null(case$cluster) || !is.null(case$missing)) { say$em.h1.iter.max <- 20000; say$em.h1.tol <- 1e-9 }
  f <- suppressWarnings(do.call(case$kind, say))
  if (!lavInspect(f, "converged")) { say$control <- list(); f <- do.call(case$kind, say) }
  p <- parameterEstimates(f, standardized = TRUE, remove.nonfree = FALSE)
  if (is.null(p$level)) p$level <- 1
  if (is.null(p$group)) p$group <- 1
  if (is.null(p$label)) p$label <- ""
  m <- fitMeasures(f)
  pick <- function(name) if (name %in% names(m)) number(m[[name]]) else NA
  names_ <- c("npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr", "srmr_within", "srmr_between",
    "logl", "aic", "bic", "baseline.chisq", "baseline.df", "chisq.scaled", "chisq.scaling.factor", "cfi.robust", "rmsea.robust")
  fit <- setNames(lapply(names_, pick), names_)
  # a model that lavaan could not fit is no reference
  if (!lavInspect(f, "converged")) stop("not converged: ", case$model)
  params <- p[, c("lhs", "op", "rhs", "level", "group", "label", "est", "se", "std.all")]
  c(case, list(params = params, fit = fit, n = sum(lavInspect(f, "nobs"))))
}
written <- function(found, file) write(toJSON(list(software = paste0(R.version.string, ", lavaan ", packageVersion("lavaan")), cases = Filter(Negate(is.null), found)),
  auto_unbox = TRUE, digits = 9, na = "null", dataframe = "rows", null = "null"), file)
safe <- function(c, d) tryCatch(one(c, d), error = function(e) { message("LEFT OUT: ", c$model, "\n  ", conditionMessage(e)); NULL })
ours <- Filter(function(c) c$data %in% names(tables), cases)
written(lapply(ours, function(c) safe(c, tables[[c$data]])), "lavaan.json")

folder <- Sys.getenv("ANELLO_REFERENCE_DATA")
if (nzchar(folder)) {
  theirs <- Filter(function(c) !(c$data %in% names(tables)), cases)
  read <- function(name) read.csv(file.path(folder, "chain_models", paste0(name, ".csv")))
  written(lapply(theirs, function(c) safe(c, read(c$data))), "published.json")
}
