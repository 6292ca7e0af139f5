"""From a formula to columns, under the names and codings of R's model.matrix."""

import pytest

from anello.model.errors import FormulaError, ModelError
from anello.stats.mixed.design import Kind, design, factors, logarithms, reads
from anello.stats.mixed.formula import parse
from anello.stats.mixed.terms import label

KINDS = {
    "y": Kind.NUMBER,
    "x": Kind.NUMBER,
    "year": Kind.INTEGER,
    "f": Kind.TEXT,
    "h": Kind.TEXT,
    "open": Kind.BOOLEAN,
    "day": Kind.OTHER,
    "shop": Kind.TEXT,
}
LEVELS = {"f": ("a", "b", "c"), "h": ("k", "l"), "open": (False, True), "year": (2019, 2020)}


def _names(text: str) -> list[str]:
    formula = parse(text)
    known = {name: LEVELS[name] for name in factors(formula, KINDS)}
    return [column.name for column in design(formula, KINDS, known).fixed]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("y ~ f + (1|shop)", ["(Intercept)", "fb", "fc"]),
        ("y ~ 0 + f + (1|shop)", ["fa", "fb", "fc"]),
        ("y ~ 0 + x + f + h + (1|shop)", ["x", "fa", "fb", "fc", "hl"]),
        ("y ~ x:f + (1|shop)", ["(Intercept)", "x:fa", "x:fb", "x:fc"]),
        ("y ~ x*f + (1|shop)", ["(Intercept)", "x", "fb", "fc", "x:fb", "x:fc"]),
        ("y ~ f*h + (1|shop)", ["(Intercept)", "fb", "fc", "hl", "fb:hl", "fc:hl"]),
        ("y ~ f + f:h + (1|shop)", ["(Intercept)", "fb", "fc", "fa:hl", "fb:hl", "fc:hl"]),
        ("y ~ open + factor(year) + (1|shop)", ["(Intercept)", "openTRUE", "factor(year)2020"]),
        ("y ~ year + I(x^2) + (1|shop)", ["(Intercept)", "year", "I(x^2)"]),
    ],
)
def test_columns_are_those_of_model_matrix(text, names):
    assert _names(text) == names


def test_columns_of_varying_effects_fall_into_blocks():
    found = design(parse("y ~ x + (x||shop) + (0 + h|shop)"), KINDS, {"h": LEVELS["h"]})
    assert [[c.name for c in block] for block in found.blocks] == [
        ["(Intercept)"], ["x"], ["hk", "hl"],
    ]  # fmt: skip
    assert [c.name for c in found.columns] == ["(Intercept)", "x", "hk", "hl", "y"]


def test_the_columns_read_end_with_the_group():
    assert reads(parse("log(y) ~ I(x + year) + shop + (1|shop)")) == ("y", "x", "year", "shop")


def test_arguments_of_logarithms_are_listed_once():
    found = design(parse("log(y) ~ log(x + 1) * year + (1|shop)"), KINDS, {})
    assert [label(node) for node in logarithms(found)] == ["x + 1", "y"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("y ~ yeer + (1|shop)", "did you mean 'year'?"),
        ("y ~ zzzzz + (1|shop)", "they have: y, x, year"),
        ("y ~ x + (1|shops)", "did you mean 'shop'?"),
        ("y ~ I(f^2) + (1|shop)", "I(f^2) needs numbers, but the column 'f' holds none"),
        ("y ~ day + (1|shop)", "day needs numbers"),
        ("f ~ x + (1|shop)", "f needs numbers"),
    ],
)
def test_a_column_that_cannot_serve_is_named(text, words):
    with pytest.raises(FormulaError) as found:
        factors(parse(text), KINDS)
    assert words in str(found.value)


def test_the_outcome_cannot_explain_itself():
    with pytest.raises(FormulaError, match="both sides"):
        design(parse("y ~ x + y + (1|shop)"), KINDS, {})


def test_a_factor_needs_two_levels_and_at_most_a_hundred():
    with pytest.raises(ModelError, match="single level"):
        design(parse("y ~ f + (1|shop)"), KINDS, {"f": ("a",)})
    many = tuple(f"{i:03}" for i in range(101))
    with pytest.raises(ModelError, match="101 levels"):
        design(parse("y ~ f + (1|shop)"), KINDS, {"f": many})
