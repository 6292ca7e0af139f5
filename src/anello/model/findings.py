"""What an analysis found, and the only form in which it may leave."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from .chain import Chain
from .evidence import Evidence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnitMean:
    """A unit's mean of one measure in one wave; `n` is None when the figure has no base column."""

    measure: str
    unit: str
    wave: str
    mean: float
    n: int | None


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
    """One theme's share in the explained variance of an outcome: it goes with it, no more."""

    outcome: str
    theme: str
    level: str
    r: float
    beta: float
    lmg: float
    weight: float
    r2: float
    units: int


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
    """Everything one run found, before the gate."""

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


@dataclass(frozen=True, slots=True)
class Released(Generic[T]):
    """What the promise allows to leave; made by `protect.release` alone.

    `gate` names the rule that was applied.
    """

    value: T
    gate: str
