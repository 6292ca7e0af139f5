# Writes the generated studies (*.csv) and metafor.json: estimates of metafor to compare with.
#   cd tests/reference/meta && Rscript metafor.R
suppressMessages({library(metafor); library(jsonlite)})
set.seed(20240610)
k <- 42
sizes <- c(1, 2, 3, 5, 8, 2, 4, 6, 3, 5, 2, 1)
country <- rep(sprintf("c%02d", seq_along(sizes)), sizes)
contact <- round(runif(k, 0, 10), 1)
service <- sample(c("bank", "hotel", "shop"), k, TRUE)
n <- sample(20:400, k, TRUE)
true <- .15 + .02 * contact - .1 * (service == "shop") + rnorm(length(sizes), 0, .10)[match(country, unique(country))] + rnorm(k, 0, .08)
z <- rnorm(k, atanh(pmin(true, .8)), 1 / sqrt(n - 3))
studies <- data.frame(study = sprintf("s%02d", 1:k), country, service, contact, n, r = round(tanh(z), 3),
  d = round(true + rnorm(k, 0, .2), 3), v = round(runif(k, .01, .09), 4))
studies$gap <- studies$r; studies$gap[c(4, 19)] <- NA
studies$same <- round(.3 + rnorm(k, 0, .02), 4)
write.csv(studies, "studies.csv", row.names = FALSE, quote = FALSE, na = "")
few <- studies[c(3, 8, 15, 22, 30), ]
write.csv(few, "few.csv", row.names = FALSE, quote = FALSE, na = "")
trials <- data.frame(trial = 1:14, ai = rpois(14, 8), bi = rpois(14, 120), ci = rpois(14, 15), di = rpois(14, 110), year = 1990 + 1:14)
trials$ai[5] <- 0
write.csv(trials, "trials.csv", row.names = FALSE, quote = FALSE)

