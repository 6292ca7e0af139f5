# Prints what psych says of the diary that test_diary_reliability.py writes: six persons, five days, three items.
suppressMessages(library(psych))
rows <- expand.grid(person = 1:6, day = 1:5)
answer <- function(i) with(rows, 2 * person + 2 * ((person * day) %% 5) + (i * day * day) %% 7 + (5 * i * person) %% 4 + (person * day * (i + 1)) %% 3 + day)
for (i in 1:3) rows[[paste0("q", i)]] <- answer(i)
m <- multilevel.reliability(rows, grp = "person", Time = "day", items = c("q1", "q2", "q3"), plot = FALSE)
for (k in c("RkF", "R1R", "RkR", "Rc", "RkRn", "Rcn")) cat(k, format(m[[k]], digits = 12), "\n")
print(m$components, digits = 12)
# psych takes the nested components from nlme, whose default search stops at five digits; the exact ones of this
# balanced table follow from its mean squares.
long <- data.frame(person = factor(rep(rows$person, 3)), day = factor(rep(rows$day, 3)), answer = c(rows$q1, rows$q2, rows$q3))
a <- anova(lm(answer ~ person + person:day, long))
rest <- a["Residuals", "Mean Sq"]; time <- (a["person:day", "Mean Sq"] - rest) / 3; id <- (a["person", "Mean Sq"] - a["person:day", "Mean Sq"]) / 15
cat("RkRn", format(id / (id + time / 5 + rest / 15), digits = 12), "Rcn", format(time / (time + rest / 3), digits = 12), "\n")
