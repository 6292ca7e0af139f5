"""Hunter-Schmidt by hand, and pooled matrices that cannot be."""

import numpy as np
import pytest

from anello.model.errors import ModelError
from anello.stats.meta.hunter_schmidt import (
    artefact_distribution,
    bare_bones,
    individually_corrected,
)
from anello.stats.meta.pooled_matrix import path_model, pool_matrix

NAN = float("nan")


def test_two_studies_of_one_size_by_hand():
    """Mean .2, variance .01; sampling explains (1 - .04)^2 / 100 = .009216 of it."""
    found = bare_bones([0.1, 0.3], [101, 101])
    assert (found.r, found.var_r) == pytest.approx((0.2, 0.01))
    assert found.var_e == pytest.approx(0.009216)
    assert found.sd_res == pytest.approx((0.01 - 0.009216) ** 0.5)
    assert found.artefactual == pytest.approx(92.16)
    assert found.se == pytest.approx((0.01 / 2) ** 0.5)


def test_larger_studies_count_more():
    assert bare_bones([0.1, 0.3], [100, 300]).r == pytest.approx(0.25)


def test_studies_that_agree_leave_nothing_to_explain():
    found = bare_bones([0.2, 0.2], [50, 50])
    assert (found.sd_res, found.artefactual) == (0, 100)


def test_perfect_measures_need_no_correction():
    bare = bare_bones([0.1, 0.4], [80, 120])
    for correct in (artefact_distribution, individually_corrected):
        found = correct([0.1, 0.4], [80, 120], [1, 1], [1, 1])
        assert found.rho == pytest.approx(bare.r)
    assert artefact_distribution([0.1, 0.4], [80, 120], [1, 1], [1, NAN]).sd_rho == pytest.approx(
        bare.sd_res
    )


def test_equal_reliabilities_divide_mean_and_spread_by_their_root():
    found = artefact_distribution([0.1, 0.4], [80, 120], [0.8, 0.8], [0.8, NAN])
    bare = bare_bones([0.1, 0.4], [80, 120])
    assert found.rho == pytest.approx(bare.r / 0.8)
    assert found.sd_rho == pytest.approx(bare.sd_res / 0.8)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: bare_bones([0.2], [50]), "at least two studies"),
        (lambda: artefact_distribution([0.1, 0.2], [50, 50], [NAN, NAN], [1, 1]), "reliability"),
        (lambda: artefact_distribution([0.1, 0.2], [50, 50], [1.2, 1], [1, 1]), "reliability"),
        (
            lambda: individually_corrected([0.1, 0.2], [50, 50], [0.8, NAN], [NAN, 0.8]),
            "there are 0 to use",
        ),
        (lambda: pool_matrix("abc", ["a"], ["b"], [0.2], [50]), "No study reports a with c"),
        (
            lambda: pool_matrix("abc", "aab", "bcc", [0.9, 0.9, -0.9], [50, 50, 50]),
            "cannot belong together",
        ),
        (lambda: path_model(three(), {"b": ["a"], "a": ["b"]}), "circle through b, a"),
        (lambda: path_model(three(), {"d": ["a"]}), "'d' is not in the pooled matrix"),
    ],
)
def test_what_cannot_be_is_refused(call, sentence):
    with pytest.raises(ModelError, match=sentence):
        call()


def three():
    return pool_matrix("abc", "aab", "bcc", [0.5, 0.3, 0.4], [200, 100, 100])


def test_a_cell_with_few_studies_is_named():
    assert three().thin == (("a", "b"), ("a", "c"), ("b", "c"))
    assert three().harmonic_n == pytest.approx(3 / (1 / 200 + 2 / 100))


def test_a_full_chain_multiplies_along_its_paths():
    found = path_model(three(), {"b": ["a"], "c": ["a", "b"]})
    total = {(p.target, p.source): p.estimate for p in found.totals}
    direct = {(p.target, p.source): p.estimate for p in found.paths}
    indirect = {(p.target, p.source): p.estimate for p in found.indirect}
    assert indirect == pytest.approx({("c", "a"): direct["b", "a"] * direct["c", "b"]})
    assert total["c", "a"] == pytest.approx(0.3)
    assert (found.df, found.chisq) == (0, pytest.approx(0, abs=1e-9))
    assert np.isfinite([p.se for p in found.totals]).all()
