"""The whole chain as one path model on two levels: what passes through which link."""

from dataclasses import dataclass

from .evidence import BLOCK, Check, Level
from .loop import FitIndices

DIRECT, INDIRECT, TOTAL = "direct", "indirect", "total"


@dataclass(frozen=True, slots=True)
class PathEffect:
    """What passes from a source to a target on one level.

    `kind` is `direct` (the link itself), `indirect` (everything that passes through other links)
    or `total`. `through` names the measures of one single way; empty for the sum of all ways.
    `estimate` is in units of the target for one unit of the source; `low`, `high` are its 95 %
    limits by the delta method, `drawn_low`, `drawn_high` by Monte Carlo; `standardised`,
    `standardised_low`, `standardised_high` are the estimate and the Monte Carlo limits in SDs of
    the level.
    """

    kind: str
    source: str
    target: str
    level: Level
    estimate: float
    se: float
    low: float
    high: float
    drawn_low: float
    drawn_high: float
    standardised: float
    standardised_low: float
    standardised_high: float
    through: tuple[str, ...] = ()

    @property
    def arrives(self) -> bool:
        """Return whether the Monte Carlo interval leaves zero out."""
        return self.drawn_low > 0 or self.drawn_high < 0


@dataclass(frozen=True, slots=True)
class PathModel:
    """All links of one wave fitted at once; `effects` are empty where the model was refused.

    `links` are (source, target) in the model. `rows` counts unit x wave figures. Parameters are
    counted by level, the means of level 2 apart: those of level 2 must not exceed the units.
    """

    links: tuple[tuple[str, str], ...]
    controls: tuple[tuple[str, str], ...]
    units: int
    waves: int
    rows: int
    parameters_within: int
    parameters_between: int
    effects: tuple[PathEffect, ...] = ()
    fit: FitIndices | None = None
    checks: tuple[Check, ...] = ()

    @property
    def refused(self) -> bool:
        """Return whether a check forbids to read the model."""
        return any(c.status == BLOCK for c in self.checks) or not self.effects

    def of(self, kind: str, level: Level) -> tuple[PathEffect, ...]:
        """Return the effects of one kind on one level, sums of all ways only."""
        return tuple(
            e for e in self.effects if e.kind == kind and e.level is level and not e.through
        )
