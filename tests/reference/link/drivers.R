# Correlation matrices of two data sets of base R, outcome first. Run in this folder.
for (name in c("swiss", "attitude")) {
  write.csv(signif(cor(get(name)), 15), paste0("drivers_", name, ".csv"))
}
