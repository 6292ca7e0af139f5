"""Which effects vary by which groups, in a model with any number of grouping columns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from ..design import ONES, Column, Design, Kind, check_column, design, factors, reads
from ..formula import Formula, Random
from ..terms import Level


@dataclass(frozen=True, slots=True)
class Term:
    """Effects that vary together: one covariance matrix. `label` is lme4's name of the group."""

    label: str
    by: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A model as columns (`design`, its `blocks` being those of all terms) and `terms`.

    Terms by the same columns share a factor: `factors` are the different sets of columns, and
    `varying(k)` lists the columns that vary by factor k, term after term.
    """

    design: Design
    terms: tuple[Term, ...]

    @property
    def factors(self) -> tuple[tuple[str, ...], ...]:
        """Return the sets of grouping columns, each once."""
        found = {frozenset(t.by): t.by for t in reversed(self.terms)}
        return tuple(dict.fromkeys(found[frozenset(t.by)] for t in self.terms))

    def terms_of(self, factor: int) -> tuple[int, ...]:
        """Return which terms vary by a factor."""
        by = frozenset(self.factors[factor])
        return tuple(i for i, term in enumerate(self.terms) if frozenset(term.by) == by)

    def varying(self, factor: int) -> tuple[Column, ...]:
        """Return the columns that vary by a factor, term after term."""
        return tuple(c for i in self.terms_of(factor) for c in self.terms[i].columns)

    def summed(self, factor: int) -> tuple[int, ...]:
        """Return the places, in the columns of the design, of what is summed by a factor."""
        wanted = dict.fromkeys((ONES, *self.varying(factor)))
        return tuple(self.design.columns.index(column) for column in wanted)


def coded(formula: Formula, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Return the columns whose levels must be known, as `design.factors` does for one group."""
    for random in formula.random:
        for name in random.by:
            check_column(name, kinds, formula)
    found = (name for r in formula.random for name in factors(_only(formula, r), kinds))
    return tuple(dict.fromkeys(found))


def columns_read(formula: Formula) -> tuple[str, ...]:
    """Return the columns of the data that a formula reads, the groups among them."""
    found = (name for r in formula.random for name in (*reads(_only(formula, r)), *r.by))
    return tuple(dict.fromkeys(found))


def layout(
    formula: Formula, kinds: Mapping[str, Kind], levels: Mapping[str, tuple[Level, ...]]
) -> Layout:
    """Write a formula's terms as columns, given what the data hold.

    >>> from ..formula import parse
    >>> kinds = {"y": Kind.NUMBER, "school": Kind.TEXT, "class": Kind.TEXT}
    >>> [t.label for t in layout(parse("y ~ 1 + (1 | school/class)"), kinds, {}).terms]
    ['class:school', 'school']
    """
    parts = [design(_only(formula, r), kinds, levels) for r in formula.random]
    pairs = list(zip(formula.random, parts, strict=True))
    # (x || a/b) is (1 | a/b) + (0 + x | a/b) in lme4: its terms are parted before its groups.
    written = [list(pair) for _, pair in groupby(pairs, key=lambda pair: id(pair[0].terms))]
    terms = tuple(
        Term(random.group, random.by, part.blocks[i])
        for together in written
        for i in range(len(together[0][1].blocks))
        for random, part in together
    )
    blocks = tuple(term.columns for term in terms)
    whole = replace(parts[0], blocks=blocks, reads=columns_read(formula))
    return Layout(whole, terms)


def _only(formula: Formula, random: Random) -> Formula:
    return replace(formula, random=(replace(random, group=random.by[0]),))
