"""Which comes first, and what passes through the chain: words, pictures, tables, board."""

import html
import re
from dataclasses import replace

import pytest
from report_specimen import nhs, shops

from anello.model.evidence import BLOCK, WARN, Check, Level
from anello.model.loop import CrossLag, CrossLags, FitIndices, Loop
from anello.model.paths import DIRECT, INDIRECT, TOTAL, PathEffect, PathModel
from anello.report.board import sheet
from anello.report.loop_words import board_line
from anello.report.page import page
from anello.report.reading import Reading
from anello.report.tables import table

FIT = FitIndices(30.0, 20, 0.07, 0.98, 0.97, 0.05, 0.0, 0.09, 0.04)


def lag(source, target, at, q, small):
    half = 0.99 if at > 0.2 else 0.4
    return CrossLag(source, target, at, 0.05, at, at - 0.1, at + 0.1, 0.2, small, half, q, q)


def pair(method, forward, back, q=(0.9, 0.9), small=(0.99, 0.99)):
    there = lag("pride", "happy", forward, q[0], small[0])
    return CrossLags(
        method,
        there,
        lag("happy", "pride", back, q[1], small[1]),
        forward - back,
        forward - back - 0.15,
        forward - back + 0.15,
    )


def loop(judged, naive=None, **more):
    stable = {"stable": 0.6, "stable_source": 0.5, "stable_target": 0.4, "together": 0.3}
    made = Loop("pride", "happy", (), 42, 8, "2024-Q1", "2025-Q4", 330, 0.2, judged, naive,
                parameters=31, fit=FIT, **(stable if judged else {}))  # fmt: skip
    return replace(made, **more)


FORWARD = loop(pair("riclpm", 0.35, 0.02, (0.001, 0.8), (0.0, 0.99)))
NONE = loop(
    pair("riclpm", 0.02, 0.01),
    pair("clpm", 0.3, 0.3, (0.001, 0.001), (0.0, 0.0)),
)
SHORT = loop(
    None,
    pair("clpm", 0.3, 0.3, (0.001, 0.001), (0.0, 0.0)),
    waves=2,
    parameters=0,
    fit=None,
    checks=(
        Check(
            "loop_waves",
            BLOCK,
            "Only {waves} waves in a row have both, and three are needed: with two, stable "
            "differences cannot be separated from change.",
            (("waves", 2),),
        ),
    ),
)


def effect(kind, source, target, level, at, half, through=()):
    limits = (at - half, at + half)
    return PathEffect(kind, source, target, level, at, half / 2, *limits, *limits, at, *limits,
                      through)  # fmt: skip


def model(at=0.2, **more):
    effects = []
    for level in Level:
        effects += [
            effect(DIRECT, "quality", "pride", level, 0.5, 0.1),
            effect(DIRECT, "pride", "happy", level, 0.4, 0.1),
            effect(INDIRECT, "quality", "happy", level, at, 0.1),
            effect(TOTAL, "quality", "happy", level, at, 0.1),
            effect(INDIRECT, "quality", "happy", level, at, 0.1, ("quality", "pride", "happy")),
        ]
    links = (("quality", "pride"), ("pride", "happy"))
    fit = replace(FIT, srmr_within=0.02, srmr_between=0.05)
    return replace(PathModel(links, (), 42, 8, 336, 6, 6, tuple(effects), fit), **more)


def reading(language="en", **changed):
    made = shops()
    return Reading(replace(made.value, **changed), made.gate, language)


def words(key, language="en", **changed):
    text = page(reading(language, **changed), "", "").decode()
    found = re.search(rf'<section id="{key}".*?</section>', text, re.DOTALL)
    plain = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found[0], flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(plain))


def test_the_verdict_comes_first_and_the_numbers_after():
    said = words("loop", loops=(FORWARD,))
    assert "Pride comes first : when it is one standard deviation above what is usual" in said
    assert (
        "satisfaction is 0.35 standard deviations higher (0.25 to 0.45) one quarter later" in said
    )
    assert "The other way round it is +0.02 [−0.08, 0.12]: too small to act on." in said
    assert said.index("comes first :") < said.index("RI-CLPM")


