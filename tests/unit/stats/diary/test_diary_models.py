"""The models of a diary on rows whose truth is known."""

import numpy as np
import pytest

from anello.model.errors import ModelError
from anello.stats.diary.ar1 import Problem, inertia, steps
from anello.stats.diary.compliance import compliance
from anello.stats.diary.confounder import sensitivity
from anello.stats.diary.latent import latent
from anello.stats.diary.mediation import Asked, mediation
from anello.stats.diary.within_between import centred, within_between


def opposite(persons=60, days=12, seed=1):
    """Inside a person x raises y by 0.5; people with more x have less y, -0.8 a point."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), days)
    usual = rng.standard_normal(persons)[person]
    inside = rng.standard_normal(persons * days)
    x = 4 + usual + inside
    level = 0.5 * rng.standard_normal(persons)[person]
    return person, x, 2 - 0.8 * usual + 0.5 * inside + level + rng.standard_normal(len(x))


def test_opposite_signs_inside_and_between_are_both_found():
    person, x, y = opposite()
    slope = within_between(centred(person, y, x[:, None], ("x",))).slopes[0]
    assert slope.within.low < 0.5 < slope.within.high
    assert slope.within.low > 0
    assert slope.between.high < 0
    assert slope.difference.estimate == pytest.approx(
        slope.between.estimate - slope.within.estimate, abs=1e-9
    )


def test_latent_means_undo_what_few_rows_do_to_the_between_slope():
    off = {"observed": [], "latent": []}
    for seed in range(12):
        person, x, y = opposite(persons=300, days=3, seed=seed)
        observed = within_between(centred(person, y, x[:, None], ("x",)), random=False)
        off["observed"].append(observed.slopes[0].between.estimate)
        off["latent"].append(latent(person, y, x[:, None], ("x",)).between[0].estimate)
    assert np.mean(off["observed"]) > -0.6  # expected -0.8 + 1.3 x (1/3) / (1 + 1/3) = -0.475
    assert np.mean(off["latent"]) == pytest.approx(-0.8, abs=0.06)


def test_the_unit_of_a_column_changes_the_slope_and_nothing_else():
    person, x, y = opposite()
    one = within_between(centred(person, y, x[:, None], ("x",)))
    other = within_between(centred(person, 1000 * y, x[:, None] / 60 + 1e5, ("x",)))
    a, b = one.slopes[0], other.slopes[0]
    assert b.within.estimate == pytest.approx(60_000 * a.within.estimate, rel=1e-5)
    assert b.within.df == pytest.approx(a.within.df, rel=1e-3)
    assert b.between_std == pytest.approx(a.between_std, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p, x, y: (p, p.astype(float), y), "never changes inside a person"),
        (lambda p, x, y: (p, x, p.astype(float)), "outcome never changes inside"),
        (lambda p, x, y: (p * 0, x, y), "a single person"),
        (lambda p, x, y: (p, x, y * 0), "same value in every row"),
        (lambda p, x, y: (p[:5], x[:5], y[:5]), "a single person"),
    ],
)
def test_a_diary_that_can_tell_nothing_is_refused_in_one_sentence(change, said):
    person, x, y = change(*opposite())
    with pytest.raises(ModelError, match=said) as error:
        within_between(centred(person, y, x[:, None], ("x",)))
    assert error.value.text("it") != str(error.value)


def test_an_x_that_is_the_same_on_average_for_all_has_no_between_slope():
    person, x, y = opposite()
    flat = x - (np.bincount(person, x) / np.bincount(person))[person]
    assert within_between(centred(person, y, flat[:, None], ("x",))).slopes[0].between is None


def steps_together(persons=80, days=14, seed=3):
    """a = b = 0.4 on average, strong in the same people (cov 0.08), c' = 0.1."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), days)
    root = np.linalg.cholesky(np.array([[0.1, 0.08], [0.08, 0.1]]))
    a, b = (0.4 + root @ rng.standard_normal((2, persons)))[:, person]
    usual = rng.standard_normal((3, persons))[:, person]
    x = rng.standard_normal(len(person))
    m = a * x + rng.standard_normal(len(person))
    y = b * m + 0.1 * x + rng.standard_normal(len(person))
    return person, x + usual[0], m + usual[1], y + usual[2]


def test_the_covariance_of_the_steps_is_part_of_the_way_and_shown_apart():
    found = mediation(*steps_together(), Asked(draws=4000))
    product, cov = found.part("a*b"), found.part("cov(a,b)")
    assert product.low < 0.16 < product.high
    assert cov.low < 0.08 < cov.high
    assert cov.low > 0
    whole = found.part("indirect")
    assert whole.estimate == pytest.approx(product.estimate + cov.estimate, abs=1e-12)
    total = found.part("total").estimate
    assert total == pytest.approx(whole.estimate + found.part("direct").estimate, abs=1e-12)


