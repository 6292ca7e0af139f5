# Writes cells.csv (generated) and paths.json: a pooled matrix and lavaan's path model on it.
#   cd tests/reference/meta && Rscript paths.R
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(7)
names <- c("climate", "staff", "customers", "sales")
true <- matrix(c(1, .5, .35, .15, .5, 1, .4, .2, .35, .4, 1, .3, .15, .2, .3, 1), 4, dimnames = list(names, names))
cells <- do.call(rbind, lapply(1:16, function(s) {
  n <- sample(40:300, 1); r <- cor(MASS::mvrnorm(n, rep(0, 4), true))
  pairs <- t(combn(4, 2)); pairs <- pairs[runif(6) < .7, , drop = FALSE]
  if (nrow(pairs) == 0) return(NULL)
  data.frame(study = s, first = names[pairs[, 1]], second = names[pairs[, 2]], r = round(r[pairs], 3), n = n)
}))
write.csv(cells, "cells.csv", row.names = FALSE, quote = FALSE)
pooled <- diag(4); dimnames(pooled) <- list(names, names); sizes <- k <- c()
for (i in 1:3) for (j in (i + 1):4) {
  rows <- cells$first == names[i] & cells$second == names[j]
  pooled[i, j] <- pooled[j, i] <- weighted.mean(cells$r[rows], cells$n[rows])
  sizes <- c(sizes, sum(cells$n[rows])); k <- c(k, sum(rows))
}
n <- round(1 / mean(1 / sizes))
told <- function(model, R, n) {
  f <- sem(model, sample.cov = R, sample.nobs = n, sample.cov.rescale = FALSE, optim.method = "nlminb", control = list(rel.tol = 1e-15, x.tol = 1e-15))
  p <- parameterEstimates(f); p <- p[p$op %in% c("~", ":="), ]
  list(n = n, lhs = p$lhs, rhs = p$rhs, est = p$est, se = p$se, fit = as.list(fitMeasures(f)[c("chisq", "df", "pvalue", "cfi", "rmsea", "srmr")]))
}
own <- told("staff ~ a*climate\ncustomers ~ b*staff\nsales ~ c*customers\nind := a*b\ntotal := a*b*c", pooled, n)
hunter <- matrix(c(1, .4958719, .4261292, .2054757, .4958719, 1, .5166044, .2739554, .4261292, .5166044, 1, .2316992, .2054757, .2739554, .2316992, 1), 4,
  dimnames = list(c("A", "J", "W", "S"), c("A", "J", "W", "S")))
theirs <- told("J ~ a*A\nW ~ b*A + c*J\nS ~ d*J + e*W\nind := a*d + b*e + a*c*e\nstep := c*e", hunter, 3292)
writeLines(toJSON(list(software = paste0(R.version.string, ", lavaan ", packageVersion("lavaan")), pooled = pooled[upper.tri(pooled)],
  harmonic = 1 / mean(1 / sizes), own = own, hunter = theirs), auto_unbox = TRUE, digits = NA, pretty = 1), "paths.json")
