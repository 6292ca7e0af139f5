"""Atoms: groups of at least k, small teams together, ends hidden, sums whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.model.atoms import Coded
from anello.model.errors import RefusedError
from anello.protect import atoms

SEED = bytes(range(32))
PATHS = [("North", "Como"), ("North", "Lecco"), ("South", "Bari")]


def cut(answers, unit, order=None, seed=SEED, **how):
    answers = np.asarray(answers, float).reshape(len(unit), -1)
    order = np.zeros(len(unit), int) if order is None else np.asarray(order)
    items = [f"q{i}" for i in range(answers.shape[1])]
    low = how.pop("low", [1] * len(items))
    high = how.pop("high", [5] * len(items))
    paths = how.pop("paths", PATHS)
    return atoms.cut(
        answers, np.asarray(unit), paths, order, seed,
        wave="w", items=items, low=low, high=high, **how,
    )  # fmt: skip


def test_a_unit_of_fourteen_is_cut_into_two_atoms_of_seven():
    made = cut([3] * 14, [0] * 14)
    assert made.atoms.people.tolist() == [7, 7]


def test_people_of_the_same_demographic_stand_together():
    order = [0, 1] * 5
    made = cut([3, 2] * 5, [0] * 10, order)
    assert {tuple(sorted(np.array(order)[made.atom == a])) for a in (0, 1)} == {(0,) * 5, (1,) * 5}


def test_a_team_of_three_stands_with_its_sibling_and_is_labelled():
    made = cut([3] * 11, [0] * 8 + [1] * 3)
    [group] = made.atoms.groups
    assert group.label == "Como + Lecco"
    assert group.home == ("North",)
    [figure] = atoms.means(made.atoms)
    assert (figure.place, figure.together, figure.n) == ("Como + Lecco", True, (10, 19))


def test_a_small_region_goes_one_level_up():
    made = cut([3] * 9, [0] * 6 + [2] * 3)
    [group] = made.atoms.groups
    assert group.home == ()
    assert atoms.means(made.atoms, ("North",))[0].mean is None
    assert atoms.means(made.atoms, ())[0].mean == 3.0


def test_four_answers_in_all_are_not_released():
    made = cut([3] * 4, [0] * 4)
    assert made.atoms.groups == ()
    assert (made.atom == -1).all()


def test_an_item_that_four_of_an_atom_answered_is_told_with_the_next_atom():
    gap = np.nan
    first = [[3, 3], [3, 3], [3, 3], [3, 3], [3, gap]]
    second = [[4, 2]] * 5
    made = cut(first + second, [0] * 10, [0] * 5 + [1] * 5)
    c = made.atoms.cells
    assert c.n[c.item == 0].tolist() == [5, 5]
    assert c.n[c.item == 1].tolist() == [9]
    assert c.total[c.item == 1].tolist() == [22.0]


def test_an_item_that_four_of_a_unit_answered_is_not_told_of_it():
    answers = np.full((10, 2), 3.0)
    answers[:6, 1] = np.nan
    figures = atoms.means(cut(answers, [0] * 10).atoms)
    assert [f.mean for f in figures] == [3.0, None]


def test_five_fives_stand_with_their_neighbours():
    made = cut([5] * 5 + [3] * 5, [0] * 10, [0] * 5 + [1] * 5)
    assert made.atoms.cells.n.tolist() == [10]
    assert made.atoms.cells.total.tolist() == [40.0]


@pytest.mark.parametrize("answers", [[5, 5, 5, 5, 5], [5, 5, 5, 5, 4], [5, 5, 5, 4, 4]])
def test_a_lone_atom_near_the_top_tells_only_four_and_a_half_or_more(answers):
    [figure] = atoms.means(cut(answers, [0] * 5).atoms)
    assert (figure.mean, figure.code) == (4.5, Coded.HIGH)


def test_a_lone_atom_near_the_bottom_tells_only_one_and_a_half_or_less():
    [figure] = atoms.means(cut([1, 1, 1, 1, 2], [0] * 5).atoms)
    assert (figure.mean, figure.code) == (1.5, Coded.LOW)


def test_a_region_with_a_coded_unit_adds_the_middle_of_the_code_not_the_truth():
    made = cut([5] * 5 + [3] * 5, [0] * 5 + [1] * 5)
    [figure] = atoms.means(made.atoms, ("North",))
    assert figure.mean == (5 * 4.75 + 5 * 3) / 10
    assert figure.partly


def test_a_yes_or_no_item_hides_all_yes():
    [figure] = atoms.means(cut([1] * 5, [0] * 5, low=[0], high=[1]).atoms)
    assert (figure.mean, figure.code) == (0.8, Coded.HIGH)


def test_the_same_seed_gives_the_same_atoms_and_another_does_not():
    answers = np.tile([1, 2, 3, 4, 5], 6)
    one, two = cut(answers, [0] * 30), cut(answers, [0] * 30)
    assert one.atoms.fingerprint == two.atoms.fingerprint
    other = cut(answers, [0] * 30, seed=bytes(32))
    assert (one.atom != other.atom).any()
    assert one.atoms.fingerprint != other.atoms.fingerprint


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({"k": 4}, "at least 5"),
        ({"paths": [("a",), ("a",)]}, "hierarchy"),
        ({"seed": b"short"}, "32"),
        ({"high": [4]}, "whole value"),
    ],
)
def test_what_breaks_the_promise_is_refused(how, word):
    with pytest.raises(RefusedError, match=word):
        cut([5] * 6, [0] * 6, **how)


@given(
    st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 3), st.integers(1, 5), st.integers(0, 5)),
        min_size=1,
        max_size=120,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_comes_every_cell_has_five_and_forces_nobody(rows):
    unit, order, one, two = (np.array(v) for v in zip(*rows, strict=True))
    answers = np.column_stack((one.astype(float), np.where(two == 0, np.nan, two)))
    paths = [(f"r{u % 2}", f"a{u % 4}", f"u{u}") for u in range(12)]
    made = cut(answers, unit, order, paths=paths)
    c, a = made.atoms.cells, made.atoms
    assert (c.n >= 5).all()
    assert (a.people >= 5).all()
    assert (a.people < 10).all()
    for cell in np.flatnonzero(c.code == 0):
        inside = (made.atom >= c.first[cell]) & (made.atom <= c.last[cell])
        given_ = answers[inside, c.item[cell]]
        assert np.nansum(given_) == c.total[cell]
        n, total = c.n[cell], c.total[cell]
        least, most = max(1, total - 5 * (n - 1)), min(5, total - (n - 1))
        assert most - least >= 2
    assert len(rows) < 5 or (made.atom >= 0).all()
    assert sorted(u for g in a.groups for u in g.units) == sorted(
        {paths[u][-1] for u in unit[made.atom >= 0]}
    )


def test_shares_of_nine_answers_stand_with_a_sibling():
    answers = np.array([1, 3, 5] * 6, float)
    made = cut(answers, [0] * 9 + [1] * 9)
    [split] = atoms.splits(made, answers.reshape(-1, 1), 0)
    assert split.groups == (0, 1)
    assert split.favourable == split.neutral == split.unfavourable == pytest.approx(1 / 3)


def test_shares_where_all_are_favourable_are_not_told():
    answers = np.array([4, 4, 4, 4, 5] * 2, float)
    [split] = atoms.splits(cut(answers, [0] * 10), answers.reshape(-1, 1), 0)
    assert split.favourable is None


def test_a_response_of_all_or_of_nobody_is_told_as_a_wide_range():
    assert atoms.response(15, 15) == (85, 100)
    assert atoms.response(0, 15) == atoms.response(1, 15) == (0, 15)
    assert atoms.response(9, 8) is None


@given(st.integers(5, 400), st.data())
def test_no_published_rate_tells_that_all_or_none_took_part(eligible, data):
    answered = data.draw(st.integers(0, eligible))
    told = atoms.response(answered, eligible)
    same = [n for n in range(eligible + 1) if atoms.response(n, eligible) == told]
    assert answered in same
    assert same not in ([0], [eligible])
    assert told[0] * eligible <= 100 * answered <= told[1] * eligible


def test_a_demographic_is_estimated_from_whole_cells():
    order = np.array([0] * 5 + [1] * 5)
    made = cut([2, 2, 3, 3, 4, 3, 3, 4, 4, 5], [0] * 10, order)
    assert atoms.estimates(made, 0, order, 2).tolist() == [[2.8, 3.8]]
