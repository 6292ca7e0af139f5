"""Rows of a diary: order, lags, days, clocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.model.errors import FormulaError, ModelError
from anello.stats.diary.clock import days, on_one_axis, prompts
from anello.stats.diary.columns import by_day, complete, controls
from anello.stats.diary.rows import diary, doubled, lagged
from anello.stats.diary.terms import Term, parse


def made(person, time, **values):
    numbers = {k: np.array(v, float) for k, v in values.items() if not isinstance(v[0], str)}
    texts = {k: np.array(v, object) for k, v in values.items() if isinstance(v[0], str)}
    return diary(np.array(person, object), np.array(time, float), numbers, texts)


def test_a_lag_reaches_back_exactly_one_step_and_never_into_another_person():
    rows = made(["a", "a", "a", "b"], [1, 2, 4, 5], x=[10, 20, 40, 50])
    np.testing.assert_equal(lagged(rows, rows.values["x"], 1), [np.nan, 10, np.nan, np.nan])
    np.testing.assert_equal(lagged(rows, rows.values["x"], 2), [np.nan, np.nan, 20, np.nan])


def test_two_rows_of_one_person_at_one_time_are_found_with_their_places():
    rows = made(["a", "b", "a", "b"], [1, 1, 2, 1], x=[1, 2, 3, 4])
    assert doubled(rows) == (1, 3)
    assert doubled(made(["a", "b"], [1, 1], x=[1, 2])) is None


def test_a_day_is_the_mean_of_what_was_answered_in_it():
    rows = made(["a"] * 4, [1, 2, 3, 4], x=[1, 3, np.nan, 6], w=["sun", "sun", "rain", "rain"])
    found = by_day(rows, np.array([1.0, 1, 2, 2]))
    assert found.values["x"].tolist() == [2, 6]
    assert found.texts["w"].tolist() == ["sun", "rain"]
    assert found.time.tolist() == [1, 2]


def test_prompts_in_words_keep_the_order_in_which_they_come():
    place, names = prompts(["before work", "after the shift", "before work", "before bed"])
    assert names == ("before work", "after the shift", "before bed")
    assert place.tolist() == [0, 1, 0, 2]


def test_dates_are_days_apart_also_over_the_end_of_a_month():
    assert days(["2025-02-27", "2025-03-01"]).tolist() == [0, 2]


def test_the_night_is_as_long_as_one_says():
    day, prompt = np.array([1.0, 2.0]), np.array([2.0, 0.0])
    assert np.diff(on_one_axis(day, prompt, 3, night=1)).tolist() == [1]
    assert np.diff(on_one_axis(day, prompt, 3, night=4)).tolist() == [4]


def test_words_enter_as_levels_after_the_first():
    rows = made(["a"] * 3, [1, 2, 3], x=[1, 2, 3], w=["sun", "rain", "snow"])
    term = Term("w")
    column, names = controls(complete(rows, (Term("x"), term)), rows, (term,))
    assert names == ("wsnow", "wsun")
    assert column.tolist() == [[0, 1], [0, 0], [1, 0]]


def test_a_diary_where_nobody_has_two_complete_rows_is_refused():
    rows = made(["a", "a", "b"], [1, 2, 1], x=[1, np.nan, 2])
    with pytest.raises(ModelError, match="Nobody has two complete rows"):
        complete(rows, (Term("x"),))
    with pytest.raises(ModelError, match="No row is left"):
        complete(made(["a", "b"], [1, 1], x=[np.nan, np.nan]), (Term("x"),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y ~ x +", "name of a column"),
        ("y ~ lead(x)", "knows lag"),
        ("y ~ lag(x, 0)", "whole number of steps"),
        ("y ~ x * z", "no meaning"),
        ("y ~ m + k ~ x", "one mediator"),
        ("y ~ x + x", "stands twice"),
        ("y ~ y", "stands twice"),
        ("ar1(y", r"\) is expected"),
        ("y ~ x ~ m ~ z", "should end here"),
        ("y", "~ is expected"),
    ],
)
def test_a_formula_that_is_none_is_shown_with_a_caret(text, said):
    with pytest.raises(FormulaError, match=said) as error:
        parse(text)
    assert str(error.value).endswith("^")
    assert str(error.value) != error.value.text("it")


@given(st.text("xy ~+(),0123`lagrwm.", max_size=25))
def test_no_text_breaks_the_reader_of_formulas(text):
    try:
        found = parse(text)
    except FormulaError:
        return
    assert parse(text) == found
    assert found.outcome not in found.terms