def test_italian_says_the_same_in_its_own_words():
    said = words("loop", "it", loops=(FORWARD,))
    assert "Prima viene: Orgoglio" in said
    assert "0,35 deviazioni standard più su (da 0,25 a 0,45) 1 trimestre dopo" in said
    assert "one quarter" not in said


def test_a_false_loop_of_the_naive_model_gets_its_own_card():
    said = words("loop", loops=(NONE,))
    assert "Neither comes first" in said
    assert "(CLPM) would have said: “Both ways”. Stable differences between shops can" in said


def test_two_waves_are_a_line_with_its_reason():
    said = words("loop", loops=(SHORT,))
    assert "three are needed" in said
    assert "What a CLPM says, “Both ways”, cannot separate stable differences" in said
    assert "comes first :" not in said


def test_no_loop_no_section():
    assert '<section id="loop"' not in page(reading(), "", "").decode()
    assert '<section id="paths"' not in page(reading(), "", "").decode()


def test_the_pictures_share_one_axis_and_can_be_read_aloud():
    text = page(reading(loops=(FORWARD,)), "", "").decode()
    pictures = re.findall(r'<svg[^>]*class="ip[^>]*>.*?</svg>', text, re.DOTALL)
    mine = [p for p in pictures if 'id="loop-1-' in p]
    assert len(mine) == 2
    assert all("<title" in p and "<desc" in p for p in mine)
    ticks = [re.findall(r'class="tick"[^>]*>([^<]+)', p) for p in mine]
    assert ticks[0] == ticks[1]


def test_the_table_holds_both_models_and_the_verdict():
    rows = table(reading(loops=(FORWARD, NONE, SHORT)), "loops").to_pylist()
    assert [(r["verdict"], r["method"]) for r in rows] == [
        ("forward", "riclpm"),
        ("none", "riclpm"),
        ("none", "clpm"),
        ("cannot_tell_yet", "clpm"),
    ]
    assert rows[0]["forward"] == 0.35
    assert rows[0]["cfi"] == 0.98
    assert rows[2]["cfi"] is None


def test_the_board_has_one_line_only_when_a_direction_is_told():
    assert board_line(reading(loops=(NONE, SHORT))) == ""
    line = board_line(reading(loops=(FORWARD, NONE, FORWARD)))
    assert line.startswith("Pride ⇄ Satisfaction: Pride comes first.")
    assert line.endswith("1 more pair with a direction is in the report.")
    assert sheet(reading(loops=(FORWARD,)))[:4] == b"%PDF"


def test_a_chain_that_arrives_is_told_end_to_end():
    said = words("paths", paths=model())
    assert "Internal service quality → Pride → Satisfaction" in said
    assert (
        "Arrives inside shops over time: where “internal service quality” is one"
        in said.replace("“Internal", "“internal")
    )
    assert "+0.20 [0.10, 0.30]" in said


def test_a_chain_that_is_broken_is_not_seen_to_arrive():
    said = words("paths", "it", paths=model(0.02))
    assert "Non si vede arrivare" in said
    assert "Arriva" not in said


def test_a_refused_model_says_why_and_shows_no_number():
    refused = model(
        effects=(),
        fit=None,
        checks=(
            Check(
                "paths_parameters",
                BLOCK,
                "{units} units are fewer than the {parameters} parameters that the chain has "
                "between units.",
                (("units", 42), ("parameters", 50)),
            ),
            Check(
                "paths_lag",
                WARN,
                "The link from {source} to {target} acts later and is left out here.",
                (("source", "happy"), ("target", "pride")),
            ),
        ),
    )
    said = words("paths", paths=refused)
    assert "42 units are fewer than the 50 parameters" in said
    assert "The link from satisfaction to pride acts later" in said
    assert "[" not in said


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_path_table_has_every_effect_on_both_levels(language):
    rows = table(reading(language, paths=model()), "paths").to_pylist()
    assert len(rows) == 10
    assert {r["level"] for r in rows} == {"between", "within"}
    assert rows[4]["through"] == "quality -> pride -> happy"


def test_other_releases_stay_as_they_were():
    assert '<section id="loop"' not in page(Reading(nhs().value, "", "en"), "", "").decode()
