"""The design that a study hands the ledger says how its numbers really move with each answer."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest

from anello.link.studies import counted, mixed
from anello.listen.study_rows import StudyRows
from anello.model.disclosure import Disclosure
from anello.model.study import Study
from anello.model.words import Words
from anello.protect.ledger import Ledger
from anello.protect.ledger.audit import audit, leverage
from anello.score.close.fits import candidate
from anello.score.close.study import order
from anello.store.fit_glmm import fit_glmm
from anello.store.fit_lmm import fit_lmm
from anello.store.rows_file import file_of

FORMULA = "service ~ climate + shift + (climate | shop)"
CROSSED = "service ~ climate + (1 | shop) + (1 | week)"
KEY = b"k" * 32


class Held:
    """An Ibis table, as far as a study asks one."""

    def __init__(self, table):
        self.table = table
        self.columns = table.column_names

    def to_pyarrow(self):
        return self.table


class Read:
    def __init__(self, table):
        self.table = Held(table)


def table(shops=14, people=8, seed=4):
    random, columns = Random(seed), {}
    weeks = [random.gauss(0, 0.8) for _ in range(5)]
    for j in range(shops):
        usual, steep = random.gauss(0, 0.8), random.gauss(0, 0.4)
        for i in range(people):
            x = random.gauss(3, 1)
            row = {
                "shop": f"S{j:02}", "week": f"w{i % 5}", "climate": x,
                "shift": random.choice(["day", "night"]),
                "service": 1 + (0.5 + steep) * x + usual + weeks[i % 5] + random.gauss(0, 1),
                "yes": 1.0 + sum(random.random() < 0.4 + 0.1 * usual for _ in range(7)),
            }  # fmt: skip
            row["no"] = 10.0 - row["yes"]
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
    whole = pa.table(columns)
    at = pa.array(range(whole.num_rows))
    return whole.append_column("role_unit", whole["shop"]).append_column("__at", at)


def asked(kind, formula, **settings):
    words = Words("study", "studio")
    return Study("s", kind, "staff", (("unit", "shop"),), (formula,), words, (),
                 tuple(settings.items()))  # fmt: skip


def fits(kind, formula, rows, **settings):
    module = {"mixed": mixed, "counted": counted}[kind]
    study = asked(kind, formula, **settings)
    found, told = module.fitted(StudyRows(Read(rows), None), study, Disclosure())
    assert found.refused is None
    return study, found, told


@pytest.mark.parametrize("formula", [FORMULA, CROSSED])
def test_the_weights_of_the_ledger_times_the_answers_are_the_coefficients(formula):
    rows = table()
    study, found, told = fits("mixed", formula, rows)
    made = candidate(study, told, order(study, told), KEY)
    y = np.array(rows["service"])[order(study, told)]
    slopes = [e.estimate for e in found.effects if e.name in ("intercept", "slope")]
    assert made.weights[: len(slopes)] @ y == pytest.approx(slopes, abs=1e-8)


def moved(rows, column, i, by):
    values = np.array(rows[column].to_pylist())
    values[i] += by
    return rows.set_column(rows.column_names.index(column), column, pa.array(values))


def outside(gradient, spreads):
    """Return the share of a gradient that no combination of the rows explains."""
    basis = np.array(list(spreads)).T
    part = basis @ np.linalg.lstsq(basis, gradient, rcond=None)[0]
    return np.linalg.norm(gradient - part) / np.linalg.norm(gradient)


@pytest.mark.parametrize("formula", [FORMULA, CROSSED])
def test_variances_move_with_single_answers_as_the_ledger_is_told(formula):
    rows, step = table(8, 5), 1e-4
    _, _, told = fits("mixed", formula, rows)
    spreads = [v for k, v in told.fits[0].spreads.items() if "spread" not in k and "what" not in k]

    def variances(i, by):
        found = fit_lmm(formula, file_of(moved(rows, "service", i, by), "rows"), df="none")
        return np.array([r["variance"] for r in found["varcomp"]])

    found = variances(0, 0.0)
    slopes = np.array([(variances(i, step) - found) / step for i in range(rows.num_rows)])
    for gradient in slopes.T:
        assert outside(gradient, spreads) < 0.01


def test_log_odds_move_with_single_answers_as_the_ledger_is_told():
    formula = "cbind(yes, no) ~ climate + (1 | shop)"
    rows, step = table(12, 4), 0.05
    _, _, told = fits("counted", formula, rows)
    fit = told.fits[0]
    told_of = np.linalg.pinv(fit.weighted.T @ fit.x) @ fit.weighted.T * fit.per

    def odds(i, by):
        changed = moved(moved(rows, "yes", i, by), "no", i, -by)
        return np.array([r["estimate"] for r in fit_glmm(formula, file_of(changed, "r"))["fixed"]])

    found = odds(0, 0.0)
    slopes = np.array([(odds(i, step) - found) / step for i in range(rows.num_rows)])
    for gradient, weights in zip(slopes.T, told_of, strict=True):
        assert np.corrcoef(gradient, weights)[0, 1] > 0.98


def test_one_person_of_much_leverage_is_refused():
    rows = table()
    far = np.array(rows["climate"].to_pylist())
    far[17] = 60.0
    rows = rows.set_column(rows.column_names.index("climate"), "climate", pa.array(far))
    study, _, told = fits("mixed", "service ~ climate + (1 | shop)", rows)
    made = candidate(study, told, order(study, told), KEY)
    said = audit(Ledger(made.wave), made)
    assert not said.allowed


def test_every_column_that_was_read_is_known_to_the_ledger_words_too():
    rows = table()
    study, _, told = fits("mixed", FORMULA, rows)
    made = candidate(study, told, order(study, told), KEY)
    assert {name for name, _, _ in made.columns} == {"climate", "service", "shift", "shop"}
    shift = rows["shift"].to_pylist()
    shift[0] = "day" if shift[0] == "night" else "night"
    other = rows.set_column(rows.column_names.index("shift"), "shift", pa.array(shift))
    again = candidate(study, type(told)(other, told.columns, told.fits), order(study, told), KEY)
    assert {n for n, _, _ in set(made.columns) ^ set(again.columns)} == {"shift"}


def test_rows_that_miss_something_weigh_nothing():
    rows = table()
    climate = rows["climate"].to_pylist()
    climate[5] = None
    rows = rows.set_column(rows.column_names.index("climate"), "climate", pa.array(climate))
    study, _, told = fits("mixed", CROSSED, rows)
    made = candidate(study, told, order(study, told), KEY)
    there = Ledger(made.wave, weights=made.weights)
    assert leverage(there)[5] == pytest.approx(0, abs=1e-20)
    assert made.weights.shape[1] == rows.num_rows
