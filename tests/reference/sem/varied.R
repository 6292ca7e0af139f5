# Writes varied_*.csv (generated rows) and varied.json: lavaan's estimates, errors and indices for many kinds of models.
#   cd tests/reference/sem && Rscript varied.R
# The rows are drawn here; nothing else is needed. Level-1 covariates are centred: with MLR on two levels lavaan 0.6-14 leaves
# out of the scores what a covariate's mean adds, so that its errors change when a constant is added to a covariate.
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(77)
R <- function(lo, hi) runif(1, lo, hi)
item <- function(f, b, l, s, skew) round(b + l * f + s * (if (skew) (rchisq(length(f), 3) - 3) / sqrt(6) else rnorm(length(f))), 4)
holes <- function(d, vars, rate, by = NULL) {
  for (v in vars) { p <- if (is.null(by)) rate else plogis(qlogis(rate) + .8 * scale(d[[by]])[, 1]); d[[v]][runif(nrow(d)) < p] <- NA }
  d
}
people <- function(n, skew) {
  g <- sample(c("Bari sud", "Aosta", "Como"), n, TRUE, c(.4, .35, .25))
  x1 <- round(rnorm(n, 3, 1.4), 4); x.2 <- rbinom(n, 1, .4)
  f <- rnorm(n) + .25 * x1 + .2 * (g == "Aosta"); h <- .5 * f + .2 * x.2 + rnorm(n, 0, .8); k <- .4 * h + .2 * f + rnorm(n, 0, .8)
  d <- data.frame(g, x1, x.2)
  for (i in 1:4) d[[paste0("f.", i)]] <- item(f, R(-2, 60), R(.6, 1.5) * (if (i == 4) -1 else 1), R(.6, 1.1), skew)
  for (i in 1:3) d[[paste0("h_", i)]] <- item(h, R(-2, 6), R(.6, 1.5), R(.6, 1.1), skew)
  for (i in 1:3) d[[paste0("K", i)]] <- item(k, R(-2, 6), R(.6, 20), R(.6, 1.1), skew)
  d
}
branches <- function(J, lo, hi, skew = FALSE) {
  n <- if (lo == hi) rep(lo, J) else sample(lo:hi, J, TRUE); j <- rep(seq_len(J), n); N <- length(j)
  w1 <- round(rnorm(J, 10, 2), 4); w.2 <- round(rnorm(J) + .2 * w1, 4)
  ub <- .2 * w1 + .2 * w.2 + rnorm(J, 0, .8); vb <- .5 * ub + rnorm(J, 0, .6)
  x1 <- rnorm(N); x2 <- .3 * x1 + rnorm(N); x1 <- round(x1 - mean(x1), 4); x2 <- round(x2 - mean(x2), 4)
  uw <- .5 * x1 + .3 * x2 + rnorm(N, 0, .8); vw <- .4 * uw + rnorm(N, 0, .8)
  e <- function(s) if (skew) s * (rchisq(N, 3) - 3) / sqrt(6) else rnorm(N, 0, s)
  d <- data.frame(branch = j * 7 %% 1000 + 1000, region = sample(c("n", "s"), J, TRUE)[j], x1, x2, w1 = w1[j], w.2 = w.2[j])
  for (i in 1:4) d[[paste0("u", i)]] <- round(R(-3, 8) + R(.7, 1.3) * uw + (R(.7, 1.3) * ub + rnorm(J, 0, .5))[j] + e(R(.6, 1)), 4)
  for (i in 1:3) d[[paste0("v", i)]] <- round(R(-3, 8) + R(.7, 1.3) * vw + (R(.7, 1.3) * vb + rnorm(J, 0, .5))[j] + e(R(.6, 1)), 4)
  d$z <- round(.4 * x1 + (.5 * w1 + rnorm(J, 0, .9))[j] + rnorm(N, 0, .7), 4)
  d$y <- round(1 + .4 * d$z + .3 * x2 + (.3 * w1 + rnorm(J, 0, .8))[j] + e(1), 4)
  d
}
panel <- function(n, waves) {
  s <- matrix(rnorm(2 * n), n) %*% chol(matrix(c(1, .5, .5, 1), 2)); a <- matrix(rnorm(2 * n), n); d <- list()
  for (t in seq_len(waves)) {
    d[[paste0("x", t)]] <- round(3 + s[, 1] + a[, 1], 4); d[[paste0("y", t)]] <- round(40 + s[, 2] + a[, 2], 4)
    a <- cbind(.3 * a[, 1], .25 * a[, 1] + .3 * a[, 2]) + matrix(rnorm(2 * n), n)
  }
  as.data.frame(d)
}
months <- function(n) {
  size <- round(rnorm(n), 4); i <- 20 + 2 * size + rnorm(n, 0, 2); s <- 1 + .3 * size + rnorm(n, 0, .6)
  d <- as.data.frame(sapply(0:4, function(t) round(i + s * t + rnorm(n, 0, 1.2), 4))); names(d) <- paste0("t.", 0:4)
  d$size <- size; d$half <- sample(1:2, n, TRUE); d
}
rows <- list(plain = people(260, FALSE), skew = people(240, TRUE), small = branches(45, 2, 12), even = branches(40, 6, 6),
  heavy = branches(60, 3, 10, TRUE), panel = panel(180, 4), months = months(140))
