"""A planted direction reaches the page; a false loop of stable differences does not."""

import html
import re
from pathlib import Path

import numpy as np
import pytest

from anello import run
from anello.model.evidence import Level
from anello.model.findings import Findings
from anello.model.loop import LoopVerdict
from anello.protect.release import release
from anello.report import compose

CHAIN = """
anello: 1
key: shops
title: {en: Shops, it: Negozi}
worth_acting_on: 0.2 sd
units: {column: shop, label: {en: [shop, shops], it: [negozio, negozi]}}
waves: {column: year, label: {en: [year, years], it: [anno, anni]}}
sources:
  table: {path: table.csv, grain: unit}
constructs:
  mood: {side: employee, label: {en: Mood, it: Umore}}
  care: {side: employee, label: {en: Care, it: Cura}}
  trust: {side: customer, label: {en: Trust, it: Fiducia}}
measures:
"""


def company(
    folder: Path, columns: dict[str, np.ndarray], links: list[str], first: int = 2015
) -> Findings:
    """Write units x waves figures and a chain of links, and analyse them."""
    keys = list(columns)
    units, waves = columns[keys[0]].shape
    lines = ["shop,year," + ",".join(keys)]
    for j in range(units):
        for t in range(waves):
            cells = [columns[k][j, t] for k in keys]
            shown = ["" if np.isnan(c) else f"{c:.6f}" for c in cells]
            lines.append(f"s{j:03d},{first + t}," + ",".join(shown))
    (folder / "table.csv").write_text("\n".join(lines), encoding="utf-8")
    measures = "".join(f"  {k}: {{source: table, column: {k}}}\n" for k in keys)
    text = CHAIN + measures + "links:\n" + "".join(f"  - {link}\n" for link in links)
    (folder / "chain.yaml").write_text(text, encoding="utf-8")
    return run.analyse(folder / "chain.yaml")


def world(
    units: int, waves: int, forward: float, back: float, stable: float = 1.0, seed: int = 1
) -> dict[str, np.ndarray]:
    """Mood and care: what is stable goes together by .8; the lags act on what moves."""
    rng = np.random.default_rng(seed)
    usual = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], units) * stable
    now = rng.normal(size=(units, 2))
    seen = []
    for _ in range(waves + 20):
        shock = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], units)
        now = now @ np.array([[0.3, back], [forward, 0.3]]).T + shock
        seen.append(now + usual)
    cube = np.stack(seen[-waves:], axis=1)
    return {"mood": cube[:, :, 0], "care": cube[:, :, 1]}


def section(findings: Findings, key: str, language: str = "en") -> str:
    """Return the words of one section of the page."""
    name = "report.html" if language == "en" else "report.it.html"
    page = compose(release(findings))[name].decode()
    found = re.search(rf'<section id="{key}".*?</section>', page, re.DOTALL)
    assert found is not None
    plain = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found[0], flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(plain))


