"""Sums of products along paths: by hand, and against what a product's draws must be."""

import numpy as np
import pytest

from anello.stats.relations.path_products import products, walks

EDGES = (("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"))


def test_every_way_is_found_once():
    assert walks(EDGES, "a", "d") == ((0, 1, 3), (2, 3))
    assert walks(EDGES, "d", "a") == ()


def test_the_delta_error_is_that_of_sobel():
    b, se = np.array([0.5, 0.4]), np.array([0.1, 0.2])
    found = products(b, np.diag(se**2), [[(0, 1)]], df=1e6)[0]
    assert found.estimate == pytest.approx(0.2)
    assert found.se == pytest.approx(np.sqrt(0.5**2 * 0.2**2 + 0.4**2 * 0.1**2))
    assert found.high - found.low == pytest.approx(2 * 1.959964 * found.se, rel=1e-4)


def test_the_drawn_interval_of_one_coefficient_is_that_of_t():
    found = products(np.array([1.0]), np.array([[0.04]]), [[(0,)]], df=10)[0]
    assert found.drawn_low == pytest.approx(1 - 2.228 * 0.2, abs=0.02)
    assert found.drawn_high == pytest.approx(1 + 2.228 * 0.2, abs=0.02)


def test_ways_add_up_and_the_same_seed_gives_the_same_draws():
    b = np.array([0.5, 0.4, 0.1, 2.0])
    cov = np.eye(4) * 0.01
    first, second, both = products(b, cov, [[(0, 1, 3)], [(2, 3)], [(0, 1, 3), (2, 3)]], df=30)
    assert both.estimate == pytest.approx(first.estimate + second.estimate) == pytest.approx(0.6)
    again = products(b, cov, [[(0, 1, 3), (2, 3)]], df=30)[0]
    assert again == both


def test_a_product_of_two_uncertain_numbers_is_not_symmetric():
    found = products(np.array([0.3, 0.3]), np.eye(2) * 0.02, [[(0, 1)]], df=1e6)[0]
    assert found.drawn_high - found.estimate > found.estimate - found.drawn_low
