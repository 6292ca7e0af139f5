"""Moments are the same numbers whichever engine takes them: a file, or Ibis on any of its engines.

DuckDB and SQLite run everywhere. A Postgres server comes from a wheel; Spark runs on the machine's
Java as a small cluster of its own. Where one of them is missing its tests are skipped aloud.
"""

from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engines import ENGINES, Engine
from pyarrow import csv

from anello.model.disclosure import Disclosure
from anello.model.errors import ModelError
from anello.stats.mixed.design import Kind, design, factors, reads
from anello.stats.mixed.formula import parse
from anello.stats.moments import Moments
from anello.store import moments as by_ibis
from anello.store import moments_file as by_file
from anello.store import scan
from anello.store.files import loaded, open_file

FILES = ("csv", "tsv", "parquet")

# What PySpark 4.0 says of pandas 3, and of a sum that Anello takes again as doubles.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.filterwarnings("ignore:toPandas attempted Arrow optimization"),
]


def _rows(n: int = 400) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    return {
        "shop": rng.choice(["north", "south", "o'clock", 'say "a"'], n, p=[0.5, 0.3, 0.19, 0.01]),
        "kind": rng.choice(["a", "b", "c"], n),
        "grade": rng.integers(1, 6, n),
        "staff": rng.integers(1, 60, n),
        "hours": rng.normal(30, 4, n).round(3),
        "score": rng.normal(70, 9, n).round(3),
    }


def _taken(
    engine: str | Engine,
    formula: str,
    rows: dict[str, np.ndarray],
    tmp_path: Path,
    disclosure: Disclosure | None = None,
) -> Moments:
    table = pa.table(rows)
    if not isinstance(engine, str):
        return _by_ibis(engine.holding(table), formula, disclosure)
    path = tmp_path / f"rows.{engine}"
    if engine == "parquet":
        pq.write_table(table, path)
    else:
        sign = "\t" if engine == "tsv" else ","
        csv.write_csv(table, path, csv.WriteOptions(delimiter=sign))
    return _by_file(path, formula, disclosure)


def _by_ibis(table: ibis.Table, formula: str, disclosure: Disclosure | None) -> Moments:
    read, kinds = parse(formula), by_ibis.kinds(table)
    known = by_ibis.levels(table, factors(read, kinds), reads(read))
    return by_ibis.moments(table, design(read, kinds, known), disclosure=disclosure)


def _by_file(path: Path, formula: str, disclosure: Disclosure | None) -> Moments:
    read, file = parse(formula), open_file(path)
    named, columns = factors(read, file.kinds), reads(read)
    file = loaded(file, columns)
    known = scan.levels(file, named, columns)
    return by_file.moments(file, design(read, file.kinds, known), disclosure)


def _unshifted(moments: Moments) -> Moments:
    return moments.shifted(np.zeros(len(moments.columns)))


@pytest.fixture(params=(*ENGINES, *FILES), scope="module")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """An engine, started for this file and stopped after it; or the kind of a file."""
    if request.param in FILES:
        yield request.param
        return
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as started:
        yield started


def test_sums_and_products_are_those_of_the_rows(engine, tmp_path):
    rows = _rows()
    found = _unshifted(_taken(engine, "score ~ hours + staff + (hours | shop)", rows, tmp_path))
    v = np.array([np.ones(400), rows["hours"], rows["staff"], rows["score"]])
    assert found.columns == ("(Intercept)", "hours", "staff", "score")
    assert found.groups.tolist() == sorted(set(rows["shop"]))
    assert found.total == pytest.approx(v @ v.T, rel=1e-12)
    for j, name in enumerate(found.groups):
        inside = v[:, rows["shop"] == name]
        assert found.by_group[:, :, j] == pytest.approx(inside[:2] @ inside.T, rel=1e-12)


