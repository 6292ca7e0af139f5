"""A plan before anything is asked, what data could have found, and sums of money that are true."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from anello import run
from anello.cli import app
from anello.model.evidence import Level
from anello.sample import pretend
from anello.sample.company import Plan
from anello.sample.truth import slope

SMALL = Plan(shops=16, weeks=8, customers=12, tiny=1)
ASKED = """
money:
  currency: EUR
  waves_per_year: 52
  worth: {sales: 1000}
  paths: [loyalty -> sales]
  disengagement:
    of: engagement
    reference: 3.5
    leavers: {measure: leavers, each: 6000, makes: 0.24}
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pretend(tmp_path_factory.mktemp("money") / "company", seed=1, plan=SMALL)


def said(*words: str):
    return CliRunner().invoke(app, list(words))


def unasked(company: Path, folder: Path) -> Path:
    """Return a chain whose answers were never collected."""
    shutil.copy(company, folder / "chain.yaml")
    return folder / "chain.yaml"


def test_before_anything_is_asked_a_plan_says_what_it_could_find(company: Path, tmp_path: Path):
    chain = unasked(company, tmp_path)
    words = ("--units", "20", "--waves", "6", "--size", "12", "--draws", "100")
    told = json.loads(said("plan", str(chain), *words, "--json").stdout)
    assert told["by"] == "plan"
    assert len(told["links"]) == 18
    first = told["links"][0]
    assert (first["level"], first["units"], first["waves"]) == ("between", 20, 6)
    assert 0 < first["seen"] < 0.8
    assert first["units_for_80"] > 20


def test_a_plan_may_stand_in_the_chain_file(company: Path, tmp_path: Path):
    chain = unasked(company, tmp_path)
    chain.write_text(chain.read_text("utf-8") + "\nplan: {units: 30, waves: 5}\n", "utf-8")
    told = json.loads(said("plan", str(chain), "--draws", "50", "--json").stdout)
    assert {(row["units"], row["waves"]) for row in told["links"]} == {(30, 5)}


def test_without_data_and_without_a_plan_it_asks_for_one(company: Path, tmp_path: Path):
    result = said("plan", str(unasked(company, tmp_path)), "--lang", "it")
    assert result.exit_code == 2
    assert "Non ci sono ancora dati" in result.stderr


def test_half_a_plan_is_refused(company: Path, tmp_path: Path):
    result = said("plan", str(unasked(company, tmp_path)), "--units", "20", "--lang", "en")
    assert result.exit_code == 2
    assert "`--waves`" in result.stderr


def test_with_answers_a_plan_goes_by_their_own_history(company: Path):
    told = json.loads(said("plan", str(company), "--draws", "50", "--json").stdout)
    assert told["by"] == "history"
    assert {row["units"] for row in told["links"]} == {15, 16}
    words = ("--units", "60", "--waves", "12", "--draws", "50", "--json")
    larger = json.loads(said("plan", str(company), *words).stdout)
    assert {row["units"] for row in larger["links"]} == {60}


def test_check_says_what_could_be_found_before_any_link_is_fitted(company: Path):
    told = json.loads(said("check", str(company), "--json").stdout)
    assert len(told["plans"]) == 18
    assert all(row["error"] == 0 for row in told["plans"])
    text = said("check", str(company), "--lang", "it").stdout
    assert "Che cosa si può trovare" in text


def test_the_what_if_of_sears_never_leaves_without_its_banner():
    told = json.loads(said("whatif", "--attitude", "5", "--json", "--lang", "it").stdout)
    assert (told["customer"], told["growth"]) == (1.3, 0.5)
    assert "mai pubblicato" in told["banner"]
    assert "unpublished model" in said("whatif", "--attitude", "10", "--lang", "en").stdout


@pytest.fixture(scope="module")
def release(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.run(company, tmp_path_factory.mktemp("out") / "release").folder.path


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("report.html", ("In money", "€", "Hours of managers", "One firm, 1998")),
        ("report.it.html", ("In denaro", "€", "Ore dei responsabili", "Una sola impresa, 1998")),
    ],
)
def test_the_page_speaks_of_money_with_intervals_and_refusals(release, page, words):
    text = (release / page).read_text("utf-8")
    (section,) = re.findall(r'<section id="money".*?</section>', text, re.DOTALL)
    assert all(word in section for word in words)
    told = section.partition('class="empty"')[0]
    sums = re.findall(r"€[\d.,]+|[\d.,]+\xa0€", told)
    spans = re.findall(r"\((?:from|da) ", told)
    assert len(sums) == 3 * len(spans) > 0
    (plans,) = re.findall(r'<section id="plans".*?</section>', text, re.DOTALL)
    assert plans.count("<tr>") > 10


def test_the_tables_of_a_release_hold_money_and_power(release):
    assert "engagement -> leavers" in (release / "tables" / "money.csv").read_text("utf-8")
    assert "smallest_effect" in (release / "tables" / "power.csv").read_text("utf-8")


def truths(company: Path) -> tuple[float, float, float]:
    """Return whether the planted sums of sales and of leavers stand inside, and the second one.

    Two shops that are told together, "A + B", have no engagement of their own and enter no sum.
    """
    found = run.analyse(company, ledger=company.parent / "ledger")
    (sold, leavers) = (f for f in found.money if f.product is not None)
    usual = {}
    for m in found.means:
        if m.measure == "engagement" and " + " not in m.unit:
            usual.setdefault(m.unit, []).append(m.mean)
    short = sum(max(3.5 - np.mean(values), 0.0) for values in usual.values())
    sales = slope("loyalty", "sales") * sold.step * 1000 * 52
    leave = -slope("engagement", "leavers") * short * 0.24 * 6000 * 52
    assert sold.level is leavers.level is Level.WITHIN
    return (
        float(sold.product.low <= sales <= sold.product.high),
        float(leavers.product.low <= leave <= leavers.product.high),
        leave,
    )


@pytest.mark.slow
def test_what_was_planted_stands_inside_the_sums_in_nine_companies_of_ten(tmp_path: Path):
    held = []
    for seed in range(1, 31):
        chain = pretend(tmp_path / str(seed), seed=seed, plan=Plan(shops=20, weeks=10))
        text = chain.read_text("utf-8").partition("\nlinks:")[0]
        links = "\nlinks: [sales ~ loyalty, leavers ~ engagement]\n"
        chain.write_text(text + links + ASKED, "utf-8")
        held.append(truths(chain)[:2])
    sales, leavers = np.mean(held, axis=0)
    assert sales >= 0.9
    assert leavers >= 0.9
