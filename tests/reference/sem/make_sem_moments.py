"""Writes moments.json: sums of the published data sets, without their rows.

ANELLO_REFERENCE_DATA=<folder> python tests/reference/sem/make_sem_moments.py
"""

import json
import os
from pathlib import Path

from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.store.files import open_file
from anello.store.sem_sums import Columns, cluster_sums, complete_sums, opened

HERE = Path(__file__).parent
DEMOCRACY = (
    "ind60 =~ x1 + x2 + x3\n dem60 =~ y1 + y2 + y3 + y4\n dem65 =~ y5 + y6 + y7 + y8\n"
    "dem60 ~ ind60\n dem65 ~ ind60 + dem60\n"
    "y1 ~~ y5\n y2 ~~ y4 + y6\n y3 ~~ y7\n y4 ~~ y8\n y6 ~~ y8"
)
DEMO = (
    "level: 1\n fw =~ y1 + y2 + y3\n fw ~ x1 + x2 + x3\n"
    "level: 2\n fb =~ y1 + y2 + y3\n fb ~ w1 + w2"
)


def main() -> None:
    folder = Path(os.environ["ANELLO_REFERENCE_DATA"]) / "chain_models"
    names = table(parse(DEMOCRACY), Wish()).blocks[1, 1].observed
    columns = Columns(names)
    file = opened(open_file(folder / "PoliticalDemocracy.csv"), columns)
    one = complete_sums(file, columns, "", robust=False)
    columns = Columns(("y1", "y2", "y3", "x1", "x2", "x3"), ("w1", "w2"), "cluster")
    file = opened(open_file(folder / "Demo.twolevel.csv"), columns)
    two = cluster_sums(file, columns, "", robust=False)
    plain = {
        "democracy": {
            "names": one.names,
            "n": one.n,
            "mean": one.mean.tolist(),
            "cov": one.cov.tolist(),
        },
        "demo": {
            "within": two.within,
            "between": two.between,
            "sizes": two.sizes.tolist(),
            "means": two.means.round(12).tolist(),
            "own": two.own.round(12).tolist(),
            "pooled": two.pooled.tolist(),
        },
    }
    (HERE / "moments.json").write_text(json.dumps(plain) + "\n")


if __name__ == "__main__":
    main()
