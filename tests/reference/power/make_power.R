# Textbook power, from base R alone: Rscript make_power.R > power_from_r.csv
# The correlation is Fisher's z, as in any table of sample sizes; two-sided, alpha .05.
options(digits = 15)
cat("case,n,effect,power\n")
for (n in c(5, 10, 20, 64, 200)) for (d in c(0.2, 0.5, 1)) {
  cat(sprintf("t_test,%d,%g,%.12f\n", n, d, power.t.test(n = n, delta = d, strict = TRUE)$power))
}
for (n in c(10, 30, 85, 194, 783)) for (r in c(0.1, 0.2, 0.3, 0.6)) {
  z <- atanh(r) * sqrt(n - 3)
  p <- pnorm(z - qnorm(0.975)) + pnorm(-z - qnorm(0.975))
  cat(sprintf("correlation,%d,%g,%.12f\n", n, r, p))
}
