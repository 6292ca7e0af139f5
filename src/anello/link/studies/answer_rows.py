"""The rows of a study of single answers, and which of its columns are numbers and which are words.

A column that stands bare in a formula is of words when not one of its values is a number, and then
enters by its levels; a column of numbers with one word in it is refused, with the row of that word.
`factor(column)` is always of words.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from anello.listen.sources.base import AT
from anello.listen.study_rows import StudyRows
from anello.model.errors import ChainFileError, FormulaError
from anello.model.study import Study
from anello.stats.mixed.design import variables
from anello.stats.mixed.formula import Formula
from anello.stats.mixed.terms import Name, columns_of

from .base import known_roles

ROLES = {"unit": True, "person": False}
NUMBER = r"^[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?$"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one formula reads: columns of numbers, of words, and those of which the data decide.

    `groups` are the sets of columns by which something varies; `products` says whether terms are
    multiplied with each other.
    """

    text: str
    numbers: frozenset[str]
    words: frozenset[str]
    bare: frozenset[str]
    groups: tuple[tuple[str, ...], ...]
    products: bool
    fixed: bool

    @property
    def columns(self) -> frozenset[str]:
        """Return every column that the formula reads."""
        grouped = (name for by in self.groups for name in by)
        return self.numbers | self.words | self.bare | frozenset(grouped)


Parse = Callable[[str], Asked]


def asked(
    text: str, formulas: tuple[Formula, ...], groups: tuple[tuple[str, ...], ...],
    numbers: frozenset[str], bare: frozenset[str],
) -> Asked:  # fmt: skip
    """Return what a formula reads; `numbers` and `bare` are the columns of its outcome."""
    found = [v for f in formulas for v in variables(f)]
    words = {n for v in found if v.factor for n in columns_of(v.node)}
    plain = {n for v in found if isinstance(v.node, Name) and not v.factor
             for n in columns_of(v.node)}  # fmt: skip
    inside = {n for v in found if not (v.factor or isinstance(v.node, Name))
              for n in columns_of(v.node)}  # fmt: skip
    sure = (numbers | inside) - words
    return Asked(
        text,
        frozenset(sure),
        frozenset(words),
        frozenset((plain | bare) - sure - words),
        groups,
        any(len(term) > 1 for f in formulas for term in f.fixed),
        any(f.fixed for f in formulas),
    )


def check(study: Study, parse: Parse) -> None:
    """Raise `ChainFileError` for roles or formulas that are none of single answers."""
    known_roles(study, ROLES)
    unit = study.column("unit")
    for i, text in enumerate(study.formulas):
        place = ("studies", study.key, "formulas", i)
        try:
            one = parse(text)
        except FormulaError as error:
            raise ChainFileError(error.sentence, path=place, **error.values) from None
        if not any(unit in by for by in one.groups):
            raise ChainFileError(
                "{formula!r} takes answers of one {unit} as if they had nothing in common; add "
                "(1 | {unit}), or another `unit` under `roles`.",
                path=place,
                formula=text,
                unit=unit,
            )
        if not one.fixed:
            raise ChainFileError(
                "{formula!r} asks for no coefficient; leave the 0 out.", path=place, formula=text
            )


def columns(study: Study, parse: Parse) -> tuple[str, ...]:
    """Return every column that the formulas read, in the order of the alphabet, and the unit."""
    unit = study.column("unit")
    found = {c for text in study.formulas for c in parse(text).columns}
    return tuple(sorted(found | ({unit} if unit else set())))


def numbers(study: Study, rows: StudyRows, parse: Parse) -> tuple[str, ...]:
    """Return the columns to be read as numbers, by a look at rows that were read as words."""
    sure: set[str] = set()
    bare: set[str] = set()
    words: set[str] = set()
    for one in map(parse, study.formulas):
        sure |= one.numbers
        bare |= one.bare
        words |= one.words
    open_ = sorted(bare - sure - words)
    table = rows.rows.table.select(open_).to_pyarrow() if open_ else pa.table({})
    seen = {c for c in open_ if _numeric(table[c])}
    return tuple(sorted((sure - words) | seen))


def _numeric(column: pa.ChunkedArray) -> bool:
    """Return whether any value is a number."""
    return bool(pc.any(pc.match_substring_regex(column.cast(pa.string()), NUMBER)).as_py())


def placed(study: Study, rows: StudyRows) -> None:
    """Raise `ChainFileError` unless rows can be told apart by a person or a place in a file."""
    if study.column("person") is None and AT not in rows.rows.table.columns:
        raise ChainFileError(
            "rows of a database have no place by which they could be known again; name the column "
            "of persons under `roles`, as in {{unit: {unit}, person: pseudonym}}.",
            path=("studies", study.key, "roles"),
            unit=study.column("unit"),
        )
