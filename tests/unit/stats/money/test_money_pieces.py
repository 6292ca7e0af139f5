"""Sums that carry their units, drawn from what is uncertain, read to the digits that mean it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.money import draws
from anello.stats.money.quantity import Quantity, units, written
from anello.stats.money.rounding import place, read


def rng():
    return np.random.default_rng(1)


def test_the_product_of_two_normals_varies_as_the_formula_says():
    # Var(ab) = a^2 var(b) + b^2 var(a) + var(a) var(b) for independent a and b (Goodman 1960).
    a = draws.estimate(0.6, 0.1, 1e6, 1_000_000, rng())
    b = draws.estimate(0.7, 0.2, 1e6, 1_000_000, np.random.default_rng(2))
    exact = 0.6**2 * 0.2**2 + 0.7**2 * 0.1**2 + 0.1**2 * 0.2**2
    assert (a * b).var() == pytest.approx(exact, rel=0.01)
    assert (a * b).mean() == pytest.approx(0.42, rel=0.01)


def test_few_units_have_the_limits_of_their_own_t():
    low, mid, high = draws.interval(draws.estimate(1.0, 0.5, 4.0, 1_000_000, rng()))
    assert (low, mid, high) == pytest.approx((1 - 2.776 * 0.5, 1.0, 1 + 2.776 * 0.5), abs=0.02)


def test_an_amount_keeps_the_limits_that_were_said():
    found = draws.interval(draws.amount(4000, 6000, 9000, 1_000_000, rng()))
    assert found == pytest.approx((4000, 6000, 9000), rel=0.01)
    assert set(draws.amount(5.0, 5.0, 5.0, 10, rng())) == {5.0}


def test_an_amount_that_does_not_rise_is_refused():
    with pytest.raises(ValueError, match="rises"):
        draws.amount(3, 2, 1, 10, rng())


def test_a_slope_of_sales_and_a_price_of_sales_make_money_per_shop_and_week():
    slope = Quantity.of(np.array([3.0]), over=["sales"], under=["loyalty"])
    price = Quantity.of(np.array([1000.0]), over=["EUR"], under=["sales", "shop", "week"])
    made = Quantity.of(np.array([0.5]), over=["loyalty"]) * slope * price
    assert made.expect(units(["EUR"], ["shop", "week"])).draws.tolist() == [1500.0]


def test_money_for_a_step_that_nobody_named_is_refused():
    slope = Quantity.of(np.array([3.0]), over=["sales"], under=["loyalty"])
    price = Quantity.of(np.array([1000.0]), over=["EUR"], under=["sales"])
    with pytest.raises(ValueError, match="EUR / loyalty is not EUR"):
        (slope * price).expect(units(["EUR"]))


def test_euro_a_week_and_euro_a_year_have_no_difference():
    week, year = (Quantity.of(np.ones(1), over=["EUR"], under=[per]) for per in ("week", "year"))
    with pytest.raises(ValueError, match="EUR / year is not EUR / week"):
        week - year


def test_a_number_without_units_is_written_as_one():
    assert written(()) == "1"


@given(st.floats(-1e6, 1e6), st.floats(1e-2, 1e9))
def test_rounding_moves_a_sum_by_less_than_a_tenth_of_half_its_interval(mid, half):
    power = place(mid - half, mid, mid + half)
    assert abs(read(mid, power) - mid) <= 0.05 * half * 1.01 + 1e-9 * abs(mid)
