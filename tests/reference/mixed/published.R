# Writes published.json: polished lme4 estimates of the models of published examples.
#   cd tests/reference/mixed && ANELLO_REFERENCE_DATA=... Rscript published.R
# The rows (lme4's sleepstudy, multilevel's bh1996) are not part of this repository.
source("polished.R")
folder <- Sys.getenv("ANELLO_REFERENCE_DATA")
sleep <- read.csv(file.path(folder, "action_proof", "sleepstudy.csv"))
army <- read.csv(file.path(folder, "multilevel_workgroups", "bh1996.csv"))
written(c(
  entry(Reaction ~ Days + (Days | Subject), sleep, TRUE),
  entry(Reaction ~ Days + (Days | Subject), sleep, FALSE),
  entry(Reaction ~ Days + (Days || Subject), sleep, TRUE),
  entry(WBEING ~ HRS + G.HRS + (1 | GRP), army, TRUE),
  entry(WBEING ~ HRS + LEAD + G.HRS + (LEAD | GRP), army, TRUE),
  entry(HRS ~ 1 + (1 | GRP), army, TRUE),
  entry(LEAD ~ 1 + (1 | GRP), army, TRUE),
  entry(COHES ~ 1 + (1 | GRP), army, TRUE),
  entry(WBEING ~ 1 + (1 | GRP), army, TRUE)
), "published.json")
