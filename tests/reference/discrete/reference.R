# Reference fits of lme4, ordinal and glmmTMB, each driven on by Newton steps until it rests.
#   python tests/reference/discrete/make_discrete_rows.py FOLDER
#   cd tests/reference/discrete; for by in lme4 ordinal glmmTMB; do Rscript reference.R FOLDER $by $by.json; done
# A fourth argument such as 2/3 fits only every third case, from the second on.
# clmm stops a random slope at a gradient of 5e-4 and takes its Hessian from differences of one step: with a slope or crossed groups
# its inner tolerance is sharpened to 1e-10 here, and Newton steps with Richardson's derivatives go on from its estimate.
suppressMessages({library(lme4); library(ordinal); library(glmmTMB); library(numDeriv)})
folder <- commandArgs(TRUE)[1]
wanted <- commandArgs(TRUE)[2]
path <- commandArgs(TRUE)[3]
part <- as.numeric(strsplit(c(commandArgs(TRUE), "1/1")[4], "/")[[1]])
rows <- read.csv(file.path(folder, "rows.csv"), stringsAsFactors = TRUE)
rows$mood <- factor(rows$mood, levels = c("bad", "fair", "good", "great"), ordered = TRUE)
rows$share <- rows$yes / rows$n

polish <- function(f, p, free = rep(TRUE, length(p)), steps = 2) {
  g <- function(q) { full <- p; full[free] <- q; f(full) }
  q <- p[free]
  for (i in seq_len(steps)) {
    step <- solve(hessian(g, q), grad(g, q))
    if (g(q - step) > g(q) + 1e-9) break
    q <- q - step
    if (max(abs(step)) < 1e-9) break
  }
  p[free] <- q
  list(p = p, value = f(p), hessian = hessian(g, q), gradient = max(abs(grad(g, q))))
}

cells <- function(groups, theta, sizes, names) {
  out <- list(); at <- 0
  for (k in seq_along(groups)) {
    q <- sizes[k]; L <- matrix(0, q, q)
    L[lower.tri(L, TRUE)] <- theta[at + seq_len(q * (q + 1) / 2)]; at <- at + q * (q + 1) / 2
    V <- L %*% t(L)
    for (i in seq_len(q)) out[[length(out) + 1]] <- list(group = groups[k], name1 = names[[k]][i], name2 = NULL, variance = V[i, i])
    if (q > 1) for (i in 1:(q - 1)) for (j in (i + 1):q)
      out[[length(out) + 1]] <- list(group = groups[k], name1 = names[[k]][i], name2 = names[[k]][j], variance = V[i, j])
  }
  out
}

by_lme4 <- function(formula, family, agq = 1, ...) {
  control <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-14, check.conv.grad = "ignore", check.conv.hess = "ignore",
                          calc.derivs = FALSE, optCtrl = list(rhobeg = 0.01, rhoend = 1e-9, maxfun = 1e5))
  arguments <- list(formula, data = rows, family = family, nAGQ = agq, control = control, ...)
  m <- do.call(glmer, arguments)
  f <- do.call(glmer, c(arguments, devFunOnly = TRUE))
  p <- c(getME(m, "theta"), fixef(m))
  best <- polish(f, p)
  k <- length(getME(m, "theta"))
  vcov <- solve(best$hessian / 2)
  terms <- m@cnms
  list(fixed = best$p[-(1:k)], names = names(fixef(m)), se = sqrt(diag(vcov))[-(1:k)],
       varcomp = cells(names(terms), best$p[1:k], lengths(terms), unname(terms)), loglik = -best$value / 2, gradient = best$gradient)
}

by_clmm <- function(formula, agq = 1, link = "logit", ...) {
  arguments <- list(formula, data = rows, nAGQ = agq, link = link, ...)
  m <- do.call(clmm, c(arguments, list(control = clmm.control(grtol = 1e-9, gradTol = 1e-9, maxIter = 200, innerCtrl = "noWarn"))))
  rho <- do.call(clmm, c(arguments, doFit = FALSE))
  single <- length(rho$dims$nlev.re) == 1 && rho$dims$q == rho$dims$nlev.re[1]
  rho$ctrl$gradTol <- if (single) 1e-13 else 1e-10
  rho$ctrl$maxIter <- 100L; rho$ctrl$innerCtrl <- "noWarn"
  value <- if (agq > 1) ordinal:::getNAGQ.ssr else if (single) ordinal:::getNLA.ssr else ordinal:::getNLA
  best <- polish(function(p) as.numeric(value(rho, p)), m$optRes$par)
  value(rho, best$p)
  tops <- length(m$alpha); fixed <- tops + length(m$beta)
  ST <- ordinal:::par2ST(if (single) best$p[-(1:fixed)] else best$p[-(1:fixed)], m$ST)
  if (single) ST[[1]][] <- exp(best$p[fixed + 1])
  theta <- unlist(lapply(ST, function(st) st[lower.tri(st, TRUE)])) # clmm's Lambda is ST itself, not lme4's old product T S
  se <- sqrt(diag(solve(best$hessian)))
  list(thresholds = best$p[1:tops], fixed = best$p[(tops + 1):fixed], names = names(m$beta), se_thresholds = se[1:tops],
       se = se[(tops + 1):fixed],
       varcomp = cells(names(m$ST), theta, sapply(m$ST, nrow), lapply(m$ST, rownames)), loglik = -best$value, gradient = best$gradient)
}

