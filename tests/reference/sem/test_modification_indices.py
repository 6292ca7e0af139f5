"""Modification indices are lavaan's: what chi2 would fall by, and the value a path would take."""

import csv
from pathlib import Path

import pytest

from anello.store.fit_sem import fit_sem

HERE = Path(__file__).parent
MODEL = "m ~ x1\ny ~ m + x2\nz ~ y"


def test_missing_paths_are_found_with_the_index_and_the_value_of_lavaan():
    told = fit_sem(MODEL, str(HERE / "modification_rows.csv"), modification=True)["modification"]
    found = {(m["lhs"], m["op"], m["rhs"]): (m["mi"], m["epc"]) for m in told}
    rows = list(csv.DictReader((HERE / "modification.csv").open()))
    into_covariates = [r for r in rows if r["lhs"] in ("x1", "x2")]
    assert len(rows) - len(into_covariates) == 8
    for r in rows:
        if r not in into_covariates:
            mi, epc = found[r["lhs"], r["op"], r["rhs"]]
            assert mi == pytest.approx(float(r["mi"]), rel=1e-5)
            assert epc == pytest.approx(float(r["epc"]), rel=1e-5)
    assert next(iter(found)) == ("z", "~", "m")
