"""Alpha and invariance over all who answered every question: whom do they tell of?

What is told is the mean of each unit, over those who answered, and functions of the covariances and
means of the questions over those who answered all of them. Here their leverage is worked out once
more, over the people who said something at all, and without the code of the gate.
"""

import numpy as np
import pytest

from anello.model.chain import Grain, Item, Measure
from anello.model.disclosure import Disclosure
from anello.model.words import Words
from anello.protect.ledger import Ledger, audit
from anello.protect.ledger.audit import added
from anello.score.close.agreement import of_items, of_means, of_score, together
from anello.score.close.figures import close
from anello.score.close.persons import Persons

SEED = bytes(range(32))
ITEMS = ("a", "b", "c", "d")
SCALE = Measure(
    "m", "m", Words("", ""), "s", tuple(Item(i) for i in ITEMS),
    low=1, high=5, grain=Grain.PERSON,
)  # fmt: skip


def people(seed, silent, partly, units=12, each=14):
    """Return ticks of units of people: some answered nothing, some left one question out."""
    rng = np.random.default_rng(seed)
    n = units * each
    mood = rng.normal(size=(n, 1)) + 0.4 * rng.normal(size=(units, 1))[np.arange(n) // each]
    x = np.clip(np.rint(3 + 0.8 * mood + 0.7 * rng.normal(size=(n, 4))), 1, 5)
    who = rng.permutation(n)
    x[who[:silent]] = np.nan
    x[who[silent : silent + partly], rng.integers(0, 4, partly)] = np.nan
    score = np.where(np.isfinite(x).sum(1) >= 2, np.nanmean(np.where(x > 0, x, np.nan), 1), np.nan)
    names = tuple(f"u{j:02}" for j in range(units))
    answers = {c: x[:, i] for i, c in enumerate(ITEMS)}
    at = np.repeat(np.arange(units), each)
    return Persons("1", names, at, names, at, answers, {"m": score}, {})


def asked(persons):
    """Return the ledger once the means are told, and what asks for alpha and invariance."""
    made = close(
        persons, [SCALE], {"m": (1.0, 5.0)}, [(u,) for u in persons.units], Disclosure(), SEED,
        "staff", {},
    )  # fmt: skip
    ledger = Ledger(made.wave)
    for candidate in made.candidates:
        assert audit(ledger, candidate).allowed
        ledger = added(ledger, candidate)
    used = np.ones(persons.count, bool)
    found = [
        of(persons, SCALE, used, made.wave, made.people) for of in (of_score, of_items, of_means)
    ]
    return ledger, together(found)


def truth(persons, weights):
    """Return the leverage of everybody who said something, on unit means and what is asked."""
    spoke = np.any([np.isfinite(v) for v in persons.answers.values()], axis=0)
    told = np.isfinite(persons.scores["m"])
    means = (persons.unit == np.arange(len(persons.units))[:, None]) & told
    rows = np.vstack((means, weights))[:, spoke].astype(float)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    u, s, _ = np.linalg.svd(rows.T, full_matrices=False)
    return (u[:, s > 1e-9] ** 2).sum(axis=1)


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
@pytest.mark.parametrize("silent", [0, 1, 3, 8])
@pytest.mark.parametrize("partly", [0, 1, 2, 20])
def test_what_the_gate_allows_tells_less_than_half_of_anybody(silent, partly):
    for seed in range(5):
        persons = people(seed, silent, partly)
        ledger, candidate = asked(persons)
        allowed = audit(ledger, candidate).allowed
        if partly in (1, 2):
            assert not allowed
        if not partly:
            assert allowed
        if allowed:
            assert truth(persons, candidate.weights).max() < 0.5


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_the_one_who_left_a_question_out_would_be_told_by_the_means_alone():
    persons = people(1, 0, 1)
    _, candidate = asked(persons)
    means = candidate.weights[[n.endswith("means") for n in candidate.names]]
    assert truth(persons, means).max() > 0.9