rows$holes <- holes(rows$plain, c("f.2", "f.3", "h_1", "h_3", "K2"), .25, "f.1")
rows$skew_holes <- holes(rows$skew, c("f.2", "f.4", "h_1", "K2"), .3)
rows$many_holes <- holes(rows$plain, c(paste0("f.", 1:4), paste0("h_", 1:3)), .4)
rows$gaps <- holes(rows$panel, c("x2", "x3", "y3", "y4"), .2)
rows$small_holes <- holes(rows$small, c("u1", "u3", "v2"), .12)
rows$months_holes <- holes(rows$months, paste0("t.", 1:4), .2)
for (name in names(rows)) write.csv(rows[[name]], paste0("varied_", name, ".csv"), row.names = FALSE, quote = FALSE, na = "")

cases <- list()
number <- function(x) { x <- suppressWarnings(as.numeric(x)); if (length(x) == 0) NA else x }
case <- function(data, model, kind = "sem", ...) {
  say <- list(...)
  arg <- list(data = rows[[data]], model = model, missing = if (identical(say$missing, "fiml")) "ml" else "listwise",
    em.h1.iter.max = 20000, em.h1.tol = 1e-10, control = list(rel.tol = 1e-13, iter.max = 5000, eval.max = 10000))
  for (k in c("cluster", "estimator", "group")) if (!is.null(say[[k]])) arg[[k]] <- say[[k]]
  if (!is.null(say$equal)) arg$group.equal <- say$equal
  if (isTRUE(say$random_x)) arg$fixed.x <- FALSE
  f <- suppressWarnings(do.call(kind, arg))
  if (!lavInspect(f, "converged")) { arg$control <- list(); f <- suppressWarnings(do.call(kind, arg)) }
  if (!lavInspect(f, "converged")) stop("not converged: ", data, " ", model)
  p <- parameterEstimates(f, standardized = TRUE, remove.nonfree = FALSE)
  for (k in c("level", "group")) if (is.null(p[[k]])) p[[k]] <- 1
  if (is.null(p$label)) p$label <- ""
  keep <- c("npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue", "srmr", "srmr_within",
    "srmr_between", "logl", "aic", "bic", "baseline.chisq", "baseline.df", "chisq.scaled", "pvalue.scaled", "chisq.scaling.factor",
    "baseline.chisq.scaled", "baseline.chisq.scaling.factor", "cfi.scaled", "tli.scaled", "rmsea.scaled", "rmsea.ci.lower.scaled",
    "rmsea.ci.upper.scaled", "rmsea.pvalue.scaled", "cfi.robust", "tli.robust", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust")
  m <- suppressWarnings(fitMeasures(f)); m <- m[intersect(keep, names(m))]
  found <- p[, c("lhs", "op", "rhs", "level", "group", "label", "est", "se", "std.all")]
  for (k in c("est", "se", "std.all")) found[[k]] <- signif(found[[k]], 9)
  cases[[length(cases) + 1]] <<- c(list(data = data, model = model, kind = kind), say,
    list(fit = lapply(as.list(m), function(v) signif(number(v), 10)), n = sum(lavInspect(f, "nobs")), params = found))
}
source("varied_models.R")
write(toJSON(list(software = paste0(R.version.string, ", lavaan ", packageVersion("lavaan")), cases = cases),
  auto_unbox = TRUE, digits = NA, na = "null", dataframe = "values", null = "null"), "varied.json")
