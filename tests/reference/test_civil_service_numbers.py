"""The figures of the Civil Service example: by plain numpy, the product beside."""

import csv
import doctest
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from anello import run
from anello.model.evidence import Level
from anello.model.findings import Findings

EXAMPLE = Path(__file__).parents[2] / "examples/civil_service"
PAGES = Path(__file__).parents[2] / "docs/tutorials"
SHARED = os.environ.get("ANELLO_REFERENCE_DATA")
MEASURES = {
    "leadership": "leadership_change",
    "work": "my_work",
    "inclusion": "inclusion_treatment",
    "resources": "resources_workload",
    "team": "my_team",
    "manager": "my_manager",
    "objectives": "objectives_purpose",
    "learning": "learning_development",
    "pay": "pay_benefits",
}


def script(name: str) -> ModuleType:
    """Return a script of the example as a module."""
    spec = importlib.util.spec_from_file_location(
        f"civil_{Path(name).name}", EXAMPLE / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


by_hand = script("by_hand")
to_the_mean = script("regression_to_the_mean")


def rows() -> list[dict[str, str]]:
    with (EXAMPLE / "data/org_year.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def findings(chain: str) -> Findings:
    return run.analyse(EXAMPLE / chain)


def test_key_drivers_of_2018_over_105_rows():
    found = by_hand.drivers("2018")
    assert found.rows == 105
    assert round(found.r2, 6) == 0.846972
    assert round(sum(found.lmg.values()), 6) == 0.846972
    lmg = {theme: round(value, 4) for theme, value in found.lmg.items()}
    assert lmg == {
        "leadership_change": 0.1536,
        "my_work": 0.1254,
        "inclusion_treatment": 0.1073,
        "resources_workload": 0.1004,
        "my_team": 0.0887,
        "my_manager": 0.0878,
        "objectives_purpose": 0.0837,
        "learning_development": 0.0692,
        "pay_benefits": 0.0309,
    }


def test_a_theme_with_a_high_r_can_have_a_negative_slope_beside_the_others():
    found = by_hand.drivers("2018")
    assert round(found.r["my_manager"], 4) == 0.7922
    assert round(found.beta["my_manager"], 4) == -0.1690


def test_the_product_finds_the_same_key_drivers():
    expected = by_hand.drivers("2018")
    found = {
        d.theme: d for d in findings("drivers_2018.yaml").drivers if d.level == Level.BETWEEN.value
    }
    assert set(found) == set(MEASURES)
    for measure, theme in MEASURES.items():
        driver = found[measure]
        assert driver.units == 105
        assert driver.r2 == pytest.approx(expected.r2, abs=1e-9)
        assert driver.r == pytest.approx(expected.r[theme], abs=1e-9)
        assert driver.beta == pytest.approx(expected.beta[theme], abs=1e-9)
        assert driver.lmg == pytest.approx(expected.lmg[theme], abs=1e-9)


def test_the_weakest_quarter_rises_and_the_strongest_falls_with_nothing_done():
    found = to_the_mean.compare("2018", "2019")
    assert (found.matched, round(found.r, 3)) == (83, 0.878)
    assert (round(found.mean, 2), round(found.sd_change, 2)) == (1.40, 3.84)
    assert (found.lowest[0], found.lowest[1], round(found.lowest[2], 2)) == (58, 22, 3.77)
    assert (found.highest[0], found.highest[1], round(found.highest[2], 2)) == (66, 22, -1.45)


def test_all_fourteen_years_are_there_with_the_index_and_nine_themes():
    by_year = {row["year"] for row in rows()}
    assert by_year == {str(year) for year in range(2009, 2023)}
    assert all(row[c] for row in rows() for c in ("engagement_index", *MEASURES.values()))


def test_no_row_of_the_whole_civil_service_sits_among_the_organisations():
    names = {row["name_that_year"].casefold() for row in rows()}
    assert not {name for name in names if "benchmark" in name or "all civil servants" in name}


def test_an_organisation_has_one_row_a_year():
    keys = [(row["org"], row["year"]) for row in rows()]
    assert len(keys) == len(set(keys))


def test_names_that_differ_in_case_and_punctuation_are_one_organisation():
    plain = script("retype").plain
    assert plain("Defence Equipment & Support") == plain("Defence equipment and support")
    found = {row["org"] for row in rows() if row["name_that_year"].startswith("HM Revenue")}
    assert found == {"hm_revenue_and_customs"}


def test_every_variant_of_a_name_says_why_it_is_gathered():
    with (EXAMPLE / "names.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    published = {script("retype").plain(row["name_that_year"]) for row in rows()}
    for row in listed:
        assert row["variant"] in published
        assert row["why"] in {"spelling", "wording", "same code"}


def test_groups_that_repeat_their_members_are_marked_and_left_out_of_the_chain():
    groups = {row["org"] for row in rows() if row["kind"] == "group"}
    assert "ministry_of_justice_group_including_agencies" in groups
    assert "defence_support_group" not in groups
    units = {mean.unit for mean in findings("chain.yaml").means}
    assert len(units) > 100
    assert not units & groups


def test_nothing_was_asked_of_citizens_and_the_chain_says_so():
    chain = findings("chain.yaml").chain
    measured = {m.construct for m in chain.measures}
    assert {c.key for c in chain.constructs} - measured == {"service", "citizens", "trust", "cost"}


@pytest.mark.parametrize(
    ("page", "language"), [("civil-service.md", "en"), ("civil-service.it.md", "it")]
)
def test_the_page_shows_what_the_scripts_print(page: str, language: str):
    text = (PAGES / page).read_text(encoding="utf-8")
    printed = [*by_hand.report(by_hand.drivers("2018"))]
    printed += to_the_mean.report(to_the_mean.compare("2018", "2019"))
    printed += script("../verdicts").table(findings("chain.yaml"), language)
    for line in printed:
        assert line in text, line


def test_the_licence_credits_and_says_changed():
    text = (EXAMPLE / "data/LICENCE").read_text(encoding="utf-8")
    for word in ("CC BY 4.0", "Open Government Licence", "Matt Kerlogue", "Changed"):
        assert word in text


def test_the_examples_in_the_retyping_script_run():
    assert doctest.testmod(script("retype")) == (0, 3)


@pytest.mark.skipif(not SHARED, reason="ANELLO_REFERENCE_DATA does not name the raw files")
def test_the_bundled_file_is_what_the_script_makes_of_the_raw_one(tmp_path: Path):
    raw = Path(str(SHARED)) / "uk_civil_service_2009_2022/people_survey_org_item_long.parquet"
    made = tmp_path / "org_year.csv"
    script("retype").retype(raw, EXAMPLE / "names.csv", made)
    assert made.read_bytes() == (EXAMPLE / "data/org_year.csv").read_bytes()
