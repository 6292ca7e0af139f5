"""Reliability and agreement that can be worked out by hand, on every engine."""

from math import isnan

import pytest

from anello.model.chain import Grain, Item, Measure
from anello.model.disclosure import Disclosure
from anello.model.place import Plural, Waves
from anello.model.words import Words
from anello.score import quality

NONE = Words("", "")
WAVES = Waves("wave", Plural(NONE, NONE))
FIVE = Disclosure(k=5)


def measure(*columns, low=1, high=5, grain=Grain.PERSON, **more):
    items = tuple(Item(c) for c in columns)
    return Measure("m", "m", NONE, "s", items, grain=grain, low=low, high=high, **more)


def test_units_that_differ_have_reliable_means(rows):
    """Units answer 4 5 4 5 4 5, 2 3 2 3 2 3 and 3 3 4 4 3 4.

    Means 4.5, 2.5, 3.5; MSB = 6 (1 + 0 + 1) / 2 = 6; MSW = 3 x 1.5 / 15 = .3;
    ICC(2) = 5.7 / 6 = .95; ICC(1) = 5.7 / (6 + 5 x .3) = .76; s2 = .3, rWG = 1 - .3 / 2 = .85.
    """
    answers = rows("""
        unit q
        a    4
        a    5
        a    4
        a    5
        a    4
        a    5
        b    2
        b    3
        b    2
        b    3
        b    2
        b    3
        c    3
        c    3
        c    4
        c    4
        c    3
        c    4
    """)
    (found,) = quality(answers, [measure("q")], FIVE, WAVES)
    assert (found.measure, found.wave, found.units, found.n) == ("m", "1", 3, 18)
    assert (found.alpha, found.omega, found.withheld) == (None, None, 0)
    assert found.mean == pytest.approx(3.5, abs=1e-12)
    assert found.icc1 == pytest.approx(0.76, abs=1e-12)
    assert found.icc2 == pytest.approx(0.95, abs=1e-12)
    assert found.rwg == pytest.approx(0.85, abs=1e-12)
    assert found.sd == pytest.approx(((12 + 4.5) / 17) ** 0.5, abs=1e-12)


def test_a_unit_with_four_answers_enters_no_number(rows):
    """The four fives of b would move the mean of all from 3 to 3.89."""
    answers = rows("""
        unit q
        a    1
        a    2
        a    3
        a    4
        a    5
        b    5
        b    5
        b    5
        b    5
        b    .
    """)
    (found,) = quality(answers, [measure("q")], FIVE, WAVES)
    assert (found.units, found.n, found.mean, found.withheld) == (1, 5, 3, 1)
    assert (found.icc1, found.icc2) == (None, None)


def test_a_wave_in_which_every_unit_is_too_small_says_only_that(rows):
    (found,) = quality(rows("unit q\na 1\na 2\nb 5"), [measure("q")], FIVE, WAVES)
    assert (found.units, found.n, found.withheld) == (0, 0, 2)
    assert isnan(found.mean)
    assert isnan(found.sd)
    assert (found.rwg, found.icc1) == (None, None)


def test_alpha_and_omega_are_those_of_people_who_answered_every_item(rows):
    """Three items with equal covariances: both are 3/2 (1 - 3 v / (3 v + 6 c)).

    Over the six complete people each item has v = 2 and each pair c = 1: 3/2 (1 - 6 / 12) = .75.
    """
    answers = rows("""
        unit a b c
        x    1 1 3
        x    1 3 1
        x    3 1 1
        x    5 5 3
        x    5 3 5
        x    3 5 5
        x    1 5 .
    """)
    (found,) = quality(answers, [measure("a", "b", "c")], FIVE, WAVES)
    v, c = 16 / 5, 8 / 5
    assert found.n == 7
    assert found.alpha == pytest.approx(1.5 * (1 - 3 * v / (3 * v + 6 * c)), abs=1e-12)
    assert found.omega == pytest.approx(found.alpha, abs=1e-7)


def test_waves_are_told_apart_and_stand_in_time_order(rows):
    answers = rows("unit wave q\n" + "a 10 5\n" * 5 + "a 9 1\n" * 6)
    found = quality(answers, [measure("q")], FIVE, WAVES)
    assert [(q.wave, q.mean, q.n) for q in found] == [("9", 1, 6), ("10", 5, 5)]


def test_a_unit_level_figure_has_mean_and_sd_and_hides_what_few_people_stand_behind(rows):
    figures = rows(
        """
        unit wave rate base
        a    2019 1    40
        b    2019 3    60
        c    2019 9    4
        d    2019 .    3
        e    2019 5    .
        """,
        Grain.UNIT,
    )
    measured = measure("rate", grain=Grain.UNIT, scoring="given", base="base", high=10, low=0)
    (found,) = quality(figures, [measured], FIVE, WAVES)
    assert (found.units, found.n, found.withheld) == (3, None, 1)
    assert (found.mean, found.sd) == (3, pytest.approx(2, abs=1e-12))
    assert (found.icc2, found.rwg, found.alpha) == (None, None, None)


def test_money_far_from_zero_keeps_its_digits(rows):
    """Ten units of 1e9 and a bit: the SD of 0..9 is 3.0277."""
    figures = rows("unit till\n" + "\n".join(f"u{i} {10**9 + i}" for i in range(10)), Grain.UNIT)
    money = measure("till", grain=Grain.UNIT, scoring="given", low=None, high=None)
    (found,) = quality(figures, [money], FIVE, WAVES)
    assert found.mean == 10**9 + 4.5
    assert found.sd == pytest.approx((82.5 / 9) ** 0.5, abs=1e-12)


def test_nobody_answered_and_nothing_is_said(rows):
    assert quality(rows("unit q\na .\nb ."), [measure("q")], FIVE, WAVES) == ()
