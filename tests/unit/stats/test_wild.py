"""The wild cluster bootstrap: sure where it should be, and not otherwise."""

import numpy as np

from anello.stats.linear.ols import ols
from anello.stats.linear.wild import wild_p


def design(seed, n=20):
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    return X, X @ [1.0, 0.5, -0.3] + rng.normal(size=n), rng


def test_the_bootstrap_is_sure_of_a_clear_slope_and_not_of_none():
    X, _, rng = design(3, n=60)
    cluster = np.arange(60) // 4
    clear = ols(X, X[:, 1] * 2 + rng.normal(size=60))
    none = ols(X, rng.normal(size=60))
    assert wild_p(clear, cluster, 1, seed=1) < 0.01
    assert wild_p(none, cluster, 1, seed=1) > 0.05
    assert wild_p(none, cluster, 1, seed=1) == wild_p(none, cluster, 1, seed=1)


def test_the_bootstrap_holds_its_level_with_twelve_clusters():
    small = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        cluster = np.arange(48) // 4
        x = rng.normal(size=12)[cluster] + rng.normal(size=48)
        y = rng.normal(size=12)[cluster] + rng.normal(size=48)
        fit = ols(np.column_stack([np.ones(48), x]), y)
        small += wild_p(fit, cluster, 1, seed=seed, draws=199) <= 0.05
    assert small <= 18  # binomial(200, .05): 18 or fewer in 99 % of trials
