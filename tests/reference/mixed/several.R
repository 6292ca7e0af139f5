# Estimates of lme4, lmerTest, pbkrtest and clubSandwich for several groups, polished as polished.R says.
#   cd tests/reference/mixed && python several_rows.py FOLDER && Rscript several.R FOLDER
source("polished.R")
suppressMessages({library(pbkrtest); library(clubSandwich); library(jsonlite)})
Sys.setlocale("LC_COLLATE", "C")
folder <- commandArgs(TRUE)[1]
case <- function(data, formula, reml = TRUE, weights = NULL, kr = reml && is.null(weights), cr2 = FALSE, profile = FALSE)
  list(data = data, formula = formula, reml = reml, weights = weights, kr = kr, cr2 = cr2, profile = profile)
cases <- list(
  case("schools", "score ~ x + kind + (1 | school/class)", cr2 = TRUE, profile = TRUE),
  case("schools", "score ~ x * kind + z + (1 | school) + (1 | school:class)", reml = FALSE),
  case("schools", "score ~ x + (x | school) + (1 | school:class)", cr2 = TRUE),
  case("schools", "score ~ x + (x || school/class)"),
  case("schools", "score ~ 0 + kind + x:kind + log(z) + (1 | school) + (0 + x | school) + (1 | class:school)"),
  case("schools", "score ~ x + z + (1 | school/class)", weights = "w"),
  case("plates", "zone ~ 1 + (1 | plate) + (1 | sample)", profile = TRUE),
  case("plates", "zone ~ 1 + (1 | plate) + (1 | sample)", reml = FALSE),
  case("ratings", "rating ~ factor(service) * age + (1 | student) + (1 | teacher) + (1 | department)", profile = TRUE),
  case("ratings", "rating ~ service + (1 | student) + (service | teacher) + (1 | department:service)"),
  case("ratings", "rating ~ service + I(age^2) + (1 | student) + (1 | teacher)", weights = "w"),
  case("ratings", "rating ~ service + age + (age || teacher) + (1 | student)", reml = FALSE, weights = "w"),
  case("sides", "pixel ~ day + I(day^2) + (day | dog) + (1 | dog:side)", cr2 = TRUE, profile = TRUE),
  case("sides", "pixel ~ day + I(day^2) + (day | dog/side)"),
  case("shops", "smile ~ mood + hours + open + (mood | shop)", cr2 = TRUE, profile = TRUE),
  case("shops", "smile ~ mood * region + (mood || shop)", cr2 = TRUE),
  case("shops", "smile ~ mood + (1 | shop) + (0 + mood | shop) + (1 | hours)"),
  case("shops", "smile ~ mood + (1 | region/shop)"),
  case("shops", "smile ~ mood + hours + (1 | shop)", weights = "answers"),
  case("few", "y ~ x + (x | unit)", cr2 = TRUE),
  case("few", "y ~ x + (1 | unit) + (1 | rater)"),
  case("few", "y ~ x + (x || unit) + (x | rater)")
)
fitted_case <- function(k) {
  formula <- as.formula(k$formula)
  d <- read.csv(file.path(folder, paste0(k$data, ".csv")))
  assign("d", d, globalenv())
  got <- polished(formula, d, k$reml, k$weights)
  fit <- got$fit
  if (!is.null(k$weights)) fit@call$weights <- as.name(k$weights)
  table <- coef(summary(as_lmerModLmerTest(fit)))
  v <- as.data.frame(VarCorr(fit))
  v$grp <- rep(c(unlist(mapply(rep, names(VarCorr(fit)), sapply(VarCorr(fit), function(m) sum(lower.tri(m, TRUE))))), "Residual"))
  row <- c(k, list(
    n = nobs(fit), groups = as.list(ngrps(fit)), loglik = as.numeric(logLik(fit)), aic = AIC(fit), bic = BIC(fit),
    sigma = sigma(fit), singular = isSingular(fit), term = rownames(table), estimate = table[, 1], se = table[, 2],
    df = table[, 3], p = table[, 5], varcomp = v))
  if (k$kr) {
    adjusted <- vcovAdj(fit)
    eye <- diag(nrow(table))
    row$kr_se <- sqrt(diag(as.matrix(adjusted)))
    row$kr_df <- sapply(seq_len(nrow(table)), function(i) Lb_ddf(eye[i, ], vcov(fit), adjusted))
  }
  if (k$cr2) {
    robust <- coef_test(fit, "CR2")
    row$cr2_se <- robust$SE
    row$cr2_df <- robust$df_Satt
  }
  if (k$profile) {
    free <- lmer(formula, d, REML = k$reml)
    ci <- confint(free, quiet = TRUE, oldNames = FALSE)
    row$profile <- data.frame(name = rownames(ci), low = ci[, 1], high = ci[, 2])
  }
  modes <- as.data.frame(ranef(fit, condVar = TRUE))
  row$blups <- data.frame(group = as.character(modes$grpvar), term = as.character(modes$term), level = as.character(modes$grp),
    value = modes$condval, sd = modes$condsd)[seq_len(min(60, nrow(modes))), ]
  again <- d[c(1, 2, nrow(d)), ]
  row$prediction <- unname(predict(fit, again))
  row
}
out <- list(software = paste0(R.version.string, ", lme4 ", packageVersion("lme4"), ", lmerTest ", packageVersion("lmerTest"),
  ", pbkrtest ", packageVersion("pbkrtest"), ", clubSandwich ", packageVersion("clubSandwich")), cases = lapply(cases, function(k) {
    cat(k$data, k$formula, "\n"); fitted_case(k) }))
writeLines(toJSON(out, auto_unbox = TRUE, digits = I(15), na = "null", null = "null", pretty = 1), "several.json")
