"""What an analysis found, and the only form in which it may leave."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from .atoms import Coded
from .chain import Chain
from .evidence import Evidence
from .invariance import Invariance
from .loop import Loop
from .money import MoneyFigure, WhatIf
from .paths import PathModel
from .plan import Prospect
from .published import Literature
from .study import StudyFindings
from .topics import Accuracy, TopicCount

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnitMean:
    """A unit's mean of one measure in one wave; `n` is None when the figure has no base column.

    Small units stand together under one name. With a `code` the mean only lies at that end of the
    scale: `mean` is then the least (or most) that it can be.
    """

    measure: str
    unit: str
    wave: str
    mean: float
    n: int | None
    code: Coded = Coded.EXACT


@dataclass(frozen=True, slots=True)
class Quality:
    """Reliability and agreement of one measure in one wave; None where it does not apply."""

    measure: str
    wave: str
    units: int
    n: int | None
    mean: float
    sd: float
    alpha: float | None = None
    omega: float | None = None
    icc1: float | None = None
    icc2: float | None = None
    rwg: float | None = None
    response_rate: float | None = None
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Driver:
    """One theme's share in the explained variance of an outcome: it goes with it, no more.

    `low`, `high` and `first` (how often its share was the largest) come from companies drawn anew
    from the same units. `noise` is the 95th percentile of a random column's share: a theme below
    it is not told apart from noise. `copies` are other themes that are nearly the same (|r| of 0.9
    or more); `joint` and `joint_first` then belong to all of them as one. None where not drawn.
    """

    outcome: str
    theme: str
    level: str
    r: float
    beta: float
    lmg: float
    weight: float
    r2: float
    units: int
    low: float | None = None
    high: float | None = None
    first: float | None = None
    noise: float | None = None
    copies: tuple[str, ...] = ()
    joint: float | None = None
    joint_first: float | None = None

    @property
    def apart(self) -> bool | None:
        """Return whether the share is more than noise would get; None where no one asked."""
        return None if self.noise is None else self.lmg > self.noise


@dataclass(frozen=True, slots=True)
class LagPoint:
    """The within-unit effect at one lag, with the q over all lags tried."""

    source: str
    target: str
    lag: int
    standardised: float | None
    low: float | None
    high: float | None
    q: float | None
    units: int
    n: int


@dataclass(frozen=True, slots=True)
class SourceFact:
    """What was read: name, kind, rows, fingerprint (sha256), what was dropped and why."""

    key: str
    kind: str
    rows: int
    fingerprint: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything one run found, before the gate.

    `ledger` holds the hashes of the lines that allowed the figures of persons.
    """

    chain: Chain
    version: str
    fingerprint: str
    sources: tuple[SourceFact, ...]
    evidence: tuple[Evidence, ...]
    means: tuple[UnitMean, ...] = ()
    quality: tuple[Quality, ...] = ()
    drivers: tuple[Driver, ...] = ()
    lags: tuple[LagPoint, ...] = ()
    withheld: int = 0
    tried: int = 0
    studies: tuple[StudyFindings, ...] = ()
    literature: tuple[Literature, ...] = ()
    topics: tuple[TopicCount, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()
    prospects: tuple[Prospect, ...] = ()
    money: tuple[MoneyFigure, ...] = ()
    what_if: WhatIf | None = None
    loops: tuple[Loop, ...] = ()
    paths: PathModel | None = None
    ledger: tuple[str, ...] = ()
    invariance: tuple[Invariance, ...] = ()


@dataclass(frozen=True, slots=True)
class Released(Generic[T]):
    """What the promise allows to leave; made by `protect.release` alone.

    `gate` names the rule that was applied.
    """

    value: T
    gate: str