def test_factors_powers_and_logarithms_mean_the_same_everywhere(engine, tmp_path):
    rows = _rows()
    formula = "log(score) ~ kind * I(hours^2 / 10 - 1) + factor(grade) + I(2^-staff) + (1 | shop)"
    found = _unshifted(_taken(engine, formula, rows, tmp_path))
    squares = rows["hours"] ** 2 / 10 - 1
    expected = {
        "kindb": rows["kind"] == "b",
        "kindc:I(hours^2/10 - 1)": (rows["kind"] == "c") * squares,
        "factor(grade)5": rows["grade"] == 5,
        "I(2^-staff)": 0.5 ** rows["staff"],
        "log(score)": np.log(rows["score"]),
    }
    for name, column in expected.items():
        at = found.columns.index(name)
        assert found.total[0, at] == pytest.approx(column.sum(), rel=1e-10)
        assert found.total[at, at] == pytest.approx((column**2).sum(), rel=1e-10)


def test_many_products_are_summed_once_when_only_the_intercept_varies(engine, tmp_path):
    rows = _rows()
    found = _unshifted(_taken(engine, "score ~ hours*staff*grade + (1|shop)", rows, tmp_path))
    products = rows["hours"] * rows["staff"] * rows["grade"]
    at = found.columns.index("hours:staff:grade")
    assert found.total[at, -1] == pytest.approx(products @ rows["score"], rel=1e-10)


def test_ratings_are_summed_as_whole_numbers_so_that_no_order_matters(engine, tmp_path):
    found = _taken(engine, "staff ~ grade + I(grade^2) + (grade | shop)", _rows(), tmp_path)
    assert np.array_equal(found.shift, np.round(found.shift))
    assert np.array_equal(found.total, np.round(found.total))


def test_a_row_that_misses_a_value_is_dropped_and_counted(engine, tmp_path):
    rows = _rows(100)
    hours = rows["hours"].astype(object)
    hours[[3, 50]] = None
    shop = rows["shop"].astype(object)
    shop[70] = None
    changed = rows | {"hours": pa.array(list(hours)), "shop": pa.array(list(shop))}
    found = _taken(engine, "score ~ hours + (1 | shop)", changed, tmp_path)
    kept = np.delete(np.arange(100), [3, 50, 70])
    assert (found.n, found.dropped) == (97, 3)
    assert _unshifted(found).total[0, 1] == pytest.approx(rows["hours"][kept].sum(), rel=1e-12)


def test_not_a_number_is_a_missing_value(engine, tmp_path):
    rows = _rows(100)
    rows["hours"][[3, 50]] = np.nan
    found = _taken(engine, "score ~ hours + (hours | shop)", rows, tmp_path)
    assert (found.n, found.dropped) == (98, 2)
    assert np.isfinite(found.by_group).all()


def test_a_group_of_fewer_than_k_never_comes_out(engine, tmp_path):
    rows = {
        "shop": np.repeat(["large", "just", "small", "alone"], [9, 5, 4, 1]),
        "x": np.arange(19.0),
        "y": np.arange(19.0) ** 2,
    }
    found = _taken(engine, "y ~ x + (1 | shop)", rows, tmp_path, Disclosure(k=5))
    assert found.groups.tolist() == ["just", "large"]
    assert (found.n, found.withheld, found.withheld_rows, found.k) == (14, 2, 5, 5)
    assert found.sizes.tolist() == [5, 9]
    assert _unshifted(found).total[0, 1] == pytest.approx(sum(range(14)))
    assert found.dropped == 0


def test_without_a_rule_every_group_comes_out(engine, tmp_path):
    rows = {"shop": np.repeat(["a", "b"], [9, 1]), "x": np.arange(10.0), "y": np.arange(10.0)}
    assert _taken(engine, "y ~ x + (1 | shop)", rows, tmp_path).groups.tolist() == ["a", "b"]


@pytest.mark.parametrize("offset", [1e4, 1e8])
def test_a_large_offset_costs_no_digits(engine, tmp_path, offset):
    rows = _rows()
    centred = rows["hours"] - rows["hours"].mean()
    far = rows | {"hours": rows["hours"] + offset}
    found = _taken(engine, "score ~ hours + (hours | shop)", far, tmp_path)
    spread = found.total[1, 1] - found.total[0, 1] ** 2 / found.n
    assert spread == pytest.approx((centred**2).sum(), rel=1e-6 if offset > 1e6 else 1e-9)
    assert abs(found.total[0, 1] / found.n) < 1000