tight <- list(threshold = 1e-14, tol = 1e-14, maxiter = 10000)
entry <- function(file, spec, formula, method, knha, yi, vi, d) {
  d$yi <- as.numeric(yi); d$vi <- as.numeric(vi)
  f <- rma(yi, vi, mods = formula, data = d, method = method, test = if (knha) "knha" else "z", control = tight)
  p <- if (f$p == 1) as.data.frame(predict(f)) else NULL
  ci <- if (method == "FE") NULL else confint(f, control = list(tol = 1e-14))$random
  list(file = file, spec = spec, method = method, knapp_hartung = knha, k = f$k, term = rownames(f$b),
    estimate = as.numeric(f$b), se = f$se, statistic = f$zval, p = f$pval, low = f$ci.lb, high = f$ci.ub,
    tau2 = f$tau2, se_tau2 = f$se.tau2, i2 = f$I2, h2 = f$H2, q = f$QE, q_p = f$QEp,
    qm = if (f$p == 1 && f$int.only) NA else f$QM, qm_p = if (f$p == 1 && f$int.only) NA else f$QMp, r2 = if (is.null(f$R2)) NA else f$R2,
    loglik = as.numeric(logLik(f)), aic = AIC(f), bic = BIC(f),
    pi_low = if (is.null(p)) NA else p$pi.lb, pi_high = if (is.null(p)) NA else p$pi.ub,
    tau2_low = if (is.null(ci)) NA else ci["tau^2", "ci.lb"], tau2_high = if (is.null(ci)) NA else ci["tau^2", "ci.ub"])
}
cor <- escalc("COR", ri = r, ni = n, data = studies); zcor <- escalc("ZCOR", ri = r, ni = n, data = studies)
rr <- escalc("RR", ai = ai, bi = bi, ci = ci, di = di, data = trials); or <- escalc("OR", ai = ai, bi = bi, ci = ci, di = di, data = trials)
fewz <- escalc("ZCOR", ri = r, ni = n, data = few); gap <- escalc("COR", ri = gap, ni = n, data = studies)
found <- list()
add <- function(...) found[[length(found) + 1]] <<- entry(...)
for (m in c("REML", "PM", "DL", "ML", "HE", "SJ", "HS", "FE")) {
  add("studies.csv", "r ~ 1 | study, n=n : cor", ~1, m, FALSE, cor$yi, cor$vi, studies)
  add("studies.csv", "r ~ contact + service, n=n : zcor", ~contact + service, m, FALSE, zcor$yi, zcor$vi, studies)
  add("few.csv", "r ~ 1, n=n : zcor", ~1, m, FALSE, fewz$yi, fewz$vi, few)
}
for (m in c("REML", "PM", "DL")) {
  add("studies.csv", "d ~ 1, v=v : gen", ~1, m, TRUE, studies$d, studies$v, studies)
  add("studies.csv", "d ~ contact * service, v=v : gen", ~contact * service, m, TRUE, studies$d, studies$v, studies)
  add("studies.csv", "d ~ 0 + service, v=v : gen", ~0 + service, m, FALSE, studies$d, studies$v, studies)
  add("studies.csv", "same ~ 1, v=v : gen", ~1, m, TRUE, studies$same, studies$v, studies)
  add("few.csv", "r ~ contact, n=n : zcor", ~contact, m, TRUE, fewz$yi, fewz$vi, few)
  add("studies.csv", "gap ~ I(contact^2) + log(n), n=n : cor", ~I(contact^2) + log(n), m, FALSE, gap$yi, gap$vi, studies)
  add("trials.csv", "lrr ~ year, ai=ai, bi=bi, ci=ci, di=di : rr", ~year, m, FALSE, rr$yi, rr$vi, trials)
  add("trials.csv", "lor ~ 1, ai=ai, bi=bi, ci=ci, di=di : or", ~1, m, TRUE, or$yi, or$vi, trials)
}
# rma.mv's optimisers stop early: Newton steps (derivatives by numDeriv) go on with its own
# likelihood at given variances until it rises no further; a variance that went to 0 stays there.
three <- function(spec, formula, method, test, d) {
  at <- function(s) rma.mv(yi, vi, mods = formula, random = ~1 | country/study, data = d, method = method, test = test, sigma2 = s)
  s <- rma.mv(yi, vi, mods = formula, random = ~1 | country/study, data = d, method = method)$sigma2
  s[s < 1e-7] <- 0
  free <- s > 0
  height <- function(x) { t <- s; t[free] <- x; as.numeric(logLik(at(t))) }
  for (i in 1:6) {
    x <- s[free]
    new <- x - solve(numDeriv::hessian(height, x), numDeriv::grad(height, x))
    if (height(new) < height(x) - 1e-10) break
    s[free] <- new
  }
  f <- at(s)
  p <- if (f$p == 1) as.data.frame(predict(f)) else NULL
  list(file = "studies.csv", spec = spec, method = method, t_test = test == "t", term = rownames(f$b), estimate = as.numeric(f$b), se = f$se, p = f$pval,
    low = f$ci.lb, high = f$ci.ub, sigma2 = f$sigma2, q = f$QE, loglik = as.numeric(logLik(f)),
    pi_low = if (is.null(p)) NA else p$pi.lb, pi_high = if (is.null(p)) NA else p$pi.ub)
}
zc <- studies; zc$yi <- as.numeric(zcor$yi); zc$vi <- as.numeric(zcor$vi)
ge <- studies; ge$yi <- studies$d; ge$vi <- studies$v
nested <- list()
for (m in c("REML", "ML")) {
  nested <- c(nested, list(
    three("r ~ 1 | country/study, n=n : zcor", ~1, m, "z", zc),
    three("r ~ contact + service | country/study, n=n : zcor", ~contact + service, m, "t", zc),
    three("d ~ 1 | country/study, v=v : gen", ~1, m, "z", ge)))
}
writeLines(toJSON(list(software = paste0(R.version.string, ", metafor ", packageVersion("metafor")), two = found, three = nested),
  auto_unbox = TRUE, digits = NA, pretty = 1, na = "null", null = "null"), "metafor.json")