@pytest.fixture(scope="module")
def stable_only(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = tmp_path_factory.mktemp("stable")
    return company(folder, world(300, 6, 0, 0, stable=2.0, seed=2), ["care ~ mood"])


def test_stable_differences_alone_look_like_a_loop_to_the_naive_model(stable_only: Findings):
    loop = stable_only.loops[0]
    assert loop.naive is not None
    assert loop.naive.forward.q < 0.001
    assert loop.naive.back.q < 0.001
    assert loop.verdict is LoopVerdict.NONE
    assert loop.stable == pytest.approx(0.8, abs=0.1)


def test_the_page_says_that_neither_comes_first(stable_only: Findings):
    assert "Neither comes first : one year later" in section(stable_only, "loop")
    assert "would have said: “Both ways”" in section(stable_only, "loop")
    assert "Nessuna delle due viene prima : 1 anno dopo" in section(stable_only, "loop", "it")


@pytest.mark.parametrize(
    ("links", "verdict"),
    [(["care ~ mood"], LoopVerdict.FORWARD), (["mood ~ care"], LoopVerdict.BACKWARD)],
)
def test_a_one_way_loop_is_told_in_its_direction(
    tmp_path: Path, links: list[str], verdict: LoopVerdict
):
    findings = company(tmp_path, world(150, 6, 0.35, 0.0), links)
    assert findings.loops[0].verdict is verdict
    assert "Mood comes first : when it is one standard deviation" in section(findings, "loop")


def test_both_ways_are_told_where_both_were_planted(tmp_path: Path):
    findings = company(tmp_path, world(150, 6, 0.3, 0.3), ["care ~ mood"])
    assert findings.loops[0].verdict is LoopVerdict.BOTH
    assert "Both ways" in section(findings, "loop")


def test_two_waves_are_refused_in_words_whatever_the_naive_model_says(tmp_path: Path):
    findings = company(tmp_path, world(150, 2, 0.4, 0.0, stable=2.0), ["care ~ mood"])
    loop = findings.loops[0]
    assert loop.judged is None
    assert loop.verdict is LoopVerdict.CANNOT_TELL_YET
    assert "three are needed: with two, stable differences cannot be separated" in section(
        findings, "loop"
    )


def test_missing_waves_do_not_drop_a_unit(tmp_path: Path):
    columns = world(150, 6, 0.35, 0.0)
    hole = np.random.default_rng(3).random(columns["mood"].shape) < 0.15
    columns["mood"][hole] = np.nan
    loop = company(tmp_path, columns, ["care ~ mood"]).loops[0]
    assert loop.units == 150
    assert loop.verdict is LoopVerdict.FORWARD


def test_the_direction_of_a_lagged_link_is_decided_by_the_model(tmp_path: Path):
    findings = company(tmp_path, world(150, 6, 0.35, 0.0), ["care ~ lag(mood, 1)"])
    checks = {
        e.level: next(c for c in e.checks if c.name == "direction") for e in findings.evidence
    }
    assert checks[Level.WITHIN].status == "pass"
    assert "comes first" in checks[Level.WITHIN].sentence


def test_a_lagged_link_the_wrong_way_round_keeps_its_warning(tmp_path: Path):
    findings = company(tmp_path, world(150, 6, 0.35, 0.0), ["mood ~ lag(care, 1)"])
    within = next(e for e in findings.evidence if e.level is Level.WITHIN)
    check = next(c for c in within.checks if c.name == "direction")
    assert check.status == "warn"
    assert "does not come first" in check.sentence


def linked(units: int, waves: int, second: float, seed: int = 1) -> dict[str, np.ndarray]:
    """Mood moves care by .5 on both levels; care moves trust by `second`."""
    rng = np.random.default_rng(seed)

    def both() -> np.ndarray:
        return rng.normal(size=(units, 1)) + rng.normal(size=(units, waves))

    mood = both()
    care = 0.5 * mood + both()
    return {"mood": mood, "care": care, "trust": second * care + both()}


def test_a_whole_chain_arrives_on_both_levels(tmp_path: Path):
    findings = company(tmp_path, linked(100, 6, 0.5), ["care ~ mood", "trust ~ care"])
    assert findings.paths is not None
    for level in Level:
        through = next(e for e in findings.paths.of("indirect", level))
        assert through.drawn_low < 0.25 < through.drawn_high
        assert through.arrives
    assert "Arrives" in section(findings, "paths")
    assert "Arriva" in section(findings, "paths", "it")


def test_a_broken_chain_does_not_arrive(tmp_path: Path):
    findings = company(tmp_path, linked(100, 6, 0.0), ["care ~ mood", "trust ~ care"])
    assert findings.paths is not None
    for level in Level:
        through = next(e for e in findings.paths.of("indirect", level))
        assert through.drawn_low < 0 < through.drawn_high
    assert "Not seen to arrive" in section(findings, "paths")


def test_nothing_of_a_single_unit_leaves_with_a_model(tmp_path: Path):
    findings = company(tmp_path, linked(30, 5, 0.5), ["care ~ mood", "trust ~ care"])
    value = release(findings).value
    assert not re.search(r"\bs0\d\d\b", repr(value.loops) + repr(value.paths))
