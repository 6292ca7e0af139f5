"""The reliability of a diary's scale, beside psych and exact mean squares (`reliability.R`)."""

import pytest

from anello.model.errors import ModelError, SourceError
from anello.store.fit_reliability import fit_reliability

PSYCH = {
    "rkf": 0.997827748502,
    "r1r": 0.43327510917,
    "rkr": 0.792643957308,
    "rc": 0.986928104575,
    "rkrn": 0.759728366049,
    "rcn": 0.765911542611,
}
COMPONENTS = {
    "person": 7.051111111111,
    "time": 3.493333333333,
    "item": 4.037777777778,
    "person:time": 6.04,
    "person:item": 0.895555555556,
    "time:item": 2.06,
    "Residual": 0.24,
}
ITEMS = ["q1", "q2", "q3"]


def answer(p, d, i):
    moves = 2 * ((p * d) % 5) + (i * d * d) % 7 + (5 * i * p) % 4 + (p * d * (i + 1)) % 3
    return 2 * p + moves + d


@pytest.fixture
def diary(tmp_path):
    lines = [
        f"p{p},{d}," + ",".join(str(answer(p, d, i)) for i in (1, 2, 3))
        for d in range(1, 6)
        for p in range(1, 7)
    ]
    path = tmp_path / "diary.csv"
    path.write_text("person,day,q1,q2,q3\n" + "\n".join(lines) + "\n")
    return path


def test_six_people_on_five_days_are_as_reliable_as_psych_says(diary):
    found = fit_reliability(str(diary), items=ITEMS, person="person", time="day")
    for key, value in PSYCH.items():
        assert found[key] == pytest.approx(value, rel=1e-7)
    for name, variance in COMPONENTS.items():
        assert found["crossed"][name] == pytest.approx(variance, rel=1e-6)


def test_a_missing_answer_leaves_out_that_answer_alone(diary):
    text = diary.read_text().replace("p1,1,", "p1,1,NA,", 1).split("\n")
    cells = text[1].split(",")
    text[1] = ",".join([*cells[:3], *cells[4:]])
    diary.write_text("\n".join(text))
    found = fit_reliability(str(diary), items=ITEMS, person="person", time="day")
    assert (found["n"], found["persons"], found["occasions"]) == (89, 6, 5)
    assert 0.9 < found["rkf"] < 1


def test_one_item_and_an_unknown_column_are_refused(diary):
    with pytest.raises(ModelError, match="needs two items or more"):
        fit_reliability(str(diary), items=["q1"], person="person", time="day")
    with pytest.raises(SourceError, match="has no column 'week'; it has: person, day"):
        fit_reliability(str(diary), items=ITEMS, person="person", time="week")
