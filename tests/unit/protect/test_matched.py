"""The same people are compared only when they are many, and when nobody is left over alone."""

from datetime import date

import numpy as np
import pytest

from anello.model.errors import RefusedError
from anello.model.promise import Promise, Secrecy
from anello.protect.atoms.matched import matched

PROMISE = Promise("2026", Secrecy.TOKEN, date(2027, 3, 31))
NONE = float("nan")


def change(before, after, promise=PROMISE):
    return matched(np.array(before, float), np.array(after, float), promise)


def test_thirty_who_answered_twice_have_a_change():
    found = change([3] * 30, [4] * 15 + [3] * 15)
    assert found.change == 0.5
    assert found.se == pytest.approx(np.std([1] * 15 + [0] * 15, ddof=1) / np.sqrt(30))
    assert found.n == (30, 39)


def test_twenty_nine_are_not_compared():
    with pytest.raises(RefusedError, match="fewer than 30 people answered both times"):
        change([3] * 29, [4] * 29)


def test_those_who_answered_once_do_not_count_as_both():
    with pytest.raises(RefusedError, match="fewer than 30"):
        change([3] * 29 + [4] * 6, [4] * 29 + [NONE] * 6)


def test_a_promise_of_more_is_kept():
    more = Promise("2026", Secrecy.TOKEN, date(2027, 3, 31), matched=40)
    with pytest.raises(RefusedError, match="fewer than 40"):
        change([3] * 39, [4] * 39, more)


@pytest.mark.parametrize("alone", [1, 4])
def test_one_leaver_beside_the_others_would_be_told_by_difference(alone):
    with pytest.raises(RefusedError, match="so few answered only once"):
        change([3] * 30 + [5] * alone, [4] * 30 + [NONE] * alone)
    with pytest.raises(RefusedError, match="so few answered only once"):
        change([3] * 30 + [NONE] * alone, [4] * 30 + [5] * alone)


def test_five_leavers_and_five_joiners_hide_each_other():
    before = [3] * 30 + [5] * 5 + [NONE] * 5
    after = [4] * 30 + [NONE] * 5 + [2] * 5
    assert change(before, after).change == 1.0


def test_two_lists_of_different_people_are_refused():
    with pytest.raises(RefusedError, match="same length"):
        change([3] * 30, [3] * 31)