def test_fixed_slopes_know_no_covariance_and_miss_that_part():
    found = mediation(*steps_together(), Asked(random=False, draws=4000))
    assert "cov(a,b)" not in [p.name for p in found.parts]
    assert found.part("indirect").estimate == pytest.approx(found.part("a*b").estimate, abs=1e-12)


def test_the_monte_carlo_interval_of_a_product_is_that_of_the_normal_draws():
    found = mediation(*steps_together(), Asked(random=False, draws=200_000))
    (a, b, _), part = found.paths, found.part("a*b")
    rng = np.random.default_rng(5)
    drawn = (a.estimate + a.se * rng.standard_normal(400_000)) * (
        b.estimate + b.se * rng.standard_normal(400_000)
    )
    assert [part.low, part.high] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=2e-3)


def test_the_same_seed_gives_the_same_interval_and_a_bootstrap_lies_near_it():
    rows = steps_together(persons=40, days=10)
    one = mediation(*rows, Asked(random=False, draws=2000, bootstraps=120))
    again = mediation(*rows, Asked(random=False, draws=2000, bootstraps=120))
    part = one.part("indirect")
    assert part == again.part("indirect")
    assert part.boot_low == pytest.approx(part.low, abs=0.12)
    assert part.boot_high == pytest.approx(part.high, abs=0.12)


def inert(phi, persons=60, days=14, seed=4, missed=0.2):
    rng = np.random.default_rng(seed)
    e = np.zeros((persons, days))
    e[:, 0] = rng.standard_normal(persons)
    for t in range(1, days):
        e[:, t] = phi * e[:, t - 1] + np.sqrt(1 - phi**2) * rng.standard_normal(persons)
    there = rng.random((persons, days)) >= missed
    person, day = np.nonzero(there)
    y = 3 + rng.standard_normal(persons)[person] + e[person, day]
    return person, day.astype(float), y


def fitted(person, day, y):
    problem = Problem(person, steps(person, day), np.ones((len(y), 1)), y, False)
    return inertia(problem, ("(Intercept)",))


def test_naive_centring_finds_half_of_what_is_there():
    exact, naive = [], []
    for seed in range(6):
        found = fitted(*inert(0.2, days=14, seed=seed, missed=0.0))
        exact.append(found.phi)
        naive.append(found.naive)
    assert np.mean(exact) == pytest.approx(0.2, abs=0.04)
    assert np.mean(naive) == pytest.approx(0.11, abs=0.04)  # 0.2 - 1.2 / 13


@pytest.mark.parametrize("phi", [-0.4, 0.0, 0.6])
def test_inertia_of_any_sign_is_found_with_gaps(phi):
    found = fitted(*inert(phi))
    assert found.low < phi < found.high
    assert found.converged


def test_two_answers_two_days_apart_hold_the_square_of_the_inertia():
    person, day, y = inert(0.6, persons=200, missed=0.0)
    every_second = day % 2 == 0
    found = fitted(person[every_second], day[every_second], y[every_second])
    assert found.phi == pytest.approx(0.6, abs=0.1)
    halved = fitted(person[every_second], day[every_second] / 2, y[every_second])
    assert halved.phi == pytest.approx(found.phi**2, abs=1e-5)


def test_inertia_of_people_with_one_answer_each_is_refused():
    with pytest.raises(ModelError, match="at least two prompts"):
        fitted(np.arange(5), np.zeros(5), np.arange(5.0))


def test_an_unasked_cause_moves_an_effect_by_what_cinelli_and_hazlett_say():
    found = sensitivity(0.097, 0.023, 783.0, 0.3, 1.963)
    # R2 = .09 with both: bias = .023 sqrt(783) sqrt(.09 * .09 / .91) = .0607
    assert found.low == pytest.approx(0.097 - 0.0607, abs=1e-4)
    # robustness value of a published example (their Table 1: estimate .097, se .023): 13.9 %
    assert found.needed**2 == pytest.approx(0.139, abs=2e-3)
    assert found.needed_interval**2 == pytest.approx(0.076, abs=2e-3)


def test_compliance_is_told_in_classes():
    found = compliance(np.array([0] * 10 + [1] * 8 + [2] * 4), 10)
    assert found.share == pytest.approx(22 / 30)
    assert [n for _, _, n in found.classes] == [1, 0, 2]
