"""Moments are a value: the parts of a whole add up, and a shift can be undone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.model.errors import ModelError
from anello.stats.moments import Moments

COLUMNS = ("(Intercept)", "x", "y")


def _moments(rows, groups, shift=(0.0, 0.0, 0.0)) -> Moments:
    """Sum up rows of (x, y) in the slow, obvious way."""
    names = sorted(set(groups))
    by_group, total = np.zeros((2, 3, len(names))), np.zeros((3, 3))
    for (x, y), g in zip(rows, groups, strict=True):
        v = np.array([1.0, x, y]) - shift
        by_group[:, :, names.index(g)] += np.outer(v[:2], v)
        total += np.outer(v, v)
    return Moments(COLUMNS, np.array(shift), np.array(names), by_group, total)


_rows = st.lists(
    st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.sampled_from("abcd")),
    min_size=2, max_size=30,
)  # fmt: skip


def _from(rows, shift=(0.0, 0.0, 0.0)) -> Moments:
    return _moments([r[:2] for r in rows], [r[2] for r in rows], shift)


@given(_rows, st.data())
def test_moments_of_two_parts_are_the_moments_of_the_whole(rows, data):
    cut = data.draw(st.integers(1, len(rows) - 1))
    whole, sum_of_parts = _from(rows), _from(rows[:cut]) + _from(rows[cut:])
    assert sum_of_parts.groups.tolist() == whole.groups.tolist()
    assert np.array_equal(sum_of_parts.by_group, whole.by_group)
    assert np.array_equal(sum_of_parts.total, whole.total)
    assert sum_of_parts.fingerprint == whole.fingerprint


@given(_rows, st.integers(-50, 50), st.integers(-50, 50))
def test_a_shift_is_undone_exactly_on_whole_numbers(rows, a, b):
    plain, shifted = _from(rows), _from(rows, (0.0, float(a), float(b)))
    assert np.array_equal(shifted.shifted(plain.shift).by_group, plain.by_group)
    assert np.array_equal(shifted.shifted(plain.shift).total, plain.total)
    assert np.array_equal((plain + shifted).total, 2 * plain.total)


def test_one_other_answer_gives_another_fingerprint():
    assert _moments([(1, 2)], "a").fingerprint != _moments([(1, 3)], "a").fingerprint


def test_moments_of_other_columns_do_not_add():
    one = _moments([(1, 2)], "a")
    other = Moments(("(Intercept)", "z", "y"), one.shift, one.groups, one.by_group, one.total)
    with pytest.raises(ModelError, match="do not add"):
        one + other
