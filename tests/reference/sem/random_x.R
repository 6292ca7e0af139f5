# Robust CFI, TLI and RMSEA with missing values and random covariates (Zhang & Savalei, 2023), written to random_x.json.
#   cd tests/reference/sem && Rscript random_x.R      (reads varied_holes.csv and varied_skew_holes.csv, which varied.R writes)
# `lavaan` is what lavaan 0.6-14 prints. It makes the fit of the completed moments with fixed.x = TRUE whatever was asked, so that the
# information of complete rows (W_c) is zero for means and covariances of covariates, which here are free parameters. `whole` is the
# same formula with the whole of W_c, and with the baseline at its maximum: variables there are free of each other, but for covariates.
suppressMessages({library(lavaan); library(jsonlite)})
source_of <- readLines("varied_models.R"); eval(parse(text = source_of[seq_len(grep("^case", source_of)[1] - 1)]))
by_hand <- function(f, whole) {
  f@Options$h1.information <- c("unstructured", "unstructured"); f@Options$observed.information <- c("h1", "h1")
  W <- lavaan:::lav_model_h1_information_observed(f)[[1]]; h1 <- lavTech(f, "h1", add.labels = TRUE)[[1]]
  robust <- lavInspect(f, "options")$estimator == "ML" && "yuan.bentler.mplus" %in% lavInspect(f, "options")$test
  X <- lavInspect(f, "data"); n <- nrow(X); S <- h1$cov; p <- nrow(S); Dp <- lav_matrix_duplication(p); Si <- solve(S)
  Wc <- as.matrix(Matrix::bdiag(Si, .5 * t(Dp) %*% (Si %x% Si) %*% Dp))
  if (!whole) { x <- lavNames(f, "ov") %in% lavNames(f, "ov.x"); s <- outer(x, x); out <- c(x, lav_matrix_vech(s) == 1); Wc[out, ] <- 0; Wc[, out] <- 0 }
  J <- lavaan:::lav_model_h1_information_firstorder(f)[[1]]
  Wi <- solve(W); gamma <- Wi %*% J %*% Wi
  told <- function(D) {
    U <- W - W %*% D %*% solve(t(D) %*% W %*% D) %*% t(D) %*% W; M <- Wi %*% Wc %*% Wi
    df <- p + p * (p + 1) / 2 - ncol(D)
    c(sum(diag(if (robust) U %*% M %*% U %*% gamma else M %*% U)) / df, df)
  }
  distance <- function(V, m) n * (c(determinant(V)$modulus) - c(determinant(S)$modulus) + sum(solve(V) * S) - p + c(t(h1$mean - m) %*% solve(V, h1$mean - m)))
  at <- lavTech(f, "implied")[[1]]; model <- told(lavTech(f, "delta")[[1]])
  m <- colMeans(X, na.rm = TRUE); v <- colMeans(sweep(X, 2, m)^2, na.rm = TRUE); V <- diag(v)
  x <- which(lavNames(f, "ov") %in% lavNames(f, "ov.x")); V[x, x] <- cov(X[, x]) * (n - 1) / n
  free <- matrix(0, p, p); diag(free) <- 1; free[x, x] <- 1
  empty <- told(diag(p + p * (p + 1) / 2)[, c(rep(TRUE, p), lav_matrix_vech(free) == 1)])
  q <- list(X2 = distance(at$cov, at$mean), df = model[2], c.hat = model[1])
  both <- c(q, list(X2.null = distance(V, m), df.null = empty[2], c.hat.null = empty[1]))
  list(cfi_robust = do.call(lavaan:::lav_fit_cfi, both), tli_robust = do.call(lavaan:::lav_fit_tli, both),
    rmsea_robust = do.call(lavaan:::lav_fit_rmsea, c(q, list(N = n))))
}
cases <- list()
for (data in c("holes", "skew_holes")) for (estimator in c("ML", "MLR")) {
  f <- suppressWarnings(sem(chain, read.csv(paste0("varied_", data, ".csv")), missing = "ml", fixed.x = FALSE, estimator = estimator,
    em.h1.iter.max = 20000, em.h1.tol = 1e-10))
  stopifnot(lavInspect(f, "converged"))
  printed <- as.list(fitMeasures(f, c("cfi.robust", "tli.robust", "rmsea.robust"))); names(printed) <- sub(".", "_", names(printed), fixed = TRUE)
  cases[[length(cases) + 1]] <- list(data = data, model = chain, estimator = estimator, lavaan = lapply(printed, as.numeric),
    whole = by_hand(f, TRUE), without = by_hand(f, FALSE))
}
write(toJSON(list(software = paste0(R.version.string, ", lavaan ", packageVersion("lavaan")), cases = cases), auto_unbox = TRUE, digits = 10, pretty = 1), "random_x.json")
