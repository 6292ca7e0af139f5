"""A link is written as analysts write it, and a slip is shown with a caret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.listen.link_formula import LinkFormula, parse, parse_items
from anello.model.errors import AnelloError, ChainFileError


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("sales ~ climate", LinkFormula("sales", "climate", 0, ())),
        ("sales~climate+size", LinkFormula("sales", "climate", 0, ("size",))),
        ("a ~ lag(b, 2) + c + d", LinkFormula("a", "b", 2, ("c", "d"))),
        ("a ~ lag(b,0)", LinkFormula("a", "b", 0, ())),
        (" fedeltà ~ qualità_2 ", LinkFormula("fedeltà", "qualità_2", 0, ())),
        ("lag ~ a", LinkFormula("lag", "a", 0, ())),
    ],
)
def test_a_link_is_target_source_and_controls(text, read):
    assert parse(text) == read


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ("a ~ lag(b, 1", "the parenthesis opened here is not closed.", 7),
        ("a ~ b)", "this parenthesis closes one that was never opened.", 5),
        ("a ~ lagg(b, 1)", "there is no function 'lagg'; did you mean lag?", 4),
        ("a ~ log(b)", "there is no function 'log'; did you mean lag?", 4),
        ("a ~ sqrt(b)", "there is no function 'sqrt'; a link knows only lag(measure, waves).", 4),
        ("a ~ lag(b)", "say how many waves back, as in lag(b, 1).", 9),
        ("a ~ lag(b, -1)", "a lag is a whole number of waves, 0 or more, as in lag(b, 1).", 11),
        ("a ~ lag(b, 1.5)", "a lag is a whole number of waves, 0 or more, as in lag(b, 1).", 11),
        ("a ~ lag(b, one)", "a lag is a whole number of waves, 0 or more, as in lag(b, 1).", 11),
        ("a ~ b + lag(c, 1)", "only the first term after ~ may have a lag.", 8),
        ("a", "~ is expected here.", 1),
        ("a ~", "the name of a measure is expected here.", 3),
        ("", "the name of a measure is expected here.", 0),
        ("a ~ b c", "+ is expected here.", 6),
        ("a ~ b + ", "the name of a measure is expected here.", 7),
        ("a ~ b ~ c", "+ is expected here.", 6),
        (
            "a =~ b",
            "=~ says what a construct is measured by; a link is written target ~ source.",
            2,
        ),
        ("a ~ b * c", "'*' has no meaning in a link; write target ~ source + control.", 6),
        ("a ~ 1 + b", "the name of a measure is expected here.", 4),
    ],
)
def test_a_slip_is_shown_with_a_caret(text, said, at):
    with pytest.raises(ChainFileError) as caught:
        parse(text)
    assert str(caught.value) == f"{said}\n    {text}\n    {' ' * at}^"


@pytest.mark.parametrize("text", ["a ~ a", "a ~ lag(a, 1)", "a ~ b + b", "a ~ b + a"])
def test_a_measure_has_one_part_in_a_link(text):
    with pytest.raises(ChainFileError, match="stands twice in the link"):
        parse(text)


def test_a_construct_is_measured_by_items():
    assert parse_items("engagement =~ pride + advocacy") == ("engagement", ("pride", "advocacy"))


@given(st.text(alphabet="ab_ ~+(),=1.-*lag\n", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_link_or_a_fault_with_a_sentence(text):
    for read in (parse, parse_items):
        assert said(read, text) != ""


def said(read, text):
    try:
        return read(text)
    except AnelloError as error:
        return error.text("it")
