"""Which themes go with an outcome, on both levels apart."""

import numpy as np
import pytest
from small_panels import chain_of, panel_of, said

from anello.link import judge
from anello.model.evidence import Level

THEMES = ("a", "b", "c")
LINKS = [said(theme, "y") for theme in THEMES]


def panel(units=40, waves=5):
    """Return a company where `a` makes the stable differences and `b` the ups and downs."""
    rng = np.random.default_rng(7)
    stable = {k: rng.normal(size=(units, 1)) for k in THEMES}
    moving = {k: rng.normal(size=(units, waves)) for k in THEMES}
    noise = rng.normal(size=(units, waves)) / 3
    y = 2 * stable["a"] + 2 * moving["b"] + noise
    return panel_of(y=y, **{k: stable[k] + moving[k] for k in THEMES})


def shares(*links, **size):
    found = judge(panel(**size), chain_of(*links)).drivers
    return {(d.level, d.theme): d for d in found}


def test_each_level_has_its_own_first_theme():
    found = shares(*LINKS)
    first = {
        level: max((d for d in found.values() if d.level == level), key=lambda d: d.lmg).theme
        for level in ("between", "within")
    }
    assert first == {"between": "a", "within": "b"}


def test_shares_add_up_to_the_explained_variance():
    for level in Level:
        own = [d for (at, _), d in shares(*LINKS).items() if at == level.value]
        assert sum(d.lmg for d in own) == pytest.approx(own[0].r2)
        assert sum(d.weight for d in own) == pytest.approx(own[0].r2)


def test_two_themes_are_not_enough_and_lagged_links_do_not_count():
    assert shares(*LINKS[:2]) == {}
    assert shares(*LINKS[:2], said("c", "y", lag=1)) == {}


def test_too_few_units_or_waves_leave_a_level_out():
    assert shares(*LINKS, units=9) == {}
    assert {level for level, _ in shares(*LINKS, waves=2)} == {"between"}


def test_a_theme_that_copies_another_is_not_shared_out():
    copied = panel()
    copied.mean["c"] = copied.mean["b"] * 2
    assert judge(copied, chain_of(*LINKS)).drivers == ()
