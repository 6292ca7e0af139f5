"""Key drivers to published digits: LMG shares and Johnson's relative weights."""

import csv
from pathlib import Path

import numpy as np
import pytest

from anello.stats.relations.drivers import importance

HERE = Path(__file__).parent
SURVEY = HERE.parents[1] / "examples" / "civil_service" / "data" / "org_year.csv"
THEMES = {
    "leadership_change": (0.8747, 0.3814, 0.1536, 0.1365),
    "my_work": (0.8083, 0.2976, 0.1254, 0.1324),
    "inclusion_treatment": (0.8266, 0.1470, 0.1073, 0.1004),
    "resources_workload": (0.7788, 0.2308, 0.1004, 0.1041),
    "my_team": (0.7762, 0.0993, 0.0887, 0.0919),
    "my_manager": (0.7922, -0.1690, 0.0878, 0.0799),
    "objectives_purpose": (0.7509, 0.0831, 0.0837, 0.0901),
    "learning_development": (0.7133, -0.0415, 0.0692, 0.0734),
    "pay_benefits": (0.4865, -0.0092, 0.0309, 0.0383),
}


def correlations(name):
    with (HERE / "link" / f"drivers_{name}.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(x) for x in row[1:]] for row in rows])


def test_swiss_fertility():
    R = correlations("swiss")
    found = importance(R[1:, 1:], R[1:, 0])
    shares = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]
    weights = [0.04841690, 0.15470825, 0.27196410, 0.11468003, 0.11696572]
    assert found.lmg == pytest.approx(shares, abs=5e-9)
    assert found.weight == pytest.approx(weights, abs=5e-9)
    assert found.r2 == pytest.approx(0.70673500, abs=5e-9)


def test_attitude_advance_goes_up_with_the_rating_and_down_beside_the_others():
    R = correlations("attitude")
    found = importance(R[1:, 1:], R[1:, 0])
    raw = [0.8254, 0.4261, 0.6237, 0.5901, 0.1564, 0.1551]
    shares = [0.370816, 0.050904, 0.155766, 0.120345, 0.006589, 0.028182]
    weights = [0.362760, 0.056002, 0.163611, 0.121780, 0.008255, 0.020193]
    assert found.r == pytest.approx(raw, abs=5e-5)
    assert found.lmg == pytest.approx(shares, abs=5e-7)
    assert found.weight == pytest.approx(weights, abs=5e-7)
    assert found.r2 == pytest.approx(0.732602, abs=5e-7)
    assert found.r[-1] > 0 > found.beta[-1]


def test_civil_service_2018_nine_themes():
    with SURVEY.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["year"] == "2018"]
    columns = ("engagement_index", *THEMES)
    values = np.array([[float(r[c]) for c in columns] for r in rows])
    R = np.corrcoef(values, rowvar=False)
    found = importance(R[1:, 1:], R[1:, 0])
    expected = np.array(list(THEMES.values()))
    assert len(rows) == 105
    assert found.r2 == pytest.approx(0.846972, abs=5e-7)
    for column, ours in enumerate((found.r, found.beta, found.lmg, found.weight)):
        assert ours == pytest.approx(expected[:, column], abs=5.1e-5)
