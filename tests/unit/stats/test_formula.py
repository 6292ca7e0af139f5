"""The formula of a mixed model: what it may say, and where a fault is pointed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.model.errors import FormulaError
from anello.stats.mixed.formula import parse
from anello.stats.mixed.terms import label


def _fixed(text: str) -> list[str]:
    return [":".join(v.label for v in term) or "1" for term in parse(text).fixed]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("y ~ (1|g)", ["1"]),
        ("y ~ 0 + (1|g)", []),
        ("y ~ x - 1 + (1|g)", ["x"]),
        ("y ~ -1 + x + 1 + (1|g)", ["1", "x"]),
        ("y ~ a*b + (1|g)", ["1", "a", "b", "a:b"]),
        ("y ~ a*b*c - a:b:c + (1|g)", ["1", "a", "b", "c", "a:b", "a:c", "b:c"]),
        ("y ~ a*b - a + (1|g)", ["1", "b", "a:b"]),
        ("y ~ (a + b):c + (1|g)", ["1", "a:c", "b:c"]),
        ("y ~ b + a:b + b:a + (1|g)", ["1", "b", "b:a"]),
        ("y ~ I(x ^ 2)+log( x+1 )*factor( k ) + (1|g)", [
            "1", "I(x^2)", "log(x + 1)", "factor(k)", "log(x + 1):factor(k)",
        ]),
        ("y ~ G.HRS + `hours worked` + (1|g)", ["1", "G.HRS", "`hours worked`"]),
        ("y ~ I(-x/2 + (z-1)^2*1e-3) + (1|g)", ["1", "I(-x/2 + (z - 1)^2 * 0.001)"]),
    ],
)  # fmt: skip
def test_terms_are_those_that_r_would_read(text, terms):
    assert _fixed(text) == terms


@pytest.mark.parametrize(
    ("text", "varying", "apart"),
    [
        ("y ~ x + (1|g)", ["1"], False),
        ("y ~ x + (x|g)", ["1", "x"], False),
        ("y ~ x + (1 + x | g)", ["1", "x"], False),
        ("y ~ x + (0 + x|g)", ["x"], False),
        ("y ~ x + (x - 1|g)", ["x"], False),
        ("y ~ x + (x||g)", ["1", "x"], True),
        ("y ~ x + (x*z|g)", ["1", "x", "z", "x:z"], False),
    ],
)
def test_varying_effects_have_an_intercept_unless_it_is_taken_away(text, varying, apart):
    (random,) = parse(text).random
    assert [":".join(v.label for v in term) or "1" for term in random.terms] == varying
    assert (random.group, random.apart) == ("g", apart)


def test_the_same_group_may_vary_twice():
    formula = parse("y ~ x + (1|g) + (0 + x|g)")
    assert [len(r.terms) for r in formula.random] == [1, 1]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("y ~ (1|a) + (1|b)", [("a", ("a",)), ("b", ("b",))]),
        ("y ~ (1|a:b)", [("a:b", ("a", "b"))]),
        ("y ~ (1|a/b)", [("b:a", ("b", "a")), ("a", ("a",))]),
        ("y ~ (1|a/b/c)", [("c:(b:a)", ("c", "b", "a")), ("b:a", ("b", "a")), ("a", ("a",))]),
    ],
)
def test_nested_and_crossed_groups_are_named_as_lme4_names_them(text, groups):
    formula = parse(text)
    assert [(r.group, r.by) for r in formula.random] == groups
    assert not formula.simple


@pytest.mark.parametrize(
    ("text", "caret_at", "words"),
    [
        ("y ~ (x + (1|g)", 4, "never closed"),
        ("y ~ x + (1|g))", 13, "never opened"),
        ("y ~ x + (1|g", 8, "never closed"),
        ("y ~ x", 5, "no group"),
        ("y x + (1|g)", 2, "~ is missing"),
        ("y ~ x + (1|a + b)", 13, "A group is one column, a:b or a/b"),
        ("y ~ x + (1|a/)", 13, "closes where a term should stand"),
        ("y ~ x + + (1|g) 3", 16, "'3' cannot stand here"),
        ("y ~ x^2 + (1|g)", 5, "inside I( )"),
        ("y ~ sqrt(x) + (1|g)", 4, "sqrt( ) is not known"),
        ("y ~ 2*x + (1|g)", 4, "Only 0 and 1"),
        ("y ~ x - (1|g)", 8, "can only be added"),
        ("y ~ x*(1|g)", 4, "cannot be multiplied"),
        ("y ~ 0:x + (1|g)", 4, "cannot be multiplied"),
        ("y ~ x + (0|g)", 10, "Nothing varies here"),
        ("y ~ x | g", 6, "in parentheses"),
        ("y ~ x + (1|I(g))", 11, "A group is one column"),
        ("factor(y) ~ x + (1|g)", 0, "The outcome must be a number"),
        ("y ~ x + ", 7, "stops here"),
        ("y ~ x $ z + (1|g)", 6, "no meaning"),
        ("", 0, "stops here"),
    ],
)
def test_a_fault_is_pointed_at(text, caret_at, words):
    with pytest.raises(FormulaError) as found:
        parse(text)
    sentence, shown, caret = str(found.value).split("\n")
    assert words in sentence
    assert shown == f"  {text}"
    assert caret.index("^") - 2 == caret_at


@given(st.text(alphabet="yxg01~+-*:/^|()` .,I$2", max_size=40))
def test_any_text_is_read_or_refused_in_one_sentence(text):
    try:
        found = "" if parse(text).random else "no group"
    except FormulaError as error:
        found = str(error)
    assert not found or found.endswith("^")


_atoms = st.sampled_from(["a", "b", "c", "I(a^2)", "log(b)", "factor(c)"])
_terms = st.lists(st.lists(_atoms, min_size=1, max_size=3, unique=True).map(":".join), max_size=5)


@given(_terms)
def test_a_formula_written_from_its_own_terms_reads_the_same(terms):
    first = parse("y ~ " + " + ".join([*terms, "(1|g)"]))
    again = " + ".join([*(":".join(v.label for v in t) or "1" for t in first.fixed), "(1|g)"])
    assert set(map(frozenset, parse(f"y ~ {again}").fixed)) == set(map(frozenset, first.fixed))


@given(_terms, st.integers(0, 5))
def test_blanks_mean_nothing(terms, blanks):
    text = "y ~ " + " + ".join([*terms, "(1 | g)"])
    assert parse(text.replace(" ", " " * blanks)).fixed == parse(text).fixed


@given(st.recursive(
    st.sampled_from(["x", "z", "2", "0.5"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^"]), inner).map(
            lambda t: f"({t[0]}){t[1]}({t[2]})"
        ),
        inner.map(lambda s: f"-({s})"),
        inner.map(lambda s: f"log({s})"),
    ),
    max_leaves=6,
))  # fmt: skip
def test_arithmetic_read_from_its_own_name_is_the_same(text):
    node = parse(f"I({text}) ~ 1 + (1|g)").outcome.node
    assert parse(f"I({label(node)}) ~ 1 + (1|g)").outcome.node == node
