"""A pair of measures over time: which comes first, by a rule, and why it may not be told."""

from dataclasses import dataclass
from enum import StrEnum

from .evidence import BLOCK, Check

RICLPM, CLPM, DYNAMIC = "riclpm", "clpm", "dynamic_panel"


class LoopVerdict(StrEnum):
    """Which of two measures comes first inside a unit; exactly one is true."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
    NONE = "none"
    CANNOT_TELL_YET = "cannot_tell_yet"


@dataclass(frozen=True, slots=True)
class CrossLag:
    """What a source one wave earlier says of a target, its own past held equal.

    `estimate` is a slope in units of the target for one unit of the source; `standardised`, `low`
    and `high` (95 %) are in SDs of what moves inside a unit, and so is `worth`, what is worth
    acting on. `small` is P(|effect| < worth), `half` is P(effect > worth / 2) in the direction of
    the estimate. `q` is p after correction for all cross-lags of one method.
    """

    source: str
    target: str
    estimate: float
    se: float
    standardised: float
    low: float
    high: float
    worth: float
    small: float
    half: float
    p: float
    q: float

    @property
    def leads(self) -> bool:
        """Return whether it is there and enough to act on: by the rule of every link's verdict."""
        enough = abs(self.standardised) >= self.worth and self.half >= 0.90
        return enough and self.q <= 0.05 and not self.absent

    @property
    def absent(self) -> bool:
        """Return whether it is surely smaller than what is worth acting on: P >= .95."""
        return self.small >= 0.95


@dataclass(frozen=True, slots=True)
class CrossLags:
    """Both directions by one method, and how they differ: forward less back, standardised."""

    method: str
    forward: CrossLag
    back: CrossLag
    difference: float
    difference_low: float
    difference_high: float

    @property
    def verdict(self) -> LoopVerdict:
        """Return what these figures say on their own, whatever their model is worth."""
        return settle(self)

    @property
    def claim(self) -> LoopVerdict:
        """Return what is usually claimed from such figures: q <= .05, whatever the size."""
        there, back = self.forward.q <= 0.05, self.back.q <= 0.05
        if there and back:
            return LoopVerdict.BOTH
        if there or back:
            return LoopVerdict.FORWARD if there else LoopVerdict.BACKWARD
        return LoopVerdict.NONE


@dataclass(frozen=True, slots=True)
class FitIndices:
    """How well a structural model fits; None where an index does not exist.

    `rmsea_low` and `rmsea_high` bound the 90 % interval; `srmr` is that of one level, or the sum
    of `srmr_within` and `srmr_between`.
    """

    chisq: float | None
    df: int
    pvalue: float | None
    cfi: float | None
    tli: float | None
    rmsea: float | None
    rmsea_low: float | None
    rmsea_high: float | None
    srmr: float | None
    srmr_within: float | None = None
    srmr_between: float | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Everything known of who comes first; `forward` runs from `source` to `target`.

    `judged` is the RI-CLPM, which takes stable differences between units out first; None where
    it could not be fitted. `naive` is the CLPM, which does not, shown beside and never believed;
    `dynamic` the ML dynamic panel, a second opinion below ten waves. `stable` is the correlation
    of the stable parts, `stable_source` and `stable_target` are their shares in the variance,
    `together` the correlation of what is new to both in one wave: it has no direction. `worth` is
    in SDs of what moves inside a unit. `first` and `last` are keys of waves.
    """

    source: str
    target: str
    only: tuple[tuple[str, str], ...]
    units: int
    waves: int
    first: str
    last: str
    n: int
    worth: float
    judged: CrossLags | None = None
    naive: CrossLags | None = None
    dynamic: CrossLags | None = None
    stable: float | None = None
    stable_source: float | None = None
    stable_target: float | None = None
    together: float | None = None
    parameters: int = 0
    fit: FitIndices | None = None
    checks: tuple[Check, ...] = ()

    @property
    def verdict(self) -> LoopVerdict:
        """Return the one verdict that is true; a blocking check, or no RI-CLPM, leaves it open."""
        blocked = any(c.status == BLOCK for c in self.checks)
        if blocked or self.judged is None:
            return LoopVerdict.CANNOT_TELL_YET
        return settle(self.judged)


def settle(found: CrossLags) -> LoopVerdict:
    """Return which comes first: the first rule, in this order, that applies.

    Both lead: a loop. One leads and the other is absent, or surely weaker (the interval of the
    difference leaves zero out): that one. Both absent: none. Otherwise it cannot be told yet.
    """
    forward, back = found.forward, found.back
    if forward.leads and back.leads:
        return LoopVerdict.BOTH
    if forward.leads and (back.absent or _stronger(forward, found)):
        return LoopVerdict.FORWARD
    if back.leads and (forward.absent or _stronger(back, found)):
        return LoopVerdict.BACKWARD
    if forward.absent and back.absent:
        return LoopVerdict.NONE
    return LoopVerdict.CANNOT_TELL_YET


def _stronger(one: CrossLag, found: CrossLags) -> bool:
    low, high, other = found.difference_low, found.difference_high, found.back
    if one is found.back:
        low, high, other = -high, -low, found.forward
    apart = low > 0 if one.standardised > 0 else high < 0
    return apart and abs(one.standardised) > abs(other.standardised)
