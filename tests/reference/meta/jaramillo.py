"""Facts of Jaramillo, Mulki & Marshall (2005): organisational commitment and sales performance.

61 studies in the order of the paper: sample size, correlation, and the reliabilities of commitment
and of performance where a study printed them (`-` where not).
"""

import numpy as np

N = """
179 232 560 181 156 180 253 790 218 220 116 218 220 156 81 123 46 860 512 172 79 148 526 116 231
120 209 151 532 445 308 62 46 80 311 672 58 277 65 307 135 39 217 116 188 96 77 76 154 132 328 518
377 109 382 85 45 90 303 56 430
"""
R = """
.02 .12 .09 .2 .08 .04 .15 .45 .24 .23 .2 .23 .3 .32 .42 .04 .01 .15 .06 .14 -.01 .35 .03 -.05 .17
.26 .04 .25 .06 .09 .13 .3 -.16 .35 .13 .14 .19 .34 -.03 .3 .35 .2 .05 .17 -.06 .11 .52 .52 .34 .23
.2 .26 .08 .06 .05 .62 .49 .19 .09 .05 .28
"""
COMMITMENT = """
.87 .82 .83 - .83 .83 .87 .81 .92 .86 .8 .89 .84 .87 .86 - - - .87 .88 - .9 .87 .8 .91 .87 .87 .92
.76 - .75 .88 .88 .9 .87 .87 .87 .78 .72 .85 .89 - .88 .89 .89 .89 .92 .92 .93 .87 .77 .83 .79 .76
.88 .85 .66 .92 .88 .72 .81
"""
PERFORMANCE = """
.89 - .76 1 - - .8 .91 .81 .9 - .81 .9 .93 .85 - - - - - - .84 .92 - .78 .98 .81 .91 .91 - .75 - -
.84 .87 .89 .89 .93 .87 - - - .85 - .82 - .91 .91 .93 .95 - .74 .84 - - .93 .84 - - - .8
"""


def column(text: str) -> np.ndarray:
    """Return a column of numbers, NaN where a study printed none."""
    return np.array([float("nan") if word == "-" else float(word) for word in text.split()])


n, r, rxx, ryy = map(column, (N, R, COMMITMENT, PERFORMANCE))
