"""What the attacker found, as values; the words stand elsewhere."""

from dataclasses import dataclass
from enum import StrEnum

from .figure import Figure


class Kind(StrEnum):
    """How answers came out."""

    END = "end of the scale"
    JOINED = "figures put together"
    SQUARES = "mean and spread together"
    CHANGED = "told twice, and one person more or fewer"
    TWICE = "told twice"
    SMALL = "a group smaller than promised"


NO_ANSWER = (Kind.TWICE, Kind.SMALL)
CLOSE = 1e-4


@dataclass(frozen=True, slots=True)
class Case:
    """What follows if the figures, in order, have so many people: one answer's least and most."""

    n: tuple[int, ...]
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Answers that follow from figures.

    `people` are at least and at most so many; each of their answers lies between `least` and
    `most`. `certain` says that it holds for every number of people in the bands; else `cases` tell
    for which, out of so many `choices` that fit. `between` says that it supposes the same people
    behind several releases, or that only one left. `place` are the units, `who` the names where a
    staff list told them: all of them when `everyone`, else those among whom they are. `answers` is
    the whole set where the spread told it.
    """

    kind: Kind
    figures: tuple[Figure, ...]
    people: tuple[int, int]
    least: float
    most: float
    certain: bool = True
    between: bool = False
    place: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    everyone: bool = False
    cases: tuple[Case, ...] = ()
    choices: int = 0
    answers: tuple[float, ...] = ()

    @property
    def exact(self) -> bool:
        """Return whether one value of each answer is left."""
        scale = self.figures[0].scale
        close = self.most - self.least <= CLOSE * (scale.high - scale.low)
        return self.kind not in NO_ANSWER and (bool(self.answers) or close)

    @property
    def side(self) -> bool:
        """Return whether the answers lie on one side of the middle for certain."""
        middle, near = self.figures[0].scale.middle, CLOSE
        off = self.least > middle + near or self.most < middle - near
        return self.kind not in NO_ANSWER and off

    @property
    def tells(self) -> bool:
        """Return whether a single answer or its side is told."""
        return self.exact or self.side


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the count: `release` is empty for all releases of a wave put together."""

    release: str
    measure: str
    wave: str
    equations: int
    exact: int
    side: int
    conditional: int
    small: int


@dataclass(frozen=True, slots=True)
class Attacked:
    """Everything that was found."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def found(self) -> bool:
        """Return whether anything was found at all."""
        return bool(self.findings)
