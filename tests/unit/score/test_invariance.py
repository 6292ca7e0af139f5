"""The steps of invariance from sums alone: what holds, what cannot be fitted, what is said."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from anello.model.chain import Grain, Item, Measure
from anello.model.invariance import MOST_GROUPS, Alike
from anello.model.words import Words
from anello.report.invariance_words import sentence
from anello.score.invariance import asks, compared
from anello.stats.sem.likelihood.single import GroupSums

SIMULATION = Path(__file__).parents[3] / "benchmarks" / "invariance_simulation.py"
ONE = 0.5 * np.ones((4, 4)) + 0.5 * np.eye(4)
"""Four questions of one factor: every correlation is .5."""
TWO = np.kron(np.eye(2), [[0.3, 0.7], [0.7, 0.3]]) + 0.05 + 0.65 * np.eye(4)
"""Two pairs that have next to nothing to do with each other."""
HEYWOOD = np.array([[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]])
"""Loadings of one factor would be .8 * .8 / .4 = 1.6 > 1: the first residual is negative."""


def sums(cov, mean=None, n=300):
    cov = np.array(cov, float)
    names = tuple(f"x{i + 1}" for i in range(len(cov)))
    return GroupSums(names, n, np.full(len(cov), 3.0) if mean is None else np.array(mean), cov)


def measure(*columns, **more):
    items = tuple(Item(c) for c in columns)
    word = Words("", "")
    return Measure("m", "m", word, "s", items, **({"grain": Grain.PERSON, **more}))


def test_equal_moments_hold_to_the_end():
    found = compared("m", "waves", {"1": sums(ONE), "2": sums(ONE)})
    assert found.level is Alike.SCALAR
    assert [s.name for s in found.steps] == ["configural", "metric", "scalar"]
    assert [s.df for s in found.steps] == [4, 7, 10]
    assert [s.delta_cfi for s in found.steps] == [None, pytest.approx(0), pytest.approx(0)]
    assert (found.groups, found.n, found.least, found.items) == (("1", "2"), 600, 300, 4)


def test_one_question_that_is_answered_higher_leaves_only_the_links():
    found = compared("m", "waves", {"1": sums(ONE), "2": sums(ONE, [3, 3, 3, 3.5])})
    assert found.level is Alike.METRIC


def test_chance_is_named_where_a_wave_is_small():
    moved = [3, 3, 3, 3.5]
    small = compared("m", "waves", {"1": sums(ONE), "2": sums(ONE, moved, n=150)})
    large = compared("m", "waves", {"1": sums(ONE), "2": sums(ONE, moved)})
    assert "fewer than 300 people, chance alone" in told(small)
    assert "meno di 300 persone" in told(small, "it")
    assert "chance alone" not in told(large)


def test_a_mood_that_rises_alike_in_all_questions_is_no_change_of_them():
    found = compared("m", "waves", {"1": sums(ONE), "2": sums(ONE, [3.5] * 4)})
    assert found.level is Alike.SCALAR


def test_a_question_that_lost_its_weight_leaves_neither():
    other = ONE.copy()
    other[3, :3] = other[:3, 3] = 0.1
    assert compared("m", "waves", {"1": sums(ONE), "2": sums(other)}).level is Alike.CONFIGURAL


def test_two_factors_are_not_asked_whether_they_are_one_and_the_same():
    found = compared("m", "waves", {"1": sums(TWO), "2": sums(TWO)})
    assert found.level is Alike.NONE
    assert found.fit < 0.9
    assert "one factor does not describe the answers (CFI 0." in told(found)


def test_three_questions_fit_by_construction_and_a_negative_variance_is_said():
    found = compared("m", "waves", {"1": sums(HEYWOOD), "2": sums(HEYWOOD)})
    assert found.steps[0].df == 0
    assert found.improper == ("configural", "metric", "scalar")
    text = told(found)
    assert "Three questions fit one factor by construction" in text
    assert "A variance came out negative" in text
    assert "Una varianza è risultata negativa" in told(found, "it")


def test_a_question_that_everybody_answers_alike_cannot_be_fitted():
    flat = ONE.copy()
    flat[3] = flat[:, 3] = 0.0
    found = compared("m", "waves", {"1": sums(ONE), "2": sums(flat)})
    assert (found.level, found.steps) == (Alike.NONE, ())
    assert "no model of one factor could be fitted" in told(found)


def told(found, language="en"):
    return sentence(found, "Climate", "2 years", language)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (measure("a", "b", "c"), True),
        (measure("a", "b"), False),
        (measure("a", "b", "b"), False),
        (measure("a", "b", "c", grain=Grain.UNIT), False),
        (measure("a", "b", "c", scoring="sentiment"), False),
        (measure("a", "b", "c", scoring="top_box", low=1, high=5), True),
    ],
)
def test_it_is_asked_of_three_different_questions_of_persons(asked, expected):
    assert asks(asked) is expected


def test_as_many_waves_as_are_compared_at_once_are_fitted():
    found = compared("m", "waves", {str(w): sums(ONE) for w in range(MOST_GROUPS)})
    assert (found.level, len(found.groups)) == (Alike.SCALAR, 24)


@pytest.mark.slow
def test_what_was_not_changed_is_seldom_flagged_and_what_was_is_found():
    levels = runpy.run_path(str(SIMULATION))["levels"]
    assert levels(200, 300, 5, "nothing")[Alike.SCALAR] >= 0.95 * 200
    assert levels(200, 300, 3, "nothing")[Alike.SCALAR] >= 0.85 * 200
    assert levels(200, 300, 5, "intercept")[Alike.SCALAR] <= 0.20 * 200
    assert levels(200, 300, 5, "loading")[Alike.SCALAR] <= 0.05 * 200
