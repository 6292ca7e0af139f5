"""Pooled-matrix path models: Hunter (1983) as published; lavaan on generated cells (paths.R)."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from anello.stats.meta.pooled_matrix import PathModel, PooledMatrix, path_model, pool_matrix

HERE = Path(__file__).parent
STORED = json.loads((HERE / "paths.json").read_text())

# Hunter (1983): ability, job knowledge, work sample, supervisor rating; pooled r, studies, people.
HUNTER = {
    "AJ": (0.4958719, 11, 3372),
    "AW": (0.4261292, 11, 3281),
    "AS": (0.2054757, 12, 3605),
    "JW": (0.5166044, 10, 2998),
    "JS": (0.2739554, 11, 3322),
    "WS": (0.2316992, 11, 3231),
}


def met(found: float, published: float, tolerance: float) -> None:
    assert found == pytest.approx(published, abs=tolerance)
    assert found != pytest.approx(published + 3 * tolerance, abs=tolerance)


@pytest.fixture(scope="module")
def hunter() -> PooledMatrix:
    names = "AJWS"
    r, k, n = np.eye(4), np.zeros((4, 4), int), np.zeros((4, 4))
    for (a, b), cell in HUNTER.items():
        for i, j in ((names.index(a), names.index(b)), (names.index(b), names.index(a))):
            r[i, j], k[i, j], n[i, j] = cell
    return PooledMatrix(tuple(names), r, k, n)


@pytest.fixture(scope="module")
def ability(hunter) -> PathModel:
    return path_model(hunter, {"J": ["A"], "W": ["A", "J"], "S": ["J", "W"]}, n=3292)


def by_name(paths) -> dict[tuple[str, str], tuple[float, float]]:
    return {(p.target, p.source): (p.estimate, p.se) for p in paths}


def test_the_cells_of_hunter_have_the_published_harmonic_mean(hunter):
    met(hunter.harmonic_n, 3291.606, 5e-4)
    assert hunter.thin == ()


def test_hunters_path_model_comes_out_as_published(ability):
    found = by_name(ability.paths)
    for pair, published in {
        ("J", "A"): 0.496,
        ("W", "A"): 0.225,
        ("W", "J"): 0.405,
        ("S", "J"): 0.210,
        ("S", "W"): 0.123,
    }.items():
        met(found[pair][0], published, 5e-4)
    assert ability.df == 1
    met(ability.chisq, 11.988, 5e-4)
    met(ability.cfi, 0.995, 5e-4)
    met(ability.rmsea, 0.058, 5e-4)
    met(ability.srmr, 0.015, 5e-4)


@pytest.mark.parametrize("which", ["own", "hunter"])
def test_paths_effects_and_fit_are_those_of_lavaan(which, hunter, request):
    theirs = STORED[which]
    if which == "own":
        matrix = generated()
        chain = {"staff": ["climate"], "customers": ["staff"], "sales": ["customers"]}
        ends = {"ind": ("customers", "climate"), "total": ("sales", "climate")}
    else:
        matrix, chain = hunter, {"J": ["A"], "W": ["A", "J"], "S": ["J", "W"]}
        ends = {"ind": ("S", "A"), "step": ("S", "J")}
    ours = path_model(matrix, chain, n=theirs["n"])
    direct, indirect = by_name(ours.paths), by_name(ours.indirect)
    for lhs, rhs, est, se in zip(*(theirs[k] for k in ("lhs", "rhs", "est", "se")), strict=True):
        mine = indirect[ends[lhs]] if lhs in ends else direct[lhs, rhs]
        met(mine[0], est, 1e-7)
        met(mine[1], se, 1e-7)
    for key, name in {"chisq": "chisq", "cfi": "cfi", "rmsea": "rmsea", "srmr": "srmr"}.items():
        met(getattr(ours, name), theirs["fit"][key], 1e-7)
    assert ours.df == theirs["fit"]["df"]
    assert ours.p == pytest.approx(theirs["fit"]["pvalue"], rel=1e-5)


def generated() -> PooledMatrix:
    with (HERE / "cells.csv").open() as file:
        rows = list(csv.DictReader(file))
    names = ["climate", "staff", "customers", "sales"]
    columns = ([row[key] for row in rows] for key in ("first", "second", "r", "n"))
    first, second, r, n = columns
    return pool_matrix(names, first, second, [float(x) for x in r], [float(x) for x in n])


def test_cells_are_pooled_by_their_sample_sizes():
    matrix = generated()
    upper = matrix.r.T[np.tril_indices(4, -1)]
    assert upper == pytest.approx(STORED["pooled"], abs=1e-12)
    assert matrix.harmonic_n == pytest.approx(STORED["harmonic"], rel=1e-12)
