"""A study of persons over time, and the only form in which what it found may leave."""

from dataclasses import dataclass
from typing import Any

from .evidence import Check
from .words import Words


@dataclass(frozen=True, slots=True)
class Customers:
    """What customers said on the shifts of a study: another source, and its columns of the shift.

    `roles` are (role, column) pairs of site, day and shift in that source.
    """

    source: str
    roles: tuple[tuple[str, str], ...]

    def column(self, role: str) -> str | None:
        """Return the column that plays `role`, or None."""
        return dict(self.roles).get(role)


@dataclass(frozen=True, slots=True)
class Study:
    """One study on rows of persons: a diary, contagion, the smile at the counter, single answers.

    `kind` is a key of `anello.link.studies.STUDIES`; `roles` are (role, column) pairs, such as
    ("person", "driver"), `formulas` the claims in that kind's own notation over columns of the
    source, `labels` (column, words) pairs, `settings` (name, text) pairs of that kind. With
    `customers` a claim's outcome stands in their source, joined by the shift.
    """

    key: str
    kind: str
    source: str
    roles: tuple[tuple[str, str], ...]
    formulas: tuple[str, ...]
    title: Words
    labels: tuple[tuple[str, Words], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    customers: Customers | None = None

    def column(self, role: str) -> str | None:
        """Return the column that plays `role`, or None."""
        return dict(self.roles).get(role)

    def setting(self, name: str, default: str) -> str:
        """Return what the file says for a setting, or the default."""
        return dict(self.settings).get(name, default)

    def label(self, column: str) -> Words:
        """Return what a column is called; without a label the name in words."""
        text = column.replace("_", " ").strip()
        return dict(self.labels).get(column, Words(text, text))


RATIOS = ("odds ratio", "cumulative odds ratio", "rate ratio")
"""Names of effects that multiply: 1 is no difference."""


@dataclass(frozen=True, slots=True)
class StudyEffect:
    """One coefficient of a study, never about one person.

    `formula` is the claim it belongs to; effects of one formula with the same `pair` are the same
    effect at several `level`s ("within", "between") and are drawn beside one another. `name` says
    which number it is ("slope", "a", "indirect" ...). `low` and `high` are 95 % limits of
    `estimate`; the standardised ones are in `standardised`, `std_low`, `std_high`. `drawn` False
    keeps it out of the picture (it stands in the table).
    """

    formula: str
    name: str
    level: str
    estimate: float | None
    se: float | None = None
    df: float | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None
    standardised: float | None = None
    std_low: float | None = None
    std_high: float | None = None
    source: str = ""
    target: str = ""
    pair: str = ""
    method: str = ""
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class StudyBand:
    """How many persons lie in one class, such as 80 to 100 % of the prompts answered.

    `persons` leaves only as a band, and a class of fewer than the floor is never shown apart.
    """

    name: str
    low: float
    high: float
    persons: int


@dataclass(frozen=True, slots=True)
class StudyFindings:
    """What one study found: coefficients, sentences and doubts, nothing of any person.

    `told` are the sentences of the report in reading order and `doubts` what was looked into; both
    are `Check`s, English with `{names}`, whose Italian stands in the catalogue; a value that is a
    column's name is shown by its label. `persons`, `answers` and `units` (0 where a kind
    counts none) leave as bands. `refused` says why nothing was fitted; then there are no effects.
    """

    study: str
    kind: str
    persons: int
    answers: int
    effects: tuple[StudyEffect, ...] = ()
    bands: tuple[StudyBand, ...] = ()
    told: tuple[Check, ...] = ()
    doubts: tuple[Check, ...] = ()
    refused: Check | None = None
    units: int = 0

    def said(self, name: str) -> dict[str, Any]:
        """Return the values of the sentence called `name`; empty when there is none."""
        return next((dict(c.values) for c in self.told if c.name == name), {})
