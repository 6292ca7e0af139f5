"""Every link model and every check keeps the promise of its shelf, also those added later."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import anello.link
from anello.link import LINK_MODELS, judge
from anello.link.base import Judged
from anello.link.checks import CHECKS, doubts
from anello.link.look import look
from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source
from anello.model.evidence import BLOCK, PASS, WARN, Level
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words, catalogue, say
from anello.store.panel import Panel

ROOM = Path(anello.link.__file__).parent
WORD = Words("word", "parola")
KEYS = ("care", "mood", "staff", "speed", "abuse")
NAMES = [*LINK_MODELS]


def chain():
    links = (
        *(Link(k, "care") for k in KEYS[1:]),
        Link("care", "mood", lag=1, controls=("staff",)),
        Link("mood", "care", lag=2, only=(("kind", "acute"),), peers="kind"),
    )
    return Chain(
        "all",
        WORD,
        tuple(Construct(k, WORD, Side.EMPLOYEE) for k in KEYS),
        tuple(Measure(k, k, WORD, "s", (Item(k),)) for k in KEYS),
        links,
        (Source("s", "-"),),
        Units("u", Plural(WORD, WORD), peers="kind"),
        Waves("w", Plural(WORD, WORD)),
    )


def panel(units, waves, seed=1, holes=0.1):
    rng = np.random.default_rng(seed)
    shape = (units, waves)
    mean = {k: rng.normal(size=(units, 1)) + rng.normal(size=shape) for k in KEYS}
    mean["care"] = mean["mood"] + rng.normal(size=shape)
    for values in mean.values():
        values[rng.random(shape) < holes] = np.nan
    kinds = rng.choice(np.array(["acute", "mental", ""], dtype=object), size=(units, 1))
    kinds[0] = "acute"
    return Panel(
        tuple(f"u{j}" for j in range(units)),
        tuple(str(t) for t in range(waves)),
        mean,
        {k: np.full(shape, 12.0) for k in KEYS},
        icc2={"mood": 0.8},
        coverage={"care": np.full(shape, 1.0)},
        groups={"kind": np.repeat(kinds, waves, axis=1)},
        persons=frozenset({"mood"}),
        withheld={"mood": 2},
        response={"mood": rng.uniform(0.3, 0.9, size=shape)},
    )


SIZES = [(1, 1), (2, 2), (5, 3), (12, 1), (12, 2), (25, 5), (40, 12)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_a_model_takes_any_panel_and_says_the_same_twice(name, size):
    model, given = LINK_MODELS[name], panel(*size)
    found = model(given, chain())
    assert isinstance(found, Judged)
    assert repr(found) == repr(model(given, chain()))


@pytest.mark.parametrize("name", NAMES)
def test_a_model_lives_in_the_file_of_its_key(name):
    assert (ROOM / f"{name}.py").is_file()
    assert LINK_MODELS[name].__name__ == name


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_link_has_both_levels_and_every_number_is_finite(size):
    found = judge(panel(*size), chain())
    links = chain().links
    assert [(e.claim.source, e.claim.lag, e.level) for e in found.evidence] == [
        (k.source, k.lag, level) for k in links for level in Level
    ]
    for row in found.evidence:
        numbers = (row.estimate, row.standardised, row.se, row.df, row.low, row.high, row.worth)
        assert all(x is None or np.isfinite(x) for x in numbers)
        assert (row.estimate is None) == (row.design.key == "none")
        assert all(np.isfinite(v.standardised) for v in row.variants)


@pytest.mark.parametrize("name", [*CHECKS])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_check_bears_its_key_and_fills_its_sentence_in_both_languages(name, size):
    for link in chain().links:
        for level in Level:
            check = CHECKS[name](look(panel(*size), chain(), link, level))
            if check is not None:
                assert check.name == name
                assert check.status in {PASS, WARN, BLOCK}
                texts = [say(check.sentence, lang, **dict(check.values)) for lang in ("en", "it")]
                assert texts[0] != texts[1]


def test_doubts_come_in_the_order_of_the_shelf():
    one = look(panel(25, 5), chain(), chain().links[0], Level.WITHIN)
    names = [c.name for c in doubts(one)]
    assert names == [n for n in CHECKS if n in names]
    assert len(names) >= 6


def sentences():
    """Return reasons of needs and labels of variants: texts that no error and no check carries."""
    needs = ast.parse((ROOM / "needs.py").read_text("utf-8"))
    found = [
        node.value.value
        for node in needs.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    rows = judge(panel(25, 5), chain()).evidence
    own = {"pooled", "no_wave_effects"}
    return found + [v.label for e in rows for v in e.variants if v.name in own]


def test_reasons_and_labels_have_their_italian():
    assert len(sentences()) > 10
    assert [text for text in sentences() if text not in catalogue("it")] == []


def test_persons_are_counted_as_answers_and_figures_as_rows():
    rows = judge(panel(25, 5), chain()).evidence
    counted = {e.claim.source: e for e in rows if e.level is Level.BETWEEN and e.claim.lag == 0}
    assert counted["mood"].persons
    assert counted["mood"].n % 12 == 0
    assert not counted["staff"].persons
    assert counted["staff"].n <= 25 * 5


def test_a_person_never_moves_the_evidence_of_an_unlinked_measure():
    given = panel(25, 5)
    changed = replace(given, mean={**given.mean, "speed": given.mean["speed"] + 1})
    one, other = judge(given, chain()), judge(changed, chain())
    same = [e.claim.source != "speed" for e in one.evidence]
    for kept, a, b in zip(same, one.evidence, other.evidence, strict=True):
        assert not kept or a.estimate == b.estimate


@pytest.mark.parametrize("page", ["checks.md", "checks.it.md"])
def test_every_check_stands_in_the_documents(page):
    text = (ROOM.parents[2] / "docs" / "reference" / page).read_text("utf-8")
    listed = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert listed == [*CHECKS]
