# Writes lme4_rows.csv (generated) and lme4.json: estimates of lme4 and lmerTest to compare with.
#   cd tests/reference/mixed && Rscript lme4.R
source("polished.R")
set.seed(20240521)
sizes <- c(1, 2, 3, 5, 8, 13, 21, 9, 14, 6, 11, 7, 16, 4, 10, 12, 18, 20, 15, 5, 2, 9, 30, 8)
shop <- rep(sprintf("s%02d", seq_along(sizes)), sizes)
n <- length(shop); j <- match(shop, unique(shop))
d <- data.frame(
  shop = shop,
  region = sample(c("south", "north", "west"), n, TRUE),
  grade = sample(c(1, 2, 3, 10), n, TRUE),
  lottery = sample(1:12, n, TRUE),
  staff = sample(3:40, n, TRUE),
  hours = round(runif(n, 20, 45), 2),
  mood = round(rnorm(n), 3)
)
b0 <- rnorm(24, 0, 1.2); b1 <- rnorm(24, 0, .5) + .3 * b0
d$score <- round(6 + b0[j] + (.4 + b1[j]) * d$mood + .8 * log(d$staff) - .02 * (d$hours - 30)^2 / 10 +
  .5 * (d$region == "south") + .6 * (d$region == "west") * d$mood + .2 * (d$grade == 10) + rnorm(n, 0, .9), 3)
d$missing <- d$mood; d$missing[c(3, 17, 44, 101)] <- NA
write.csv(d, "lme4_rows.csv", row.names = FALSE, quote = FALSE, na = "")

models <- c(
  score ~ mood * region + (1 | shop),
  score ~ mood + log(staff) + I(hours^2) + (1 + mood | shop),
  score ~ mood + (mood || shop),
  score ~ 0 + region + mood + (0 + mood | shop),
  score ~ mood + (1 | lottery),
  score ~ region:mood + factor(grade) + (1 | shop),
  score ~ mood * log(staff + 1) - mood + (mood | shop),
  score ~ I((hours - 30) / 10) + staff + (1 | shop),
  score ~ missing + region * factor(grade) + (1 | shop),
  score ~ 1 + (1 | shop),
  score ~ mood * region * staff - 1 + (1 | shop),
  log(score + 10) ~ hours + (hours | lottery),
  score ~ mood + (region | lottery)
)
written(unlist(lapply(models, function(m) c(entry(m, d, TRUE), entry(m, d, FALSE)))), "lme4.json")
