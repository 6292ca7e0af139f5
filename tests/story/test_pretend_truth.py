"""What was planted in the pretend company reaches the evidence; what was not does not."""

import csv
import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from anello import run
from anello.model.evidence import Evidence, Level, Verdict
from anello.model.findings import Findings
from anello.model.loop import LoopVerdict
from anello.sample import PLANTED, Planted, pretend

EFFECTS = [p for p in PLANTED if p.within != 0]
NOTHING = next(p for p in PLANTED if p.within == 0)
ROOT = Path(__file__).parents[2]
TINY = {"S39", "S40"}
# Who did not answer, empty ticks and a loop over 16 weeks draw an estimate this far towards zero.
NEARER = 0.10


def verdicts() -> ModuleType:
    """Return the script that prints the table of the page."""
    path = ROOT / "examples/verdicts.py"
    spec = importlib.util.spec_from_file_location("pretend_verdicts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pretend(tmp_path_factory.mktemp("pretend") / "company", seed=1)


@pytest.fixture(scope="module")
def findings(company: Path) -> Findings:
    return verdicts().findings(company)


def evidence(findings: Findings, planted: Planted, level: Level) -> Evidence:
    claim = (planted.source, planted.target, planted.lag, level)
    return next(
        e
        for e in findings.evidence
        if (e.claim.source, e.claim.target, e.claim.lag, e.level) == claim
    )


def reaches(found: Evidence, truth: float) -> bool:
    """Say whether the 95 % limits meet the stretch from the truth to a tenth nearer to zero."""
    nearer, farther = sorted((truth * (1 - NEARER), truth))
    return found.low <= farther and found.high >= nearer


@pytest.mark.parametrize("planted", EFFECTS, ids=lambda p: p.formula)
def test_a_planted_effect_reaches_the_evidence(findings: Findings, planted: Planted):
    found = evidence(findings, planted, Level.WITHIN)
    assert found.verdict is Verdict.GOES_TOGETHER
    assert np.sign(found.estimate) == np.sign(planted.within)
    assert reaches(found, planted.within), (planted.within, found.low, found.high)


@pytest.mark.parametrize(
    "planted", [p for p in PLANTED if p.between is not None], ids=lambda p: p.formula
)
def test_the_slope_between_shops_covers_what_follows_from_the_plan(
    findings: Findings, planted: Planted
):
    found = evidence(findings, planted, Level.BETWEEN)
    assert reaches(found, planted.between), (planted.between, found.low, found.high)


def test_a_link_that_nobody_planted_is_reported_broken(findings: Findings):
    within = evidence(findings, NOTHING, Level.WITHIN)
    between = evidence(findings, NOTHING, Level.BETWEEN)
    assert within.verdict is Verdict.BREAKS
    assert between.verdict is not Verdict.GOES_TOGETHER
    assert within.low < 0 < within.high


def test_forgetting_the_busy_weeks_would_have_found_it(findings: Findings):
    found = evidence(findings, NOTHING, Level.WITHIN)
    naive = next(v for v in found.variants if v.name == "no_wave_effects")
    assert naive.low > 0.2
    assert any(c.name == "wave_effects" and c.status == "warn" for c in found.checks)


def test_the_way_back_is_found_and_its_direction_is_told(findings: Findings):
    back = next(p for p in PLANTED if p.lag == 1)
    found = evidence(findings, back, Level.WITHIN)
    assert found.verdict is Verdict.GOES_TOGETHER
    loop = next(
        loop for loop in findings.loops if {loop.source, loop.target} == {back.source, back.target}
    )
    first = LoopVerdict.FORWARD if loop.source == back.source else LoopVerdict.BACKWARD
    assert loop.verdict is first
    assert any(c.name == "direction" and c.status == "pass" for c in found.checks)


def test_the_planted_chain_arrives_at_the_till_week_by_week(findings: Findings):
    assert findings.paths is not None
    through = next(
        e
        for e in findings.paths.of("indirect", Level.WITHIN)
        if (e.source, e.target) == ("workload", "sales")
    )
    assert through.arrives
    assert through.estimate < 0
    nothing = next(
        e
        for e in findings.paths.of("indirect", Level.WITHIN)
        if (e.source, e.target) == ("canteen", "sales")
    )
    assert not nothing.arrives


def test_a_link_can_at_most_go_together(findings: Findings):
    assert Verdict.HOLDS not in {e.verdict for e in findings.evidence}


def test_shops_of_four_people_stay_withheld_for_staff_and_not_for_the_till(findings: Findings):
    shown = {(m.measure, m.unit) for m in findings.means}
    assert not {(m, u) for m, u in shown if m in {"engagement", "workload", "canteen"}} & {
        (m, u) for m in ("engagement", "workload", "canteen") for u in TINY
    }
    assert {("sales", "S39"), ("sales", "S40"), ("engagement", "S38")} <= shown
    assert findings.withheld == 2 * 16 * 3


def test_a_construct_without_data_stays_in_the_chain(findings: Findings):
    measured = {m.construct for m in findings.chain.measures}
    assert {c.key for c in findings.chain.constructs} - measured == {"margin"}


def test_every_link_of_the_chain_file_has_its_truth(company: Path, findings: Findings):
    truth = json.loads((company.parent / "truth.json").read_text(encoding="utf-8"))
    assert {link["formula"] for link in truth["links"]} == {
        link.formula for link in findings.chain.links
    }


def test_the_customers_of_another_company_have_nothing_to_do_with_this_staff(
    company: Path, tmp_path: Path
):
    other = pretend(tmp_path / "other", seed=2)
    mixed = tmp_path / "mixed"
    shutil.copytree(company.parent, mixed)
    shutil.copy(other.parent / "customers.csv", mixed / "customers.csv")
    found = {
        (e.claim.source, e.claim.target, e.level): e.verdict
        for e in run.analyse(mixed / "chain.yaml").evidence
    }
    strangers = [("engagement", "service"), ("engagement", "satisfaction"), ("loyalty", "sales")]
    strangers.append(("satisfaction", "engagement"))
    for source, target in strangers:
        for level in Level:
            assert found[source, target, level] is not Verdict.GOES_TOGETHER, (source, target)
    assert found["workload", "engagement", Level.WITHIN] is Verdict.GOES_TOGETHER


def test_the_bundled_company_is_the_one_of_seed_one(company: Path):
    bundled = ROOT / "examples/pretend"
    for made in sorted(company.parent.iterdir()):
        assert (bundled / made.name).read_bytes() == made.read_bytes(), made.name


@pytest.mark.slow
def test_over_twenty_companies_planted_effects_are_found_and_nothing_is_not(tmp_path: Path):
    estimates: dict[str, list[float]] = {p.formula: [] for p in PLANTED}
    false = 0
    for seed in range(1, 21):
        findings = run.analyse(pretend(tmp_path / str(seed), seed))
        for planted in PLANTED:
            estimates[planted.formula].append(evidence(findings, planted, Level.WITHIN).estimate)
        false += evidence(findings, NOTHING, Level.WITHIN).verdict is Verdict.GOES_TOGETHER
    for planted in PLANTED:
        mean = float(np.mean(estimates[planted.formula]))
        assert mean == pytest.approx(planted.within, abs=max(0.02, 0.16 * abs(planted.within)))
    assert false == 0


@pytest.mark.parametrize(("page", "language"), [("pretend.md", "en"), ("pretend.it.md", "it")])
def test_the_page_shows_the_truth_and_what_was_found(findings: Findings, page: str, language: str):
    text = (ROOT / "docs/tutorials" / page).read_text(encoding="utf-8")
    for line in verdicts().table(findings, language):
        assert line in text, line
    for planted in PLANTED:
        row = next(line for line in text.splitlines() if f"`{planted.formula}`" in line)
        shown = [cell.strip().replace("−", "-").replace(",", ".") for cell in row.split("|")[2:4]]
        assert float(shown[0]) == planted.within
        assert planted.between is None if shown[1] == "–" else float(shown[1]) == planted.between


def test_answers_look_like_answers(company: Path):
    with (company.parent / "employees.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ticks = [row[c] for row in rows for c in ("w1", "e1", "e3", "f1")]
    assert set(ticks) == {"", "1", "2", "3", "4", "5"}
    assert 0.02 < ticks.count("") / len(ticks) < 0.04
