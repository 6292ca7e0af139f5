# Dominance, LMG of groups and bootstrap of themes by brute force. Run in this folder.
#   drivers_units.csv      made-up rows: 40 shops, 3 months each
#   drivers_dominance.csv  what R finds: what, a, b, value
library(boot)

r2 <- function(C, some) {
  if (length(some) == 0) return(0)
  y <- ncol(C)
  drop(C[y, some] %*% solve(C[some, some, drop = FALSE], C[some, y]))
}
subsets <- function(players) {
  if (length(players) == 0) return(list(integer(0)))
  unlist(lapply(0:length(players), function(k) combn(seq_along(players), k, function(i) players[i],
    simplify = FALSE)), recursive = FALSE)
}
# Mean gain of each player at each size of model, then over sizes.
gains <- function(C, players) {
  G <- length(players)
  t(sapply(seq_len(G), function(i) {
    others <- subsets(setdiff(seq_len(G), i))
    gain <- sapply(others, function(s) r2(C, unlist(players[c(s, i)])) - r2(C, unlist(players[s])))
    tapply(gain, sapply(others, length), mean)
  }))
}
lmg <- function(C, players) rowMeans(matrix(gains(C, players), length(players)))
complete <- function(C, players, i, j) {
  others <- subsets(setdiff(seq_along(players), c(i, j)))
  ahead <- sapply(others, function(s) r2(C, unlist(players[c(s, i)])) - r2(C, unlist(players[c(s, j)])))
  if (all(ahead >= -1e-12)) 1 else if (all(ahead <= 1e-12)) 0 else 0.5
}
out <- data.frame()
put <- function(what, a, b, value) out <<- rbind(out, data.frame(what, a, b, value = signif(value, 15)))

for (name in c("swiss", "attitude")) {
  C <- cor(get(name)); C <- C[c(2:ncol(C), 1), c(2:ncol(C), 1)]
  players <- as.list(seq_len(ncol(C) - 1)); names <- colnames(C)
  g <- gains(C, players)
  for (i in seq_along(players)) {
    put(paste0(name, "_lmg"), names[i], "", mean(g[i, ]))
    for (s in seq_len(ncol(g))) put(paste0(name, "_conditional"), names[i], s - 1, g[i, s])
    for (j in seq_along(players)) if (i != j) put(paste0(name, "_complete"), names[i], names[j],
      complete(C, players, i, j))
  }
}

set.seed(20)
J <- 40; T <- 3; shop <- rep(sprintf("s%02d", 1:J), each = T)
a <- rep(rnorm(J), each = T) + rnorm(J * T)
b <- 0.5 * a + rnorm(J * T)
kind <- rep(sample(c("north", "south", "west"), J, TRUE), each = T)
copy <- a + 0.2 * rnorm(J * T)
y <- a + 0.4 * b + 0.5 * (kind == "west") + rep(rnorm(J), each = T) + rnorm(J * T)
d <- data.frame(shop, kind, y = round(y, 4), a = round(a, 4), b = round(b, 4), copy = round(copy, 4))
d$b[5] <- NA
write.csv(d, "drivers_units.csv", row.names = FALSE)
d <- d[complete.cases(d), ]
X <- cbind(a = d$a, b = d$b, copy = d$copy, south = d$kind == "south", west = d$kind == "west", y = d$y)
players <- list(1, 2, 3, 4:5); names <- c("a", "b", "copy", "kind")
show <- function(what, C, players, names) {
  found <- lmg(C, players)
  for (i in seq_along(names)) put(what, names[i], "", found[i])
}
show("pooled", cor(X), players, names)
show("groups", cor(X), list(c(1, 3), 2, 4:5), c("a+copy", "b", "kind"))
show("between", cor(apply(X, 2, function(x) tapply(x, d$shop, mean))), players, names)
W <- apply(X[, c("a", "b", "copy", "y")], 2, function(x) x - ave(x, d$shop))
show("within", cor(W), list(1, 2, 3), c("a", "b", "copy"))

# Shops drawn with replacement, their rows together; wide limits are the simulation's own.
units <- split(as.data.frame(X), d$shop)
set.seed(21)
drawn <- boot(seq_len(J), function(all, i) lmg(cor(do.call(rbind, units[i])), players), R = 4000)$t
for (i in seq_along(names)) {
  put("boot_first", names[i], "", mean(max.col(drawn) == i))
  put("boot_low", names[i], "", quantile(drawn[, i], 0.025))
  put("boot_high", names[i], "", quantile(drawn[, i], 0.975))
  put("boot_sd", names[i], "", sd(drawn[, i]))
}
# A column of random numbers beside a and b: the 95th percentile of its share.
noise <- replicate(4000, lmg(cor(cbind(X[, c("a", "b")], rnorm(nrow(X)), X[, "y"])), list(1, 2, 3))[3])
put("noise_95", "", "", quantile(noise, 0.95))
write.csv(out, "drivers_dominance.csv", row.names = FALSE)
