# Coefficients and CR2 errors of the shifts' models with all effects as dummies: lm and clubSandwich.
#     Rscript tests/reference/contagion/contagion.R    (beside the files, writes contagion.json)
suppressMessages(library(clubSandwich))
here <- Sys.getenv("HERE", "tests/reference/contagion")

read <- function(name) {
  d <- read.csv(file.path(here, paste0(name, ".csv")), na.strings = "", stringsAsFactors = FALSE)
  d$site_day <- paste(d$shop, d$day); d$of_day <- paste(d$site_day, d$shift)
  many <- tapply(d$shift, d$site_day, function(s) length(unique(s)))
  d[many[d$site_day] >= 2, ]
}

others <- function(d, w) sapply(seq_len(nrow(d)), function(i) {
  with <- d$of_day == d$of_day[i] & !is.na(d$before); with[i] <- FALSE
  if (any(with)) sum(w[with] * d$before[with]) / sum(w[with]) else NA
})

one <- function(fit, cluster, terms) {
  V <- vcovCR(fit, cluster = cluster, type = "CR2")
  t <- coef_test(fit, vcov = V, test = "Satterthwaite", coefs = terms)
  lapply(seq_along(terms), function(i) list(
    term = terms[i], estimate = t$beta[i], se = t$SE[i], df = t$df_Satt[i], p = t$p_Satt[i]))
}

colleagues <- function(name, by, weighted = FALSE) {
  d <- read(name)
  d$x <- others(d, if (weighted) d$hours else rep(1, nrow(d)))
  d <- d[!is.na(d$x) & !is.na(d$before) & !is.na(d$after), ]
  fit <- lm(after ~ x + before + factor(who) + factor(site_day), d)
  list(n = nrow(d), params = one(fit, d[[by]], c("x", "before")))
}

counter <- function(name, by) {
  d <- read(name); d <- d[!is.na(d$before), ]
  s <- aggregate(cbind(before, rating) ~ shop + day + shift + site_day, d, mean)
  s <- s[table(s$site_day)[s$site_day] >= 2, ]
  fit <- lm(rating ~ before + factor(shift) + factor(site_day), s)
  list(n = nrow(s), params = one(fit, s[[by]], "before"))
}

found <- list(
  shops = colleagues("shops", "shop"), weighted = colleagues("shops", "shop", TRUE),
  shop = colleagues("shop", "who"), counter = counter("shops", "shop"),
  counter_one = counter("shop", "site_day"))

num <- function(x) if (is.character(x)) paste0('"', x, '"') else format(x, digits = 15)
json <- function(x) if (is.list(x)) {
  body <- sapply(x, json)
  if (is.null(names(x))) paste0("[", paste(body, collapse = ", "), "]")
  else paste0("{", paste0('"', names(x), '": ', body, collapse = ", "), "}")
} else num(x)
writeLines(json(found), file.path(here, "contagion.json"))
