# Cluster-robust errors by clubSandwich 0.5.8 (Pustejovsky), written beside the data they come from.
# Run in this folder: Rscript cr2.R
library(clubSandwich)
set.seed(20)
J <- 14; T <- 6
d <- expand.grid(wave = 1:T, unit = 1:J)
a <- rnorm(J); shock <- rnorm(T)
d$x <- round(a[d$unit] + shock[d$wave] + rnorm(nrow(d)), 3)
d$z <- round(0.4 * d$x + rnorm(nrow(d)), 3)
d$y <- round(0.3 * d$x - 0.2 * d$z + rnorm(J)[d$unit] + rnorm(nrow(d)) * (1 + (d$unit %% 3)), 3)
d <- d[runif(nrow(d)) > 0.2, ]
write.csv(d, "cr2_panel.csv", row.names = FALSE)

row <- function(name, fit, term, cluster) {
  t <- coef_test(fit, vcov = vcovCR(fit, cluster = cluster, type = "CR2"), test = "Satterthwaite")
  data.frame(model = name, estimate = t[term, "beta"], se = t[term, "SE"], df = t[term, "df_Satt"],
             p = t[term, "p_Satt"])
}
m <- aggregate(cbind(x, z, y) ~ unit, d, mean)
out <- rbind(
  row("between", lm(y ~ x, m), "x", m$unit),
  row("between_control", lm(y ~ x + z, m), "x", m$unit),
  row("within", lm(y ~ x + factor(unit) + factor(wave), d), "x", d$unit),
  row("within_control", lm(y ~ x + z + factor(unit) + factor(wave), d), "x", d$unit),
  row("within_no_waves", lm(y ~ x + factor(unit), d), "x", d$unit),
  row("pooled", lm(y ~ x, d), "x", d$unit)
)
write.csv(format(out, digits = 12), "cr2_expected.csv", row.names = FALSE, quote = FALSE)
