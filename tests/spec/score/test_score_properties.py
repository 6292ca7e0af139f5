"""What must be true of every score, whatever people answer, on every engine alike."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anello.model.chain import Grain, Item, Measure
from anello.model.disclosure import Disclosure
from anello.model.place import Plural, Waves
from anello.model.words import Words
from anello.score import SCORINGS, quality, score, span

NONE = Words("", "")
FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
COLUMNS = ("a", "b", "c")
SCALES = {"recommend": (0, 10), "top_box": (1, 7), "given": (0, 100)}

people = st.lists(
    st.tuples(st.sampled_from("xyz"), *[st.none() | st.integers(1, 5)] * 3),
    min_size=1,
    max_size=40,
)


def table(answers, turn=None):
    def cell(value):
        return value if value is None else float(turn - value if turn else value)

    columns = {c: [cell(row[i + 1]) for row in answers] for i, c in enumerate(COLUMNS)}
    types = {"unit": pa.string(), "wave": pa.string(), **dict.fromkeys(COLUMNS, pa.float64())}
    found = {"unit": [r[0] for r in answers], "wave": ["1"] * len(answers), **columns}
    return pa.table({k: pa.array(v, types[k]) for k, v in found.items()})


def measure(scoring="mean", low=1, high=5, columns=COLUMNS, reverse=False):
    items = tuple(Item(c, reverse) for c in columns)
    return Measure("m", "m", NONE, "s", items, scoring, grain=Grain.PERSON, low=low, high=high)


def scores(rows, one):
    return score(rows, [one]).to_pyarrow()["m"].to_pylist()


def measures():
    """One measure of every scoring that reads numbers; what reads comments has tests of its own."""
    for key in SCORINGS:
        if key in ("sentiment", "topic_share"):
            continue
        low, high = SCALES.get(key, (1, 5))
        yield measure(key, low, high, COLUMNS[:1] if key in ("given", "recommend") else COLUMNS)


@FEW
@given(people)
def test_turning_every_answer_and_every_item_changes_no_score(engines, answers):
    there = engines["duckdb"](table(answers))
    back = engines["duckdb"](table(answers, turn=6))
    for one in measures():
        if (one.low, one.high) == (1, 5):
            turned = measure(one.scoring, 1, 5, reverse=True)
            assert scores(back, turned) == pytest.approx(scores(there, one), abs=1e-12)


@FEW
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_figure(engines, answers, random):
    """Sums are whole numbers inside the engine, so this holds to the last bit."""
    shuffled = random.sample(answers, len(answers))
    waves = Waves("wave", Plural(NONE, NONE))
    for one in measures():
        found = [
            quality(engines["duckdb"](table(a)), [one], Disclosure(), waves)
            for a in (answers, shuffled)
        ]
        assert repr(found[0]) == repr(found[1])


@FEW
@given(people)
def test_every_score_lies_inside_its_span(engines, answers):
    there = engines["duckdb"](table(answers))
    for one in measures():
        low, high = span(one)
        assert all(low <= s <= high for s in scores(there, one) if s is not None)


@FEW
@given(people)
def test_every_engine_gives_the_same_scores_and_the_same_quality(engines, answers):
    duck, lite = (engines[name](table(answers)) for name in ("duckdb", "sqlite"))
    waves = Waves("wave", Plural(NONE, NONE))
    for one in measures():
        pairs = zip(scores(duck, one), scores(lite, one), strict=True)
        assert all((x is None) == (y is None) for x, y in pairs)
        known = [[s for s in scores(r, one) if s is not None] for r in (duck, lite)]
        assert known[0] == pytest.approx(known[1], abs=1e-12)
        found = [repr(quality(r, [one], Disclosure(), waves)) for r in (duck, lite)]
        assert found[0] == found[1]