def test_a_sample_that_misleads_is_noticed(engine, tmp_path):
    rows = {
        "shop": np.repeat(["a", "b"], 10_000),
        "x": np.repeat([0.0, 5e7], 10_000) + np.tile([0.0, 1.0], 10_000),
        "y": np.repeat([0.0, 5e7], 10_000) + np.tile([0.0, 1.0, 1.0, 3.0], 5_000),
    }
    only_late = {k: v[10_000 - 1 :] for k, v in rows.items()}
    found = _taken(engine, "y ~ x + (1 | shop)", only_late, tmp_path)
    assert found.total[0, 1:] / found.n == pytest.approx([0, 0], abs=10)


def test_whole_numbers_too_large_to_multiply_are_summed_as_doubles(engine, tmp_path):
    x = np.array([1, 2, 3, 2**62, -(2**61), 5])
    rows = {"shop": np.array(list("aabbab")), "x": x, "y": np.arange(6.0)}
    found = _unshifted(_taken(engine, "y ~ x + (1 | shop)", rows, tmp_path))
    assert found.total[1, 1] == pytest.approx((x.astype(float) ** 2).sum(), rel=1e-9)


def test_a_logarithm_of_zero_is_refused_with_the_number_of_rows(engine, tmp_path):
    rows = _rows(50)
    rows["staff"][[1, 2]] = [0, -3]
    with pytest.raises(ModelError, match=r"log\(staff\) meets 2 rows"):
        _taken(engine, "score ~ log(staff) + (1 | shop)", rows, tmp_path)


def test_every_engine_agrees_with_duckdb_to_twelve_digits(engine, tmp_path):
    rows = _rows(3000)
    formula = "score ~ hours * kind + staff + factor(grade) + (hours | shop)"
    found = _taken(engine, formula, rows, tmp_path, Disclosure(k=40))
    with ENGINES["duckdb"](tmp_path) as duckdb:
        known = _taken(duckdb, formula, rows, tmp_path, Disclosure(k=40))
    small = int((rows["shop"] == 'say "a"').sum())
    assert 0 < small < 40
    assert (found.n, found.withheld, found.withheld_rows) == (3000 - small, 1, small)
    assert found.groups.tolist() == known.groups.tolist()
    here = found.shifted(known.shift)
    scale = np.sqrt(np.outer(np.diag(known.total), np.diag(known.total)))
    assert np.abs(here.total - known.total).max() <= 1e-12 * scale.max()
    assert np.abs((here.by_group - known.by_group) / scale[:2, :, None]).max() <= 1e-12


def test_moments_of_two_files_add_up_to_those_of_one(tmp_path):
    rows = _rows()
    formula = "score ~ hours + (hours | shop)"
    parts = [{k: v[s] for k, v in rows.items()} for s in (slice(0, 150), slice(150, None))]
    first, second = (_taken("parquet", formula, part, tmp_path) for part in parts)
    whole = _taken("parquet", formula, rows, tmp_path)
    assert (first + second).shifted(whole.shift).total == pytest.approx(whole.total, rel=1e-9)


def test_text_kinds_are_told_apart(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("g,n,x,open,day\na,1,1.5,true,2024-01-01\n")
    assert list(open_file(path).kinds.values()) == [
        Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.OTHER,
    ]  # fmt: skip


def test_yes_and_no_are_words_and_true_and_false_are_not(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("g,late,open\na,yes,true\nb,no,FALSE\nb,,true\n")
    file = open_file(path)
    assert list(file.kinds.values()) == [Kind.TEXT, Kind.TEXT, Kind.BOOLEAN]
    assert scan.levels(file, ("late",), ("late",)) == {"late": ("no", "yes")}
