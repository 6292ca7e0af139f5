"""The pretend company: same seed same bytes, what stands in its files, and what is refused."""

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from anello.model.errors import OutputError
from anello.sample import PLANTED, Plan, live, pretend
from anello.sample.people import hire, means, reverse
from anello.sample.truth import BUSY

SMALL = Plan(shops=10, weeks=3, customers=6, tiny=1)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(chain: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in chain.parent.iterdir()}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_another_company(tmp_path: Path):
    first = content(pretend(tmp_path / "a", 7, SMALL))
    again = content(pretend(tmp_path / "b", 7, SMALL))
    other = content(pretend(tmp_path / "c", 8, SMALL))
    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_the_folder_holds_two_surveys_a_till_a_chain_and_the_truth(tmp_path: Path):
    chain = pretend(tmp_path / "a", 1, SMALL)
    assert sorted(content(chain)) == [
        "chain.yaml",
        "customers.csv",
        "employees.csv",
        "money.csv",
        "truth.json",
    ]
    assert "seed: 1" in chain.read_text(encoding="utf-8")
    assert len(rows(chain.parent / "money.csv")) == 10 * 3
    assert len(rows(chain.parent / "customers.csv")) == 10 * 3 * 6


def test_the_chain_file_carries_the_seed(tmp_path: Path):
    chain = pretend(tmp_path / "a", 42, SMALL)
    assert "seed: 42" in chain.read_text(encoding="utf-8")
    assert json.loads((chain.parent / "truth.json").read_text(encoding="utf-8"))["seed"] == 42


def test_an_existing_folder_is_refused_and_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as refusal:
        pretend(tmp_path, 1, SMALL)
    assert "exists already" in refusal.value.text("en")
    assert "esiste già" in refusal.value.text("it")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        pretend(tmp_path / "file" / "company", 1, SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_last_shops_are_too_small_to_be_shown(tmp_path: Path):
    chain = pretend(tmp_path / "a", 1, SMALL)
    answers = Counter((r["shop"], r["week"]) for r in rows(chain.parent / "employees.csv"))
    assert max(n for (shop, _), n in answers.items() if shop == "S10") <= 4
    assert min(n for (shop, _), n in answers.items() if shop != "S10") >= 5


@pytest.mark.parametrize(("seed", "plan"), [(3, SMALL), (1, Plan())])
def test_answers_stay_on_their_scales(tmp_path: Path, seed, plan):
    chain = pretend(tmp_path / "a", seed, plan)
    customers = rows(chain.parent / "customers.csv")
    assert {r["recommend"] for r in customers} <= {"", *map(str, range(11))}
    assert {r["s1"] for r in customers} <= {"", *map(str, range(1, 6))}


def test_the_third_engagement_question_is_asked_the_other_way_round(tmp_path: Path):
    staff = rows(pretend(tmp_path / "a", 1, SMALL).parent / "employees.csv")
    both = [(int(r["e1"]), int(r["e3"])) for r in staff if r["e1"] and r["e3"]]
    assert np.corrcoef(np.array(both).T)[0, 1] < -0.2


def test_reversing_twice_gives_the_answers_back():
    ticks = np.array([[1.0, 5.0], [2.0, 4.0]])
    assert reverse(reverse(ticks, 1), 1).tolist() == ticks.tolist()


def test_traits_of_people_leave_the_level_of_their_shop_alone():
    staff = hire(12, 2, np.random.default_rng(1))
    own = means(staff.trait[:, None], staff.shop)
    assert own == pytest.approx(np.zeros(12), abs=1e-12)


def test_busy_weeks_average_out_and_are_the_same_in_every_shop():
    company = live(SMALL, np.random.default_rng(1))
    assert company.busy.mean() == pytest.approx(0, abs=1e-12)
    assert company.busy.std() == pytest.approx(1)
    assert BUSY["sales"] > 0 > BUSY["satisfaction"]


def slope_with_every_answer(seed: int) -> float:
    """Satisfaction on service over the whole company, shop and week effects out, 40 weeks."""
    company = live(Plan(weeks=40), np.random.default_rng(seed))
    service, pleased = (
        np.column_stack([means(week.customers[:, at], company.guests) for week in company.weeks])
        for at in (slice(0, 2), slice(2, 4))
    )
    x, y = (
        v - v.mean(axis=0) - v.mean(axis=1, keepdims=True) + v.mean() for v in (service, pleased)
    )
    return float(np.sum(x * y) / np.sum(x * x))


def test_with_every_answer_known_the_planted_slope_is_there_to_be_found():
    # Ticks end at 5, which takes about 2 % of the slope.
    found = np.mean([slope_with_every_answer(seed) for seed in range(6)])
    assert found == pytest.approx(0.7 * 0.98, abs=0.02)


def test_the_total_effect_is_the_product_of_its_links():
    planted = {(p.source, p.target): p.within for p in PLANTED}
    product = planted["engagement", "service"] * planted["service", "satisfaction"]
    assert planted["engagement", "satisfaction"] == pytest.approx(product)
