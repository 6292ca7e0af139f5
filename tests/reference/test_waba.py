"""Within and between analysis, and Sobel's test, of bh1996 from its moments.

`link/make_waba.py` made the moments; with ANELLO_REFERENCE_DATA the raw file must give the same.
"""

import json
import os
import runpy
from pathlib import Path

import numpy as np
import pytest

from anello.stats.relations.sobel import sobel
from anello.stats.relations.waba import waba

FOLDER = Path(__file__).parent / "link"


def stored():
    return json.loads((FOLDER / "waba_moments.json").read_text("utf-8"))


def raw():
    folder = os.environ.get("ANELLO_REFERENCE_DATA")
    if not folder:
        pytest.skip("ANELLO_REFERENCE_DATA does not name the folder with bh1996.csv")
    return runpy.run_path(str(FOLDER / "make_waba.py"))["moments"](Path(folder))


@pytest.fixture(params=[stored, raw], ids=["moments", "raw file"])
def bh1996(request):
    found = request.param()
    n, sums, cross = (np.array(found[k], dtype=float) for k in ("n", "sums", "cross"))
    return list(found["columns"]), n, sums, cross


def pair(bh1996, *names):
    columns, n, sums, cross = bh1996
    which = [columns.index(name) for name in names]
    return n, sums[:, which], cross[np.ix_(which, which)]


def test_hours_and_wellbeing_six_times_stronger_between_companies(bh1996):
    found = waba(*pair(bh1996, "HRS", "WBEING"))
    assert found.raw == pytest.approx(-0.1632064, abs=5e-8)
    assert found.eta_b == pytest.approx((0.3787881, 0.2359287), abs=5e-8)
    assert found.r_between == pytest.approx(-0.7121729, abs=5e-8)
    assert found.eta_w == pytest.approx((0.9254834, 0.9717704), abs=5e-8)
    assert found.r_within == pytest.approx(-0.1107031, abs=5e-8)


def test_leadership_and_cohesion(bh1996):
    found = waba(*pair(bh1996, "LEAD", "COHES"))
    assert found.raw == pytest.approx(0.4231827, abs=5e-8)
    assert found.r_between == pytest.approx(0.6532599, abs=5e-8)
    assert found.r_within == pytest.approx(0.4052715, abs=5e-8)


def test_the_two_levels_add_up_to_the_raw_correlation(bh1996):
    found = waba(*pair(bh1996, "HRS", "WBEING"))
    between = found.eta_b[0] * found.eta_b[1] * found.r_between
    within = found.eta_w[0] * found.eta_w[1] * found.r_within
    assert found.raw == pytest.approx(between + within, abs=1e-12)


def test_hours_work_on_wellbeing_through_leadership(bh1996):
    n, sums, cross = pair(bh1996, "HRS", "LEAD", "WBEING")
    found = sobel(int(n.sum()), sums.sum(axis=0), cross)
    assert n.sum() == 7382
    assert found.indirect == pytest.approx(-0.02211969, abs=5e-9)
    assert found.se == pytest.approx(0.001978985, abs=5e-10)
    assert found.z == pytest.approx(-11.17729, abs=5e-6)
