"""Which numbers of people fit a mean, and what a scale and a list tell."""

import pytest

from anello.protect.attack import (
    Figure,
    Kind,
    Post,
    Scale,
    Staff,
    attack,
    exactly,
    from_values,
    rounded,
    sums,
)

ONE_TO_FIVE = Scale(1, 5)


def figure(mean, n, scale=ONE_TO_FIVE, release="r", label="a", told=None, **more):
    ends = exactly(mean) if told is None else told
    return Figure(release, "pay", "2026", label, frozenset([label]), n, *ends, scale, **more)


def test_a_third_after_the_point_needs_a_multiple_of_three():
    assert sums(figure(10 / 3, (10, 19))).n.tolist() == [12, 15, 18]


def test_a_rounded_mean_fits_more_numbers_of_people():
    assert sums(figure(3.3, (5, 9))).n.tolist() == []
    assert sums(figure(3.3, (5, 9), told=rounded(3.3, 1))).n.tolist() == [6, 7, 8, 9]


def test_a_list_of_six_rules_out_more_than_six():
    assert sums(figure(3.5, (5, 9)), (0, 7)).n.tolist() == [6]


def test_a_weighted_mean_tells_only_when_it_is_the_end():
    scale = Scale(1, 5, weighted=True)
    assert attack([figure(4.9, (5, 9), scale)]).findings == ()
    assert attack([figure(5.0, (5, 9), scale)]).findings[0].exact


def test_a_share_of_none_tells_everybody():
    scale = from_values({"scoring": "percent_positive", "low": 1, "high": 5, "items": 1})
    (found,) = attack([figure(0.0, (10, 19), scale)]).findings
    assert (found.exact, found.most, found.people) == (True, 0.0, (10, 19))


@pytest.mark.parametrize(
    ("told", "scale"),
    [
        ({"low": 1, "high": 5}, Scale(1, 5, 1)),
        ({"low": 0, "high": 10, "items": 2, "min_items": 1}, Scale(0, 10, 0.5)),
        ({"low": 1, "high": 5, "scoring": "index_0_100"}, Scale(0, 100, 25)),
        ({"low": 0, "high": 10, "scoring": "recommend"}, Scale(-100, 100, 100)),
        ({"low": 1, "high": 5, "items": 40, "min_items": 20}, Scale(1, 5, None)),
        ({"scoring": "sentiment"}, Scale(-2, 2, None)),
        ({"low": None, "high": None}, None),
        ({"low": 5, "high": 1}, None),
    ],
)
def test_a_scale_is_read_as_its_release_tells_it(told, scale):
    assert from_values(told) == scale


def test_a_mean_of_a_scale_without_steps_tells_sides():
    (found,) = attack([figure(4.9, (5, 9), Scale(1, 5, None))]).findings
    assert (found.exact, found.side) == (False, True)
    assert found.least == pytest.approx(4.1, abs=1e-6)


def test_one_wave_told_exactly_and_as_a_code_is_told_twice():
    coded = figure(4.5, (5, 9), release="b", told=(4.5, 5.0), coded=True)
    (found,) = attack([figure(4.4, (5, 9)), coded]).findings
    assert (found.kind, found.tells) == (Kind.TWICE, False)


def test_a_list_that_knows_nothing_of_a_unit_changes_nothing():
    listed = Staff((Post("Ada", "2026", ("b",)),))
    assert attack([figure(5.0, (5, 9))], listed).findings[0].who == ()


def test_a_list_of_a_team_names_those_among_whom_they_are():
    listed = Staff(tuple(Post(p, "2026", ("a",)) for p in ("Ada", "Bea", "Cai", "Dan", "Eva")))
    (found,) = attack([figure(5.0, (5, 9))], listed).findings
    assert found.who == ("Ada", "Bea", "Cai", "Dan", "Eva")
    assert (found.everyone, found.people) == (True, (5, 5))


def test_who_is_known_to_have_kept_silent_is_not_among_them():
    posts = [Post(p, "2026", ("a",), answered=p != "Fay") for p in ("A", "B", "C", "D", "E", "Fay")]
    (found,) = attack([figure(5.0, (5, 9))], Staff(tuple(posts))).findings
    assert "Fay" not in found.who