by_tmb <- function(formula, family, ...) {
  m <- glmmTMB(formula, rows, family = family, ...)
  f <- m$obj
  p <- m$fit$par
  for (i in 1:6) {
    h <- jacobian(function(q) f$gr(q), p)
    step <- solve((h + t(h)) / 2, as.vector(f$gr(p)))
    p <- p - step
    if (max(abs(step)) < 1e-10) break
  }
  h <- jacobian(function(q) f$gr(q), p)
  k <- sum(names(p) == "beta")
  rest <- p[names(p) == "theta"]
  list(fixed = unname(p[1:k]), names = names(fixef(m)$cond), se = sqrt(diag(solve((h + t(h)) / 2)))[1:k],
       sds = unname(exp(rest)), loglik = -f$fn(p), gradient = max(abs(f$gr(p))))
}

seen <- 0; found <- list(); add <- function(command, by, options, result) {
  if (by != wanted) return(invisible())
  seen <<- seen + 1
  if ((seen - part[1]) %% part[2] != 0) return(invisible())
  cat(command, by, "gradient", result$gradient, "\n", file = stderr())
  found[[length(found) + 1]] <<- c(list(formula = command, by = by, options = options), result)
  cat(jsonlite::toJSON(found, digits = NA, auto_unbox = TRUE, null = "null", pretty = 1), file = path)
}
plain <- "stays ~ x + late + shift + (1 | shop)"
for (agq in c(1, 10, 25)) add(plain, "lme4", list(agq = agq), by_lme4(formula(plain), binomial, agq))
add("answer ~ x + (1 | shop)", "lme4", list(link = "probit"), by_lme4(answer ~ x + (1 | shop), binomial("probit")))
add("answer ~ x + late + (1 | shop)", "lme4", list(link = "probit", agq = 25), by_lme4(answer ~ x + late + (1 | shop), binomial("probit"), 25))
both <- "cbind(yes, no) ~ x * shift + late + (1 + x | shop)"
add(both, "lme4", list(agq = 1), by_lme4(formula(both), binomial))
both <- "cbind(yes, no) ~ x + late + (1 | shop)"
add(both, "lme4", list(agq = 10), by_lme4(formula(both), binomial, 10))
add("yes / n ~ x + factor(late) + (x || shop)", "lme4", list(weights = "n"), by_lme4(yes / n ~ x + factor(late) + (x || shop), binomial, weights = rows$n))
add("stays ~ x + shift + (1 | shop) + (1 | team)", "lme4", list(agq = 1), by_lme4(stays ~ x + shift + (1 | shop) + (1 | team), binomial))
add("cbind(yes, no) ~ x + (1 | region / shop) + (0 + x | team)", "lme4", list(agq = 1),
    by_lme4(cbind(yes, no) ~ x + (1 | region / shop) + (0 + x | team), binomial))
add("stays ~ x + late + (1 | shop)", "lme4", list(weights = "people", agq = 1), by_lme4(stays ~ x + late + (1 | shop), binomial, weights = rows$people))
add("calls ~ x + late + offset(log(hours)) + (1 | shop)", "lme4", list(family = "poisson"),
    by_lme4(calls ~ x + late + offset(log(hours)) + (1 | shop), poisson))
add("calls ~ x + offset(log(hours)) + (1 | shop)", "lme4", list(family = "poisson", agq = 10),
    by_lme4(calls ~ x + offset(log(hours)) + (1 | shop), poisson, 10))
mood <- "mood ~ x + late + shift + (1 | shop)"
for (agq in c(1, 10)) for (link in c("logit", "probit"))
  add(mood, "ordinal", list(family = "ordinal", link = link, agq = agq), by_clmm(formula(mood), agq, link))
add("mood ~ x + late + (1 + x | shop)", "ordinal", list(family = "ordinal"), by_clmm(mood ~ x + late + (1 + x | shop)))
add("mood ~ x + shift + (1 | shop) + (1 | team)", "ordinal", list(family = "ordinal"), by_clmm(mood ~ x + shift + (1 | shop) + (1 | team)))
add("mood ~ x + late + (1 | shop)", "ordinal", list(family = "ordinal", agq = 10, weights = "people"), by_clmm(mood ~ x + late + (1 | shop), 10, weights = rows$people))
add(plain, "glmmTMB", list(agq = 1), by_tmb(formula(plain), binomial))
add("calls ~ x + offset(log(hours)) + (1 | shop) + (1 | team)", "glmmTMB", list(family = "poisson"),
    by_tmb(calls ~ x + offset(log(hours)) + (1 | shop) + (1 | team), poisson))
add("cbind(yes, no) ~ x + shift + (1 | shop) + (1 | team)", "glmmTMB", list(agq = 1), by_tmb(cbind(yes, no) ~ x + shift + (1 | shop) + (1 | team), binomial))
