"""Nobody's answer can be worked out from what leaves, and the attacker is proven by ablation."""

import numpy as np
import pytest
from attacker import Fact, attack, linked, placed_by_shares, sets, took_part
from released import cells, cut, dashboard, design
from staff import WAVES, staff
from utility import utility

from anello.protect import atoms

SEEDS = [1, 2, 3]
LIKED = 1
UNKNOWN = WAVES * 400


def share(found, people, item):
    """Return certain answers and certain sides as shares of the answers given."""
    given = int((~np.isnan(people.answers[:, :, item])).sum())
    return len(found.exact) / given, len(found.sign | found.exact) / given


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_is_certain_and_hardly_a_side_while_a_plain_floor_of_five_leaks(seed):
    people = staff(seed)
    for item in range(4):
        exact, sign = share(attack(design(people, item), UNKNOWN), people, item)
        assert exact == 0
        assert sign <= 0.005
    plain, _ = share(attack(dashboard(people, 0), UNKNOWN, bounds=False), people, 0)
    assert plain >= 0.10


@pytest.mark.parametrize("seed", SEEDS)
def test_without_the_end_guard_the_attacker_reads_sides(seed):
    people = staff(seed)
    _, sign = share(attack(design(people, LIKED, guard=False), UNKNOWN), people, LIKED)
    assert sign > 0.005


@pytest.mark.parametrize("seed", SEEDS)
def test_a_second_release_after_one_leaver_is_caught(seed):
    people = staff(seed)
    rows, made = cut(people, 0)
    told = rows[~np.isnan(people.answers[0][rows, 0])]
    again = cut(people, 0, rows=rows[rows != told[7]])
    found = attack(cells(people, 0, 0, rows, made) + cells(people, 0, 0, *again), 400, bounds=False)
    assert told[7] in found.exact


def recut(people, item, times):
    """Return what is found when one wave is cut anew `times` times."""
    made = [cut(people, 0, seed=bytes([i]) * 32) for i in range(times)]
    return attack([f for m in made for f in cells(people, 0, item, *m)], 400)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_second_cut_of_the_same_wave_is_caught(seed):
    people = staff(seed)
    once = [recut(people, item, 1) for item in range(4)]
    twice = [recut(people, item, 2) for item in range(4)]
    assert sum(len(f.exact | f.sign) for f in once) == 0
    assert sum(len(f.exact | f.sign) for f in twice) > 0
    _, sign = share(recut(people, LIKED, 3), people, LIKED)
    assert sign > 0.005


@pytest.mark.parametrize("seed", SEEDS)
def test_a_regression_with_a_dummy_for_one_person_is_caught(seed):
    people = staff(seed)
    rows = np.flatnonzero(~np.isnan(people.answers[0][:, 0]))
    plain = np.column_stack((np.ones(len(rows)), people.demographics[rows]))
    named = np.column_stack((plain, rows == rows[3]))
    assert attack(coefficients(named, rows, people), 400, bounds=False).exact == {rows[3]}
    assert attack(coefficients(plain, rows, people), 400, bounds=False).exact == frozenset()


def coefficients(x, rows, people):
    """Return released least-squares coefficients as facts: each is a known sum of the answers."""
    y = people.answers[0][rows, 0]
    return [Fact(rows, float(w @ y), float(w @ y), w) for w in np.linalg.pinv(x)]


@pytest.mark.parametrize("seed", SEEDS)
def test_squares_of_single_atoms_are_caught_and_none_are_released(seed):
    people = staff(seed)
    rows, made = cut(people, 0, guard=False)
    answers = people.answers[0][rows, 0]
    groups = []
    for atom in range(len(made.atoms.people)):
        mine = answers[(made.atom == atom) & ~np.isnan(answers)]
        if len(mine) == 5:
            groups.append((5, mine.sum(), (mine**2).sum()))
    assert sets(groups) > 0.10
    names = {*made.atoms.__slots__, *made.atoms.cells.__slots__, *atoms.Figure.__slots__}
    assert not [n for n in names if "square" in n or n in {"sd", "variance"}]


@pytest.mark.parametrize("seed", SEEDS)
def test_exact_response_rates_tell_who_took_part_and_ours_do_not(seed):
    people = staff(seed)
    exact, ours = [], []
    for wave in range(WAVES):
        there = np.isin(np.arange(400), people.there(wave))
        for unit in range(20):
            who = np.flatnonzero(people.unit[wave] == unit)
            n = int(there[who].sum())
            told = atoms.response(n, len(who))
            if told is None:
                continue
            rate = round(n / len(who), 3)
            exact.append((who + 400 * wave, rate - 0.0005, rate + 0.0005))
            ours.append((who + 400 * wave, told[0] / 100, told[1] / 100))
    assert took_part(ours, UNKNOWN).exact == frozenset()
    assert took_part(exact, UNKNOWN).exact


@pytest.mark.parametrize("seed", SEEDS)
def test_a_diary_stored_by_shift_is_linked_by_the_rota_and_one_by_study_day_is_not(seed):
    rng = np.random.default_rng(seed)
    rota = rng.integers(0, 4, (40, 14))
    by_shift = [frozenset((d, int(s)) for d, s in enumerate(p) if s) for p in rota]
    assert linked(rota, by_shift) > 0.10
    worked = np.where(rota > 0, 1, 0).sum(axis=1)
    entries = np.minimum(worked, 5)
    study_days = np.tile(np.arange(14) >= 0, (40, 1)).astype(int)
    by_study_day = [frozenset((d, 1) for d in range(n)) for n in entries]
    assert linked(study_days, by_study_day) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_and_sums_together_place_nobody(seed):
    people = staff(seed)
    for wave in range(WAVES):
        rows, made = cut(people, wave)
        c = made.atoms.cells
        answers = people.answers[wave][rows]
        for block in atoms.splits(made, answers, LIKED):
            at = np.flatnonzero((c.item == LIKED) & np.isin(c.group, block.groups) & (c.code == 0))
            coded = np.flatnonzero(
                (c.item == LIKED) & np.isin(c.group, block.groups) & (c.code != 0)
            )
            if block.favourable is None or len(coded):
                continue
            n = int(c.n[at].sum())
            told = [(int(c.n[i]), float(c.total[i])) for i in at]
            ends = round(block.favourable * n), round(block.unfavourable * n)
            assert placed_by_shares(told, *ends) == 0


def test_shares_that_would_place_somebody_are_found_by_the_attacker():
    assert placed_by_shares([(5, 22), (5, 18)], 8, 0) == 5


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_released_is_still_near_the_truth(seed):
    cost = utility(seed)
    assert cost["unit mean"] < 0.02
    assert cost["unit by demographic"] < 0.15
    assert cost["change"] < 0.03
    assert cost["rank order"] > 0.99
