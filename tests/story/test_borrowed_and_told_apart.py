"""Twenty-four shops: what they may borrow, and which theme is told apart from noise."""

import csv
import re

import numpy as np
import pytest

from anello import run

CHAIN = """
anello: 1
key: bakery
units: {column: shop}
waves: {column: month}
worth_acting_on: 0.2 sd
sources:
  figures: {path: figures.csv}
constructs:
  mood: {side: employee, label: {en: Mood, it: Umore}, standard: engagement}
  rota: {side: employee, label: {en: Rota, it: Turni}}
  plans: {side: employee, label: {en: Plans, it: Piani}}
  canteen: {side: employee, label: {en: Canteen, it: Mensa}}
  guests: {side: customer, label: {en: Guests, it: Ospiti}, standard: customer_satisfaction}
measures:
  mood: {column: mood}
  rota: {column: rota}
  plans: {column: plans}
  canteen: {column: canteen}
  guests: {column: guests}
links: [guests ~ mood, guests ~ rota, guests ~ plans, guests ~ canteen]
"""
BORROWING = """
borrowing: {places: unit, contact: much, relation: relation, personal: personal, labour_share: 40,
            units: 24, employees_per_unit: 9, customers_per_unit: 800, spread: 0.13,
            attenuation: 0.8}
"""


@pytest.fixture
def bakery(tmp_path):
    """Write 24 shops of 6 months: guests go with the rota, which is planned twice; nothing else."""
    rng = np.random.default_rng(3)
    with (tmp_path / "figures.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["shop", "month", "mood", "rota", "plans", "canteen", "guests"])
        for shop in range(24):
            stable = rng.normal(size=2)
            for month in range(6):
                rota = stable[0] + rng.normal()
                plans = rota + 0.2 * rng.normal()
                mood, canteen = rng.normal(size=2)
                guests = rota + 0.3 * mood + rng.normal()
                figures = (mood, rota, plans, canteen, guests)
                writer.writerow([f"s{shop:02d}", f"m{month}", *(f"{x:.4f}" for x in figures)])
    return tmp_path


def released(folder, text):
    (folder / "chain.yaml").write_text(text, "utf-8")
    return run.run(folder / "chain.yaml", folder / "out").folder.path


def table(folder, name):
    with (folder / "tables" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_planted_theme_is_told_apart_and_its_copy_shares_with_it(bakery):
    out = released(bakery, CHAIN)
    within = {r["theme"]: r for r in table(out, "drivers") if r["level"] == "within"}
    assert within["rota"]["near_copies"] == "plans"
    assert float(within["rota"]["joint_p_first"]) > 0.95
    assert float(within["rota"]["p_first"]) + float(within["plans"]["p_first"]) > 0.95
    assert float(within["canteen"]["lmg"]) < float(within["canteen"]["yardstick"])
    page = (out / "report.html").read_text("utf-8")
    assert "are nearly the same" in page
    assert "no more than noise" in page


def test_without_answers_the_page_asks_and_with_them_it_draws_three_lines(bakery):
    asked = released(bakery, CHAIN)
    assert 'class="ip lines"' not in (asked / "literature.html").read_text("utf-8")
    (bakery / "out").rename(bakery / "before")
    lent = released(bakery, CHAIN + BORROWING)
    page = (lent / "literature.it.html").read_text("utf-8")
    assert 'class="ip lines"' in page
    assert "I vostri dati da soli" in page
    before, after = ((bakery / f / "evidence.json").read_text("utf-8") for f in ("before", "out"))
    verdicts = re.compile(r'"verdict": ?"(\w+)"')
    assert verdicts.findall(before) == verdicts.findall(after) != []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            CHAIN.replace("standard: engagement", "standard: engagment"),
            "'engagment' is no construct",
        ),
        (CHAIN + BORROWING.replace("contact: much", "contact: lots"), "contact"),
        (CHAIN + BORROWING.replace("places: unit, ", ""), "`places` is missing"),
        (CHAIN + BORROWING.replace("spread: 0.13", "spread: -1"), "spread"),
    ],
)
def test_a_wrong_answer_is_one_sentence_with_its_line(bakery, text, sentence):
    (bakery / "chain.yaml").write_text(text, "utf-8")
    with pytest.raises(Exception, match=sentence) as refused:
        run.listen(bakery / "chain.yaml")
    assert "chain.yaml" in str(refused.value)
