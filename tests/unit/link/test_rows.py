"""Which figures stand side by side in a link."""

from dataclasses import replace

import numpy as np
import pytest
from small_panels import panel_of, said, with_groups

from anello.link.rows import rows_of
from anello.model.errors import ModelError

GONE = None
PANEL = panel_of(
    mood=[[1, 2, 3], [4, GONE, 6]],
    sales=[[10, 20, 30], [40, 50, GONE]],
    staff=[[7, 7, 7], [8, 8, 8]],
)


def listed(rows):
    return [(int(u), int(w), *c) for u, w, c in zip(rows.unit, rows.wave, rows.cells, strict=True)]


def test_a_row_needs_the_source_and_the_target():
    rows = rows_of(PANEL, said("mood", "sales"))
    assert listed(rows) == [(0, 0, 10, 1), (0, 1, 20, 2), (0, 2, 30, 3), (1, 0, 40, 4)]
    assert (rows.n, rows.waves) == (4, 3)


def test_a_lag_reads_the_source_one_wave_before_and_controls_with_the_target():
    rows = rows_of(PANEL, said("mood", "sales", lag=1, controls=("staff",)))
    assert listed(rows) == [(0, 1, 20, 1, 7), (0, 2, 30, 2, 7), (1, 1, 50, 4, 8)]


def test_a_lag_longer_than_the_panel_leaves_no_rows():
    assert len(rows_of(PANEL, said("mood", "sales", lag=5)).unit) == 0


def test_only_keeps_the_units_it_names():
    grouped = with_groups(PANEL, kind=["acute", "community"])
    rows = rows_of(grouped, said("mood", "sales", only=(("kind", "community"),)))
    assert listed(rows) == [(1, 0, 40, 4)]


@pytest.mark.parametrize("more", [{"only": (("region", "north"),)}, {"peers": "region"}])
def test_a_column_that_no_source_has_is_an_error_and_not_everybody(more):
    with pytest.raises(ModelError, match="'region', but no source has that column"):
        rows_of(PANEL, said("mood", "sales", **more))


@pytest.mark.parametrize("more", [{"only": (("kind", "acute"),)}, {"peers": "kind"}])
def test_a_column_that_says_nothing_of_any_unit_is_as_good_as_none(more):
    grouped = with_groups(PANEL, kind=["", ""])
    with pytest.raises(ModelError, match="'kind', but no source has that column with a value"):
        rows_of(grouped, said("mood", "sales", **more))


def test_a_group_to_which_no_unit_belongs_is_answered_with_those_there_are():
    grouped = with_groups(PANEL, kind=["acute", "community"])
    with pytest.raises(
        ModelError, match="'kind' is 'Acute', but there is none; it holds: acute, c"
    ):
        rows_of(grouped, said("mood", "sales", only=(("kind", "Acute"),)))


def test_a_wave_without_a_label_takes_the_last_one_the_unit_had():
    labels = np.array([["acute", "", ""], ["", "", "acute"]], dtype=object)
    grouped = replace(PANEL, groups={"kind": labels})
    assert len(rows_of(grouped, said("mood", "sales", only=(("kind", "acute"),))).unit) == 4


def test_answers_of_persons_are_counted_the_fewer_of_two():
    people = {"mood": np.full((2, 3), 20.0), "sales": np.full((2, 3), 12.0)}
    persons = replace(PANEL, n={**PANEL.n, **people}, persons=frozenset({"mood", "sales"}))
    assert rows_of(persons, said("mood", "sales")).n == 4 * 12
    one = replace(persons, persons=frozenset({"mood"}))
    assert rows_of(one, said("mood", "sales")).n == 4 * 20
