# lme4 and lmerTest estimates as JSON, polished: lme4's optimisers stop early on random slopes, so after
# them nlminb and Newton steps (derivatives by numDeriv) go on with lme4's own deviance function until
# it falls no further.
suppressMessages({library(lme4); library(lmerTest); library(numDeriv)})

polished <- function(formula, d, reml, weights = NULL) {
  parsed <- if (is.null(weights)) lFormula(formula, d, REML = reml) else
    eval(bquote(lFormula(formula, d, REML = reml, weights = .(as.name(weights)))))
  f <- do.call(mkLmerDevfun, parsed)
  low <- environment(f)$lower
  best <- optimizeLmer(f, control = list(xtol_abs = 1e-10, ftol_abs = 1e-12, maxeval = 1e5))
  again <- lapply(list(best$par, best$par + .05 * (low == 0)), nlminb, f, lower = low,
    control = list(rel.tol = 1e-14, x.tol = 1e-14, iter.max = 2000, eval.max = 5000))
  again <- again[[which.min(sapply(again, `[[`, "objective"))]]
  if (again$objective < best$fval) best <- list(par = again$par, fval = again$objective)
  theta <- best$par
  theta[low == 0 & theta < 1e-3] <- 0
  if (f(theta) > best$fval + 1e-9) theta <- best$par
  free <- !(low == 0 & theta == 0)
  at <- function(x) { t <- theta; t[free] <- x; f(t) }
  for (i in 1:6) if (any(free)) {
    x <- theta[free]
    step <- try(solve(hessian(at, x), grad(at, x)), silent = TRUE)
    if (inherits(step, "try-error") || at(x - step) > at(x) + 1e-9) break
    theta[free] <- x - step
  }
  value <- f(theta)
  opt <- list(par = theta, fval = value, conv = 0, feval = 1)
  fit <- mkMerMod(environment(f), opt, parsed$reTrms, fr = parsed$fr)
  fit@call <- as.call(list(quote(lmer), formula = formula, data = quote(d), REML = reml))
  list(fit = fit, f = f, theta = theta)
}

number <- function(x) ifelse(is.na(x), "null", sprintf("%.15g", x))
text <- function(x) ifelse(is.na(x), "null", paste0('"', x, '"'))
entry <- function(formula, d, reml) {
  got <- polished(formula, d, reml)
  fit <- got$fit
  table <- tryCatch(coef(summary(as_lmerModLmerTest(fit))), error = function(e) NULL)
  if (is.null(table)) stop(deparse(formula))
  components <- as.data.frame(VarCorr(fit))
  params <- paste0('{"term": ', text(rownames(table)), ', "estimate": ', number(table[, 1]), ', "se": ',
    number(table[, 2]), ', "df": ', number(table[, 3]), ', "p": ', number(table[, 5]), "}")
  spreads <- paste0('{"group": ', text(components$grp), ', "var1": ', text(components$var1), ', "var2": ',
    text(components$var2), ', "variance": ', number(components$vcov), ', "sd": ', number(components$sdcor), "}")
  paste0('{"formula": "', paste(deparse(formula, 500), collapse = ""), '", "method": "', if (reml) "REML" else "ML",
    '", "n": ', nobs(fit), ', "groups": ', ngrps(fit)[[1]], ', "loglik": ', number(as.numeric(logLik(fit))),
    ', "singular": ', tolower(isSingular(fit)),
    ',\n  "params": [', paste(params, collapse = ",\n    "), '],\n  "varcomp": [',
    paste(spreads, collapse = ",\n    "), "]}")
}

written <- function(rows, file) writeLines(paste0('{"software": "', R.version.string, ", lme4 ",
  packageVersion("lme4"), ", lmerTest ", packageVersion("lmerTest"), '",\n"models": [\n',
  paste(rows, collapse = ",\n"), "\n]}"), file)
