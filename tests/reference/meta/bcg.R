# Prints the 13 tuberculosis trials of metadat and metafor's answer; run by test_log_risk_ratio.py.
suppressMessages({library(metafor); library(jsonlite)})
d <- if (exists("dat.bcg")) dat.bcg else metadat::dat.bcg
cat(toJSON(list(a = d$tpos, b = d$tneg, c = d$cpos, d = d$cneg), digits = NA))
