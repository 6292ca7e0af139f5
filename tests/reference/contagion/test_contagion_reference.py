"""Coefficients, CR2 errors and degrees of freedom as in R's lm with dummies and clubSandwich."""

import json
from pathlib import Path

import pytest

from anello.store.fit_contagion import fit_contagion, fit_counter

HERE = Path(__file__).parent
R = json.loads((HERE / "contagion.json").read_text("utf-8"))
COLUMNS = {"person": "who", "site": "shop", "day": "day", "shift": "shift", "pre": "before"}


def colleagues(name, **said):
    return fit_contagion(
        str(HERE / f"{name}.csv"), post="after", permutations=99, **COLUMNS, **said
    )


def customers(name):
    return fit_counter(str(HERE / f"{name}.csv"), customer="rating", permutations=99, **COLUMNS)


@pytest.mark.parametrize(
    ("case", "fitted"),
    [
        ("shops", lambda: colleagues("shops")),
        ("weighted", lambda: colleagues("shops", weight="hours")),
        ("shop", lambda: colleagues("shop")),
        ("counter", lambda: customers("shops")),
        ("counter_one", lambda: customers("shop")),
    ],
)
def test_the_model_agrees_with_r(case, fitted):
    ours, theirs = fitted(), R[case]
    assert ours["n"] == theirs["n"]
    for one, other in zip(ours["params"], theirs["params"], strict=True):
        for key in ("estimate", "se", "df", "p"):
            assert one[key] == pytest.approx(other[key], rel=1e-8), (key, other["term"])
