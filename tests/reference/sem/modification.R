# Modification indices of a path model that lacks three paths, by lavaan.
# Run in this folder: Rscript modification.R; writes modification_rows.csv and modification.csv.
library(lavaan)
set.seed(3)
n <- 300
x1 <- rnorm(n); x2 <- rnorm(n)
m <- .5 * x1 + rnorm(n)
y <- .4 * m + .3 * x2 + .25 * x1 + rnorm(n)
z <- .5 * y + .3 * m + rnorm(n)
rows <- round(data.frame(x1, x2, m, y, z), 6)
write.csv(rows, "modification_rows.csv", row.names = FALSE)
found <- modindices(sem("m ~ x1\ny ~ m + x2\nz ~ y", rows))
found <- as.data.frame(found)[found$mi > 1e-6, c("lhs", "op", "rhs", "mi", "epc")]
options(digits = 12)
write.csv(found, "modification.csv", row.names = FALSE)
