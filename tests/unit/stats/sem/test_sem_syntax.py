"""A model is read as lavaan's users write it, and a fault is shown with its line and a caret."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.model.errors import FormulaError, ModelError
from anello.stats.sem.language.expression import expression
from anello.stats.sem.language.syntax import parse


def said(text: str) -> list[tuple[str, str, str]]:
    return [(s.lhs, s.op, s.rhs) for s in parse(text).statements]


def asked(text: str):
    return parse(text).statements[-1].asked


def test_a_model_is_a_list_of_relations():
    text = "service =~ s1 + s2  # how customers see it\nservice ~ engagement; s1 ~~ s2\ns1 ~ 1"
    assert said(text) == [
        ("service", "=~", "s1"),
        ("service", "=~", "s2"),
        ("service", "~", "engagement"),
        ("s1", "~~", "s2"),
        ("s1", "~1", ""),
    ]


def test_a_line_goes_on_after_a_plus_and_before_one():
    assert said("f =~ x1 +\n  x2\n  + x3\n") == [("f", "=~", f"x{i}") for i in (1, 2, 3)]


def test_several_outcomes_share_a_line():
    assert said("a + b ~ x") == [("a", "~", "x"), ("b", "~", "x")]


def test_numbers_fix_labels_name_and_start_starts():
    assert asked("f =~ -0.5*x").fixed == (-0.5,)
    assert asked("f =~ load*x").label == ("load",)
    assert asked("f =~ start(.7)*x").start == (0.7,)
    assert asked("f =~ 0.7?x").start == (0.7,)
    assert asked("f =~ c(a, b)*x").label == ("a", "b")
    assert asked("f =~ c(1, 2)*x").fixed == (1.0, 2.0)
    assert asked('f =~ equal("f=~x1")*x').equal == "f=~x1"


def test_na_frees_a_parameter():
    (fixed,) = asked("f =~ NA*x").fixed
    assert fixed != fixed


def test_one_parameter_may_be_asked_for_twice():
    found = parse("y ~ a*x + start(2)*x")
    assert len(found.statements) == 1
    assert (found.statements[0].asked.label, found.statements[0].asked.start) == (("a",), (2.0,))


def test_levels_and_groups_are_blocks():
    found = parse("level: within\n y ~ x\nlevel: between\n y ~ w")
    assert found.levels == ("within", "between")
    assert [s.level for s in found.statements] == ["within", "between"]
    assert parse("group: 1\n y ~ x\ngroup: 2\n y ~ x").groups == ("1", "2")


def test_definitions_and_constraints_are_kept_as_equations():
    found = parse("y ~ a*m\n m ~ b*x\n ab := a*b\n a == 2*b\n a > 0")
    assert [(e.left, e.op, e.right) for e in found.equations] == [
        ("ab", ":=", "a*b"),
        ("a", "==", "2*b"),
        ("a", ">", "0"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence", "line", "caret"),
    [
        ("y ~ x\nz ~", "The line stops here", "2 | z ~", 7),
        ("y ~ x +", "The line stops here", "1 | y ~ x +", 11),
        ("y x", "An operator is missing", "1 | y x", 7),
        ("y ~ (x", "never closed", "1 | y ~ (x", 8),
        ("y ~ x)", "never opened", "1 | y ~ x)", 9),
        ("y ~ foo(2)*x", "'foo' is not known", "1 | y ~ foo(2)*x", 8),
        ("y ~ a*b:c", "Products of variables", "1 | y ~ a*b:c", 11),
        ("y <~ x", "not fitted here", "1 | y <~ x", 6),
        ("y ~ x @ z", "no meaning", "1 | y ~ x @ z", 10),
        ("level 1\ny ~ x", "An operator is missing", "1 | level 1", 11),
        ("y ~ y", "cannot explain itself", "1 | y ~ y", 8),
        ("", "The model is empty", "1 | ", 4),
    ],
)
def test_a_fault_is_shown_where_it_is(text, sentence, line, caret):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    first, shown, pointer = str(caught.value).split("\n")
    assert sentence in first
    assert shown.strip() == line.strip()
    assert pointer.index("^") == caret + 2


def test_a_fault_is_told_in_italian_too():
    with pytest.raises(FormulaError) as caught:
        parse("y ~")
    assert caught.value.text("it").startswith("La riga finisce qui")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="fxy12ab ~=*+:()#\n;,.-<>'\"", max_size=40))
def test_any_text_is_a_model_or_a_sentence(text):
    try:
        parse(text)
    except FormulaError as error:
        said = str(error)
    else:
        return
    assert "^" in said


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab12+-*/^(). explog_", max_size=25))
def test_any_expression_is_read_or_refused(text):
    try:
        found = expression(text)
    except ModelError:
        return
    found.value(dict.fromkeys(found.names, 0.7))


def test_an_expression_is_arithmetic_and_nothing_else():
    assert expression("2*a^2 - exp(b.1)").value({"a": 3, "b.1": 0}).real == 17
    assert expression("a*b").slope({"a": 2.0, "b": 5.0}, "a") == pytest.approx(5)
    for text in ("__import__('os')", "a.b.c()", "[1]", "lambda: 1", "a if b else c"):
        with pytest.raises(ModelError):
            expression(text)
