"""The figures of the NHS example: by plain numpy from the bundled file, and the product beside."""

import doctest
import importlib.util
import os
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from anello import run
from anello.model.evidence import Evidence, Level, Verdict
from anello.model.findings import Findings

EXAMPLE = Path(__file__).parents[2] / "examples/nhs"
PAGES = Path(__file__).parents[2] / "docs/tutorials"
ACUTE = "Acute and Acute & Community Trusts"
SHARED = os.environ.get("ANELLO_REFERENCE_DATA")


def script(name: str) -> ModuleType:
    """Return a script of the example as a module."""
    spec = importlib.util.spec_from_file_location(f"nhs_{Path(name).name}", EXAMPLE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


by_hand = script("by_hand")


@cache
def findings() -> Findings:
    return run.analyse(EXAMPLE / "chain.yaml")


def evidence(target: str, source: str, level: Level, lag: int = 0) -> Evidence:
    return next(
        e
        for e in findings().evidence
        if (e.claim.target, e.claim.source, e.claim.lag, e.level) == (target, source, lag, level)
    )


def variant(found: Evidence, name: str) -> float:
    return next(v.standardised for v in found.variants if v.name == name)


# --- the bundled file says what the issue of the public figures is ---------------------------


def test_engagement_goes_with_lower_mortality_between_trusts_and_not_inside_them():
    both = by_hand.pair("engagement_mean_1to5", "shmi")
    assert (both.trusts, both.rows) == (144, 1073)
    assert sorted(set(both.year)) == [str(year) for year in range(2012, 2020)]
    assert round(both.between(), 2) == -0.25
    assert round(both.within(), 2) == -0.01


def test_a_second_extraction_of_the_same_survey_tells_another_story():
    late = range(2015, 2020)
    first = by_hand.pair("engagement_share", "shmi", late)
    second = by_hand.pair("engagement_share_v2", "shmi", late)
    assert (round(first.between(), 2), round(first.within(), 2)) == (-0.20, -0.05)
    assert (round(second.between(), 2), round(second.within(), 2)) == (-0.12, -0.09)


def test_burnout_and_waits_shrink_among_general_acute_trusts_and_turn_with_year_effects():
    everyone = by_hand.pair("burned_out_share", "ae_over_4h_share")
    acute = by_hand.pair("burned_out_share", "ae_over_4h_share", group=ACUTE)
    assert (round(everyone.pooled(), 2), round(acute.pooled(), 2)) == (0.54, 0.24)
    assert (round(everyone.within(), 2), round(everyone.within(False), 2)) == (0.20, -0.07)
    assert sorted(set(everyone.year)) == ["2021", "2022"]


def test_burnout_and_the_inpatient_score_over_all_and_among_general_acute_trusts():
    everyone = by_hand.pair("burned_out_share", "inpatient_meanS09_0to10")
    acute = by_hand.pair("burned_out_share", "inpatient_meanS09_0to10", group=ACUTE)
    assert (everyone.trusts, round(everyone.pooled(), 2)) == (131, -0.46)
    assert (acute.trusts, round(acute.pooled(), 2)) == (120, -0.29)


YEARLY = {  # published beside this panel, 2012 to 2019
    "engagement_mean_1to5": [-0.26, -0.26, -0.06, -0.08, -0.18, -0.26, -0.20, -0.27],
    "work_stress_share": [0.01, -0.08, -0.10, -0.16, -0.19, -0.19, -0.16, -0.04],
}


@pytest.mark.parametrize("column", YEARLY)
def test_the_correlation_with_mortality_wanders_from_year_to_year(column: str):
    found = by_hand.by_year(column)
    assert [round(r, 2) for r, _ in found.values()] == YEARLY[column]


def test_the_number_of_trusts_stays_while_the_correlation_wanders():
    found = by_hand.by_year("engagement_mean_1to5")
    assert [n for _, n in found.values()] == [141, 140, 136, 134, 134, 132, 130, 126]


def test_no_engagement_figure_is_common_to_the_years_before_and_after_2020():
    rows = by_hand.load()
    columns = ("engagement_mean_1to5", "engagement_share", "engagement_share_v2")
    known = {row["year"] for row in rows if any(row[c] for c in columns)}
    assert max(known) == "2019"
    assert {row["year"] for row in rows if row["burned_out_share"]} == {"2021", "2022"}


def test_emergency_years_cover_different_months():
    found = by_hand.coverage()
    usual = {year: max(months, key=months.get) for year, months in found.items()}
    assert usual == {
        "2016": "9",
        "2017": "12",
        "2018": "12",
        "2019": "3",
        "2021": "9",
        "2022": "12",
    }


# --- merged Trusts: mapped by date or named as ended -------------------------------------------


def merges() -> list[tuple[tuple[str, ...], str, int]]:
    found = findings().chain.units.merges
    return [(m.sources, m.into, int(m.since)) for m in found]


def years_of(code: str) -> list[int]:
    return [int(row["year"]) for row in by_hand.load() if row["trust_code"] == code]


def test_a_merged_code_stops_before_its_date_and_the_new_one_is_there_from_it_on():
    for sources, into, since in merges():
        for code in sources:
            assert max(years_of(code)) < since, code
        assert since in years_of(into), into


def test_every_trust_that_ends_is_mapped_by_date_or_named_on_the_page():
    codes = {row["trust_code"] for row in by_hand.load()}
    ended = {code for code in codes if max(years_of(code)) < 2022}
    mapped = {code for sources, _, _ in merges() for code in sources}
    assert mapped <= ended
    for page in ("nhs.md", "nhs.it.md"):
        text = (PAGES / page).read_text(encoding="utf-8")
        named = set(re.findall(r"`(R[A-Z0-9]{2})`", text))
        assert ended - mapped <= named, page


# --- the product says the same, from the same file ---------------------------------------------


@pytest.mark.parametrize(
    ("target", "source", "columns"),
    [
        ("mortality", "engagement", ("engagement_mean_1to5", "shmi")),
        ("mortality", "advocacy", ("recommend_care_share", "shmi")),
        ("mortality", "stress", ("work_stress_share", "shmi")),
        ("emergency_waits", "burnout", ("burned_out_share", "ae_over_4h_share")),
        ("burnout", "staffing", ("enough_staff_share", "burned_out_share")),
        ("burnout", "team", ("membership_share", "burned_out_share")),
        ("burnout", "abuse", ("emotional_public_share", "burned_out_share")),
    ],
)
def test_the_product_and_plain_numpy_agree(target: str, source: str, columns: tuple[str, str]):
    both = by_hand.pair(*columns)
    between = evidence(target, source, Level.BETWEEN)
    within = evidence(target, source, Level.WITHIN)
    assert between.standardised == pytest.approx(both.between(), abs=1e-9)
    assert within.standardised == pytest.approx(both.within(), abs=1e-9)
    assert (between.units, between.n, within.n) == (both.trusts, both.rows, both.rows)
    assert between.low < between.estimate < between.high
    assert within.low < within.estimate < within.high


def test_the_second_extraction_is_shown_beside_on_the_same_rows():
    for level in Level:
        found = evidence("mortality", "engagement", level)
        second = by_hand.pair("engagement_share_v2", "shmi")
        expected = second.between() if level is Level.BETWEEN else second.within()
        assert variant(found, "second:engagement_second") == pytest.approx(expected, abs=1e-9)


def test_pooled_rows_and_peer_groups_are_shown_beside_burnout_and_waits():
    acute = by_hand.pair("burned_out_share", "ae_over_4h_share", group=ACUTE)
    everyone = by_hand.pair("burned_out_share", "ae_over_4h_share")
    between = evidence("emergency_waits", "burnout", Level.BETWEEN)
    within = evidence("emergency_waits", "burnout", Level.WITHIN)
    assert variant(between, "pooled") == pytest.approx(everyone.pooled(), abs=1e-9)
    assert variant(between, f"pooled:{ACUTE}") == pytest.approx(acute.pooled(), abs=1e-9)
    assert variant(within, "no_wave_effects") == pytest.approx(everyone.within(False), abs=1e-9)


def test_burnout_and_the_inpatient_score_stay_weaker_inside_the_peer_group():
    everyone = by_hand.pair("burned_out_share", "inpatient_meanS09_0to10")
    acute = by_hand.pair("burned_out_share", "inpatient_meanS09_0to10", group=ACUTE)
    found = evidence("inpatient_score", "burnout", Level.BETWEEN)
    assert (found.units, found.standardised) == (131, pytest.approx(everyone.pooled(), abs=1e-9))
    assert variant(found, f"peers:{ACUTE}") == pytest.approx(acute.pooled(), abs=1e-9)


def test_two_waves_of_burnout_and_waits_cannot_tell_yet():
    found = evidence("emergency_waits", "burnout", Level.WITHIN)
    assert found.waves == 2
    assert found.verdict is Verdict.CANNOT_TELL_YET


def test_years_of_different_months_are_not_compared():
    found = evidence("emergency_waits", "engagement", Level.WITHIN)
    assert any(check.status == "block" for check in found.checks)
    assert found.verdict is Verdict.CANNOT_TELL_YET


def test_a_pair_never_asked_in_one_year_cannot_be_told():
    for level in Level:
        found = evidence("burnout", "engagement", level)
        assert found.estimate is None
        assert found.verdict is Verdict.CANNOT_BE_TOLD


def test_no_link_of_published_figures_holds():
    assert Verdict.HOLDS not in {e.verdict for e in findings().evidence}
    assert findings().tried >= 2 * 10


# --- page, licence, raw files ------------------------------------------------------------------


@pytest.mark.parametrize(("page", "language"), [("nhs.md", "en"), ("nhs.it.md", "it")])
def test_the_page_shows_what_the_scripts_print(page: str, language: str):
    text = (PAGES / page).read_text(encoding="utf-8")
    for line in [*by_hand.report(), *script("../verdicts").table(findings(), language)]:
        assert line in text, line


@pytest.mark.parametrize("page", ["wandering-correlations.md", "wandering-correlations.it.md"])
def test_the_page_on_wandering_shows_every_year(page: str):
    text = (PAGES.parent / "explanation" / page).read_text(encoding="utf-8")
    for line in by_hand.wandering():
        assert line in text, line


def test_only_allowed_columns_are_bundled_and_the_licence_lies_beside():
    columns = set(by_hand.load()[0])
    assert columns == set(script("retype").COLUMNS)
    for word in ("religion", "sexual", "ethnic", "med_dental"):
        assert not any(word in column for column in columns)
    assert "Open Government Licence" in (EXAMPLE / "data/LICENCE").read_text(encoding="utf-8")


def test_the_examples_in_the_retyping_script_run():
    assert doctest.testmod(script("retype")) == (0, 1)


@pytest.mark.skipif(not SHARED, reason="ANELLO_REFERENCE_DATA does not name the raw files")
def test_the_bundled_file_is_what_the_script_makes_of_the_raw_one(tmp_path: Path):
    made = tmp_path / "trust_year.csv"
    script("retype").retype(Path(str(SHARED)) / "nhs_trusts/trust_year.csv", made)
    assert made.read_bytes() == (EXAMPLE / "data/trust_year.csv").read_bytes()
