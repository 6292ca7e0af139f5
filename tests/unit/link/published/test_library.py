"""The register of published effects: what stands in it, and what is never shown."""

import tomllib
from pathlib import Path

import pytest

from anello.link.published.library import HERE, library, read_library
from anello.model.errors import ModelError
from anello.stats.meta.effect_sizes import quartile_gap

REGISTER = tomllib.loads((HERE / "effects.toml").read_text("utf-8"))["effects"]

# Figures re-typed by hand from the papers' records, to catch a slip in the register.
KNOWN = {
    "harter_engagement": (0.33, 36, 7939, "V2"),
    "harter_engagement_turnover": (-0.30, 36, 7939, "V2"),
    "whitman": (0.34, 73, None, "V"),
    "glassdoor": (1.3, None, 293, "V"),
    "wake_green": (0.57, None, 97, "V"),
    "jonker": (13.75, None, 129, "V"),
    "nhs_engagement_2012": (-0.26, None, 141, "R"),
    "nhs_engagement_2014": (-0.06, None, 136, "R"),
    "nhs_advocacy_2019": (-0.35, None, 126, "R"),
    "nhs_stress_2016": (-0.19, None, 134, "R"),
    "otto": (0.101, 96, None, "V"),
    "park_total": (-0.15, 110, 120066, "V"),
    "park_involuntary": (-0.01, None, None, "V"),
    "arthur_learning": (0.63, 234, 15014, "V"),
    "oboyle": (0.04, 102, 56984, "V"),
    "apqc_customers": (0.86, None, None, "V2"),
    "jaramillo": (0.1866, 61, 14169, "R"),
}


@pytest.mark.parametrize("key", KNOWN)
def test_a_published_figure_stands_as_it_was_printed(key):
    effect = library().effect(key)
    assert (effect.value, effect.k, effect.n, effect.status) == KNOWN[key]


def test_every_row_of_the_register_of_evidence_is_there():
    rows = {part.strip() for row in REGISTER for part in row["row"].split(",")}
    numbered = {str(i) for i in range(1, 60)} - {"33"} | {"2b", "2c", "28b", "A2", "A8", "D10"}
    assert numbered <= rows


def test_keys_are_used_once_and_every_word_is_known():
    keys = [row["key"] for row in REGISTER]
    assert len(keys) == len(set(keys))
    found = library()
    constructs = {m.key for m in found.meanings}
    for effect in found.effects:
        assert {effect.source, effect.target} <= constructs, effect.key
        assert ("metrics", effect.metric) in found.words
        assert ("levels", effect.level) in found.words
        assert ("marks", effect.status) in found.words
        assert effect.of is None or ("nouns", effect.of) in found.words
        assert effect.kind in ("meta-analysis", "panel", "study", "experiment", "claim")
        assert effect.sign in (None, -1, 0, 1)


def test_everything_is_said_in_both_languages():
    found = library()
    pairs = [e.note for e in found.effects] + list(found.words.values())
    pairs += [m.label for m in found.meanings] + [q.ask for q in found.questions]
    pairs += [a.label for q in found.questions for a in q.answers]
    assert all(p.en.strip() and p.it.strip() and p.en != p.it for p in pairs)


def test_what_is_only_remembered_is_never_shown(tmp_path: Path):
    text = (HERE / "effects.toml").read_text("utf-8")
    marked = text.replace('key = "otto"', 'key = "otto"', 1)
    start = marked.index('key = "otto"')
    cut = marked.index('status = "V"', start)
    marked = marked[:cut] + marked[cut:].replace('status = "V"', 'status = "M"', 1)
    (tmp_path / "effects.toml").write_text(marked, "utf-8")
    found = read_library(tmp_path / "effects.toml", HERE / "words.toml")
    assert len(found.effects) == len(library().effects) - 1
    with pytest.raises(ModelError, match="no published effect 'otto'"):
        found.effect("otto")


def test_consultancy_figures_are_claims():
    rows = [row for row in REGISTER if row["row"] in ("A2", "A8", "12", "49", "50", "51", "52")]
    assert len(rows) > 25
    assert {row["kind"] for row in rows} == {"claim"}


def test_an_interval_is_told_from_a_span_over_findings():
    for effect in library().effects:
        if effect.low is not None and not effect.spans:
            assert effect.se is not None
            assert effect.value == pytest.approx((effect.low + effect.high) / 2, abs=1e-3)


def test_satisfaction_means_another_thing_for_staff_than_for_customers():
    found = library()
    assert found.recognised("satisfaction", "employee") == {"job_satisfaction": 1}
    assert found.recognised("satisfaction", "customer") == {"customer_satisfaction": 1}
    assert found.recognised("retention", "employee") == {"turnover": -1}
    assert found.recognised("canteen", "employee") == {}


def test_a_third_parts_extreme_quarters_by_less_than_a_sd():
    assert quartile_gap(library().effect("harter_engagement").value) == pytest.approx(
        0.84, abs=5e-3
    )
