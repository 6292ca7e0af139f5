"""The panel holds means of units in waves, and never a cell that the rule hides."""

import ibis
import numpy as np
import pytest

from anello.model.chain import Coverage, Grain, Item, Measure
from anello.model.disclosure import Disclosure
from anello.model.errors import SourceError
from anello.model.words import Words
from anello.store import panel as panels

MOOD = Measure("mood", "mood", Words("", ""), "s", (Item("q1"),), grain=Grain.PERSON, low=1, high=5)
SALES = Measure(
    "sales",
    "sales",
    Words("", ""),
    "t",
    (Item("eur"),),
    coverage=Coverage("days", 30),
    base="tills",
)


def table(backend, rows):
    names = list(rows)
    data = ibis.memtable(rows)
    if backend == "duckdb":
        return ibis.duckdb.connect().create_table("rows", data.to_pyarrow())
    connection = ibis.sqlite.connect()
    return connection.create_table("rows", data.to_pyarrow())[names]


@pytest.fixture(params=["duckdb", "sqlite"])
def people(request):
    """Shop A: five people in wave 1. Shop B: four people in wave 1, six in wave 2."""
    rows = {
        "unit": ["A"] * 5 + ["B"] * 4 + ["B"] * 6,
        "wave": ["1"] * 9 + ["2"] * 6,
        "mood": [1.0, 2, 3, 4, 5] + [5.0] * 4 + [2.0, 2, 2, 3, 3, 3],
    }
    return table(request.param, rows)


def test_a_mean_of_four_people_never_arrives(people):
    found = panels.cells(people, [MOOD], Disclosure())
    by_cell = {(r["unit"], r["wave"]): r for r in found.table.to_pylist()}
    assert by_cell["A", "1"]["mood__mean"] == 3.0
    assert by_cell["B", "2"]["mood__mean"] == 2.5
    assert by_cell["B", "1"]["mood__mean"] is None
    assert by_cell["B", "1"]["mood__n"] == 0
    assert found.withheld == {"mood": 1}


def test_a_higher_promise_hides_more(people):
    found = panels.cells(people, [MOOD], Disclosure(k=6))
    assert found.withheld == {"mood": 2}


def test_units_and_waves_become_an_array(people):
    part = panels.cells(people, [MOOD], Disclosure())
    panel = panels.assemble([(part, panels.facts(people, []))], ("1", "2"), ())
    assert panel.units == ("A", "B")
    np.testing.assert_array_equal(panel.mean["mood"], [[3.0, np.nan], [np.nan, 2.5]])
    np.testing.assert_array_equal(panel.n["mood"], [[5, np.nan], [0, 6]])
    assert panel.persons == {"mood"}


def test_figures_of_units_keep_their_base_and_coverage():
    rows = {
        "unit": ["A", "B"],
        "wave": ["1", "1"],
        "sales": [100.0, 80.0],
        "days": [30.0, 15.0],
        "tills": [3.0, 2.0],
        "region": ["north", None],
    }
    source = table("duckdb", rows)
    part = panels.cells(source, [SALES], Disclosure())
    known = panels.facts(source, ["days", "tills", "region"])
    panel = panels.assemble([(part, known)], ("1",), ("region",))
    np.testing.assert_array_equal(panel.coverage["sales"], [[1.0], [0.5]])
    np.testing.assert_array_equal(panel.n["sales"], [[3], [2]])
    assert panel.groups["region"].tolist() == [["north"], [""]]
    assert panel.withheld == {"sales": 0}


def test_a_column_of_the_unit_may_not_vary_inside_it():
    rows = {"unit": ["A", "A"], "wave": ["1", "1"], "mood": [1.0, 2.0], "region": ["n", "s"]}
    with pytest.raises(SourceError, match="Unit 'A', wave '1': the column 'region' has two values"):
        panels.facts(table("duckdb", rows), ["region"])


def test_the_order_of_rows_does_not_move_the_last_digit():
    rng = np.random.default_rng(3)
    values = rng.integers(3, 16, 4000) / 3
    rows = {"unit": ["A"] * 4000, "wave": ["1"] * 4000, "mood": values}
    shuffled = rows | {"mood": rng.permutation(values)}
    means = [
        panels.cells(table("duckdb", r), [MOOD], Disclosure()).table["mood__mean"][0].as_py()
        for r in (rows, shuffled)
    ]
    assert means[0] == means[1]
    assert means[0] == pytest.approx(values.mean(), abs=1e-10)


def test_weights_count_answers_and_not_blanks():
    rows = {
        "unit": ["A"] * 6,
        "wave": ["1"] * 6,
        "mood": [1.0, 5.0, 5.0, 5.0, 5.0, None],
        "mood__w": [4.0, 1.0, 1.0, 1.0, 1.0, 100.0],
    }
    found = panels.cells(table("duckdb", rows), [MOOD], Disclosure())
    assert found.table["mood__mean"].to_pylist() == [3.0]
