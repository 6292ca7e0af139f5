"""Mood is found where it is passed on, and not where a busy day only looks like it."""

import numpy as np
import pytest

from anello.model.errors import ModelError
from anello.sample.shifts import Rota, worked
from anello.stats.contagion.clusters import apart
from anello.stats.contagion.colleagues import Asked, contagion
from anello.stats.contagion.counter import counter
from anello.stats.contagion.exposure import leave_one_out
from anello.stats.contagion.redealt import deals
from anello.stats.contagion.shifts import doubled, first_of, shifts


def words(values):
    return np.array([str(v) for v in values], dtype=object)


def made(seed=1, **planted):
    """Return the rows of a pretend rota and the rating of each shift."""
    w = worked(Rota(**planted), np.random.default_rng(seed))
    where = (words(w.cafe), words(w.day), words(w.slot))
    rows = shifts(words(w.person), where, w.before, w.after)
    return rows, w.rating[rows.place[first_of(rows.shift)]]


def test_planted_contagion_lies_in_both_intervals():
    found = contagion(made(passed=0.3, cafes=12)[0], Asked(deals=499))
    assert found.p < 0.01
    assert found.low <= 0.3 <= found.high
    assert found.beta.low <= 0.3 <= found.beta.high


def test_a_busy_day_is_not_mistaken_for_contagion_though_the_naive_figure_says_so():
    found = contagion(made(passed=0.0, busy=1.0, cafes=12)[0], Asked(deals=499))
    assert found.p > 0.05
    assert found.low < 0 < found.high
    assert found.naive > 0.4


def test_the_smile_reaches_the_counter_where_it_was_planted_and_not_elsewhere():
    for served in (0.3, 0.0):
        rows, rating = made(served=served, cafes=12)
        found = counter(rows, rating, Asked(deals=499))
        assert (found.p < 0.01) == bool(served)
        assert found.low <= served <= found.high
        assert found.naive > found.beta.estimate + 0.1


def test_the_same_seed_deals_the_same_shifts():
    rows = made(cafes=3, days=6)[0]
    one, other = (contagion(rows, Asked(deals=199, seed=5)) for _ in range(2))
    assert (one.p, one.low, one.high) == (other.p, other.low, other.high)


def test_a_deal_mixes_people_inside_their_day_only():
    day = np.array([0, 0, 0, 1, 1, 1, 1])
    order = next(deals(day, 50, 1))
    assert (day[order] == day[:, None]).all()
    assert len({tuple(column) for column in order.T}) > 20


def test_colleagues_count_by_their_weight():
    mood, hours = np.array([1.0, 2.0, 6.0]), np.array([4.0, 1.0, 3.0])
    found = leave_one_out(mood, hours, np.array([0, 0, 0]))
    assert found.tolist() == [(2 + 18) / 4, (4 + 18) / 7, (4 + 2) / 5]


def test_a_colleague_whose_mood_after_is_unknown_still_counts():
    rows = made(cafes=3, days=8)[0]
    rows.post[::7] = np.nan
    found = contagion(rows, Asked(deals=99))
    assert found.n == rows.n - len(rows.post[::7])
    assert found.dropped == len(rows.post[::7])


def test_days_of_one_shift_say_nothing_and_are_left_out():
    rows = made(cafes=4, days=10)[0]
    lone = (rows.day % 5 == 0) & (rows.slot == 1)
    left = rows.kept(~lone)
    both = rows.kept(rows.day % 5 != 0)
    assert contagion(left, Asked(deals=99)).beta == contagion(both, Asked(deals=99)).beta


def test_sites_that_share_a_person_are_one_cluster():
    person, site = np.array([0, 0, 1, 2, 2, 3]), np.array([0, 1, 2, 2, 3, 4])
    assert apart(person, site).tolist() == [0, 0, 1, 1, 1, 2]


def test_one_site_takes_the_errors_by_person():
    found = contagion(made(cafes=1, days=30, people=12)[0], Asked(deals=99))
    assert (found.cluster, found.clusters) == ("person", 12)
    assert found.beta.se > 0


def test_a_person_twice_on_one_day_is_found_with_both_rows():
    who, same = words(["a", "b", "a", "c"]), words(["s"] * 4)
    mood = np.arange(4.0)
    found = shifts(who, (same, same, words(["late", "late", "early", "early"])), mood, mood)
    assert doubled(found) == (0, 2)
    apart_days = (same, words([1, 1, 2, 2]), words(["late", "late", "early", "early"]))
    assert doubled(shifts(who, apart_days, mood, mood)) is None


def refusal(rows, rating=None):
    with pytest.raises(ModelError) as error:
        contagion(rows) if rating is None else counter(rows, rating)
    assert error.value.text("it") != str(error.value)
    return str(error.value)


def test_teams_that_never_change_are_refused():
    rows, rating = made(fixed=True, cafes=6)
    assert "no rotation" in refusal(rows)
    assert "no rotation" in refusal(rows, rating)


def test_days_of_a_single_shift_are_refused():
    rows, rating = made(cafes=4)
    early = rows.kept(rows.slot == 0)
    assert "two shifts" in refusal(early)
    assert "two shifts" in refusal(early, rating[::2])


def test_mood_taken_only_after_the_shift_is_refused():
    rows = made(cafes=4)[0]
    rows.pre[:] = np.nan
    assert "only taken after" in refusal(rows)
    rows.pre[:] = rows.post
    assert "only taken after" in refusal(rows)


def test_four_persons_are_too_few():
    rows, rating = made(cafes=1, people=4, days=30)
    assert "at least 5" in refusal(rows)
    assert "at least 5" in refusal(rows, rating)


def test_shift_names_that_never_come_back_are_refused_at_the_counter():
    w = worked(Rota(cafes=3), np.random.default_rng(1))
    own = words([f"{d}/{s}" for d, s in zip(w.day, w.slot, strict=True)])
    rows = shifts(words(w.person), (words(w.cafe), words(w.day), own), w.before, w.after)
    lone = rows.kept(rows.site == 0)
    rating = np.arange(len(first_of(lone.shift)), dtype=float)
    assert "do not come back" in refusal(lone, rating)


@pytest.mark.slow
@pytest.mark.parametrize("shaken", [0.0, 1.0])
def test_the_deals_keep_their_size_also_when_whole_shifts_are_shaken(shaken):
    found = []
    for seed in range(200):
        rows = made(seed, cafes=6, days=10, people=8, passed=0.0, shaken=shaken)[0]
        found.append(contagion(rows, Asked(deals=199, seed=seed)).p <= 0.05)
    assert 0.01 <= np.mean(found) <= 0.10


@pytest.mark.slow
def test_what_is_passed_on_is_mostly_found_at_ten_sites():
    found = []
    for seed in range(60):
        rows = made(seed, cafes=10, days=14, people=8, passed=0.2)[0]
        found.append(contagion(rows, Asked(deals=199, seed=seed)).p <= 0.05)
    assert np.mean(found) > 0.8
