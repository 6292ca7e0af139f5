"""Spread and shares leave only of four groups and twenty people, and no two that differ by few."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.protect import atoms
from anello.protect.atoms.spread import apart, enough, spreads

SEED = bytes(range(32))
PATHS = [("North", "Como"), ("North", "Lecco"), ("South", "Bari")]
VARIED = [1, 2, 3, 4, 5]


def cut(answers, unit):
    answers = np.asarray(answers, float).reshape(len(unit), -1)
    made = atoms.cut(
        answers, np.asarray(unit), PATHS, np.zeros(len(unit), int), SEED,
        wave="w", items=["pay"], low=[1], high=[5],
    )  # fmt: skip
    return made, answers


def told(answers, unit):
    made, given = cut(answers, unit)
    return {s.place: s for s in spreads(made, given, 0)}


def test_twenty_people_in_four_groups_have_a_spread():
    como = told(VARIED * 4, [0] * 20)["Como"]
    assert como.sd == pytest.approx(np.std(VARIED * 4, ddof=1))
    assert como.shares == (0.2,) * 5
    assert como.n == (20, 29)


def test_nineteen_people_in_three_groups_have_none():
    como = told(VARIED * 3 + [1, 2, 4, 5], [0] * 19)["Como"]
    assert (como.sd, como.shares, como.n) == (None, None, None)


def test_a_region_is_told_when_what_is_left_of_it_is_nobody_or_many():
    found = told(VARIED * 8, [0] * 20 + [1] * 20)
    assert all(found[p].sd is not None for p in ("Como", "Lecco", "North"))


def test_a_region_that_would_tell_of_a_small_team_by_difference_is_left_out():
    found = told(VARIED * 6, [0] * 20 + [1] * 10)
    assert found["Como"].sd is not None
    assert found["Lecco"].sd is None
    assert found["North"].sd is None


def test_a_region_of_small_teams_is_told_as_a_whole():
    found = told(VARIED * 6, [0] * 15 + [1] * 15)
    assert (found["Como"].sd, found["Lecco"].sd) == (None, None)
    assert found["North"].sd == pytest.approx(np.std(VARIED * 6, ddof=1))


def test_where_everybody_answered_alike_the_spread_would_tell_and_is_left_out():
    assert told([3] * 20, [0] * 20)["Como"].sd is None
    assert told([5] * 20, [0] * 20)["Como"].sd is None
    assert told([1, 5] * 10, [0] * 20)["Como"].sd is None


def test_people_who_skipped_the_item_do_not_count():
    answers = np.array([*VARIED * 3, 1, 3, 5, 4] + [np.nan] * 6)
    assert told(answers, [0] * 25)["Como"].sd is None


def test_squares_of_single_groups_do_not_pass_the_audit():
    made, _ = cut(VARIED * 8, [0] * 20 + [1] * 20)
    single = [np.flatnonzero(made.atom == a) for a in range(8)]
    assert not any(enough(made.atom, rows) for rows in single)
    assert not apart(made.atom, single)
    four, five = np.concatenate(single[:4]), np.concatenate(single[:5])
    assert apart(made.atom, [four])
    assert not apart(made.atom, [four, five])
    assert not apart(made.atom, [np.concatenate(single[:5]), np.concatenate(single[3:])])
    assert not apart(made.atom, [four[1:]])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([2, 3, 4, 4, 5]), min_size=20, max_size=70), st.integers(1, 3))
def test_everything_told_together_passes_the_audit(answers, units):
    made, given_ = cut(answers, [i % units for i in range(len(answers))])
    kept = [s for s in spreads(made, given_, 0) if s.sd is not None]
    assert apart(made.atom, [s.rows for s in kept])
    for s in kept:
        assert s.sd == pytest.approx(np.std(np.array(answers)[s.rows], ddof=1))
