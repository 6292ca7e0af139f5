# What R says of the three diaries beside this script, and of the two real diaries when
# ANELLO_REFERENCE_DATA names their folder.
#   Rscript tests/reference/diary/diary.R        writes diary.json (and real.json)
# R 4.2, lmerTest 3.1, nlme 3.1, glmmTMB 1.1, lavaan 0.6.
suppressMessages({library(lmerTest); library(nlme); library(glmmTMB); library(lavaan); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
at <- function(name) file.path(here, name)
own <- function(v, id) ave(v, id)
effects <- function(f) {
  s <- coef(summary(f))
  lapply(split(as.data.frame(s), rownames(s)), function(r) setNames(as.list(r[1:3]), c("estimate", "se", "df")))
}
split_levels <- function(d, names) {
  for (v in names) {
    d[[paste0(v, "_b")]] <- own(d[[v]], d$id)
    d[[paste0(v, "_w")]] <- d[[v]] - d[[paste0(v, "_b")]]
  }
  d
}
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-11, maxfun = 1e6), calc.derivs = TRUE)
levels_of <- function(d) {
  d <- split_levels(d, c("x", "z"))
  out <- list()
  for (reml in c(TRUE, FALSE)) for (slopes in c("random", "fixed")) {
    random <- if (slopes == "random") "(1 + x_w + z_w | id)" else "(1 | id)"
    f <- lmer(as.formula(paste("y ~ x_w + z_w + x_b + z_b + day +", random)), d, REML = reml, control = tight)
    v <- as.data.frame(VarCorr(f))
    out[[paste(slopes, if (reml) "REML" else "ML")]] <-
      list(effects = effects(f), vcov = v$vcov, loglik = as.numeric(logLik(f)), n = nobs(f))
  }
  out
}
latent_of <- function(d) {
  f <- sem("level: 1\ny ~ x\nlevel: 2\ny ~ x", d, cluster = "id", fixed.x = FALSE, check.gradient = FALSE,
           baseline = FALSE, h1 = FALSE)
  p <- parameterEstimates(f)
  p <- p[p$lhs == "y" & p$op %in% c("~", "~~"), c("op", "rhs", "level", "est", "se")]
  list(params = p, loglik = as.numeric(logLik(f)))
}
control <- lmeControl(opt = "nlminb", msMaxIter = 2000, maxIter = 2000, tolerance = 1e-13, msTol = 1e-14,
                      niterEM = 100, msMaxEval = 5000)
ar1_of <- function(d, form, time, method, car = FALSE) {
  d$when <- time
  structure <- if (car) corCAR1(form = ~ when | id) else corAR1(form = ~ when | id)
  f <- lme(form, random = ~ 1 | id, correlation = structure, data = d, method = method, control = control)
  list(phi = as.numeric(coef(f$modelStruct$corStruct, unconstrained = FALSE)), sigma = f$sigma,
       tau = sqrt(as.numeric(getVarCov(f))), fixed = as.list(fixef(f)),
       se = as.list(sqrt(diag(f$varFix))), loglik = as.numeric(logLik(f)))
}
stacked <- function(d) {
  d <- split_levels(d, c("x", "m"))
  rbind(data.frame(id = d$id, out = d$m, S = "m", Sm = 1, Sy = 0, SmX = d$x_w, SyM = 0, SyX = 0),
        data.frame(id = d$id, out = d$y, S = "y", Sm = 0, Sy = 1, SmX = 0, SyM = d$m_w, SyX = d$x_w))
}
mediation_of <- function(d) {
  s <- stacked(d)
  out <- list()
  for (method in c("REML", "ML")) {
    f <- lme(out ~ 0 + Sm + SmX + Sy + SyM + SyX, random = ~ 0 + Sm + Sy | id, method = method,
             weights = varIdent(form = ~ 1 | S), data = s, control = control)
    out[[paste("fixed", method)]] <- list(fixed = as.list(fixef(f)), se = as.list(sqrt(diag(f$varFix))),
                                          loglik = as.numeric(logLik(f)))
    g <- glmmTMB(out ~ 0 + Sm + SmX + Sy + SyM + SyX + (0 + Sm + SmX + Sy + SyM + SyX | id),
                 dispformula = ~ 0 + S, data = s, REML = method == "REML",
                 control = glmmTMBControl(optCtrl = list(iter.max = 5000, eval.max = 5000, rel.tol = 1e-14)))
    v <- VarCorr(g)$cond$id
    # glmmTMB's errors include the uncertainty of the variances; lme4, nlme and Anello hold them fixed.
    h <- lme(out ~ 0 + Sm + SmX + Sy + SyM + SyX, random = ~ 0 + Sm + SmX + Sy + SyM + SyX | id,
             method = method, weights = varIdent(form = ~ 1 | S), data = s,
             control = lmeControl(opt = "optim", maxIter = 500, msMaxIter = 500, tolerance = 1e-8))
    out[[paste("random", method)]] <- list(
      fixed = as.list(fixef(g)$cond), se = as.list(sqrt(diag(h$varFix))),
      g = matrix(v, 5, 5), residual = as.list(exp(fixef(g)$disp)), loglik = as.numeric(logLik(g)))
  }
  out
}
levels <- read.csv(at("levels.csv")); mediated <- read.csv(at("mediated.csv")); inert <- read.csv(at("inert.csv"))
found <- list(
  levels = levels_of(levels), latent = latent_of(levels), mediation = mediation_of(mediated),
  ar1 = list(
    ml = ar1_of(inert, y ~ 1, inert$t, "ML"), reml = ar1_of(inert, y ~ 1, inert$t, "REML"),
    covariate = ar1_of(inert, y ~ x, inert$t, "ML"),
    night = ar1_of(inert, y ~ 1, inert$day * 4 + inert$prompt, "ML"),
    broken = ar1_of(inert, y ~ 1, inert$day * 5000 + inert$prompt, "ML"),
    clock = ar1_of(inert, y ~ 1, inert$clock, "ML", car = TRUE)))
write(toJSON(found, digits = NA, auto_unbox = TRUE, pretty = TRUE), at("diary.json"))

folder <- Sys.getenv("ANELLO_REFERENCE_DATA")
if (folder != "") {
  g <- read.delim(file.path(folder, "esm_employees_gundogdu", "0021_gundogdu_ts.tsv"))
  g <- g[!is.na(g$extraversion) & !is.na(g$emotional_stability), ]
  g <- split_levels(g, "extraversion")
  f <- lmer(emotional_stability ~ extraversion_w + extraversion_b + (1 + extraversion_w | id), g, control = tight)
  daily <- aggregate(extraversion ~ id + day, g, mean)
  daily <- daily[order(daily$id, daily$day), ]
  write(toJSON(list(gundogdu = list(
    effects = effects(f), loglik = as.numeric(logLik(f)), n = nobs(f),
    inertia = ar1_of(daily, extraversion ~ 1, daily$day, "ML"))), digits = NA, auto_unbox = TRUE, pretty = TRUE),
    at("real.json"))
}
