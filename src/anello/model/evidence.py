"""Evidence for one claim, and the verdict that its design allows."""

from dataclasses import dataclass
from enum import StrEnum

PASS, WARN, BLOCK = "pass", "warn", "block"


class Level(StrEnum):
    """Between units (higher on both?) or within a unit over time (moving together?)."""

    BETWEEN = "between"
    WITHIN = "within"


class Verdict(StrEnum):
    """What may be said of a claim; exactly one is true."""

    HOLDS = "holds"
    GOES_TOGETHER = "goes_together"
    BREAKS = "breaks"
    CANNOT_TELL_YET = "cannot_tell_yet"
    CANNOT_BE_TOLD = "cannot_be_told"
    DESCRIBED_ONLY = "described_only"


@dataclass(frozen=True, slots=True)
class Design:
    """How a claim was looked at, which grade that deserves, and whether it can *hold*."""

    key: str
    grade: str
    can_hold: bool = False


RANDOMISED = Design("randomised", "A", can_hold=True)
COMPARISON = Design("comparison", "B", can_hold=True)
WITHIN = Design("within_units", "C")
LAGGED = Design("lagged_within_units", "C")
TWO_WAVES = Design("within_units_two_waves", "D")
BETWEEN = Design("between_units", "D")
NONE = Design("none", "E")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed: the source goes with the target `lag` waves later."""

    source: str
    target: str
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One doubt, looked into. A warning is shown; a block caps the verdict at "cannot tell yet".

    `sentence` is English with `{names}`; its Italian stands in the catalogue. `values` are
    (name, value) pairs.
    """

    name: str
    status: str
    sentence: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Needs:
    """How many more units or waves would settle it, if the effect is as large as the estimate."""

    units: int | None
    waves: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Odds:
    """The confidence distribution of the effect, turned so that + is the wished direction.

    `above_worth` = P(effect > worth), `above_half` = P(effect > worth / 2); `p` is two-sided for
    no effect, `q` its false-discovery-rate adjusted form over all claims tried.
    """

    above_worth: float
    above_half: float
    p: float
    q: float


@dataclass(frozen=True, slots=True)
class Variant:
    """The same claim looked at another way: a peer group, a second extraction, one wave alone."""

    name: str
    label: str
    standardised: float | None
    low: float | None
    high: float | None
    units: int
    waves: int
    n: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known about one claim at one level; the verdict is computed, never stored.

    `estimate` is a slope: units of the target for one unit of the source. `standardised` is
    slope x SD(source) / SD(target) of this level's own values, and its 95 % limits are `low` and
    `high` divided likewise. `low` and `high` are the 95 % limits of `estimate`. `worth` is in
    units of the target for `step` units of the source. `wished` is the direction (+1 or -1) that
    counts as better. `n` counts unit x wave figures (unit-level sources) or answers (persons).
    An estimate of None means that the data hold nothing to estimate.
    """

    claim: Claim
    level: Level
    design: Design
    method: str
    estimate: float | None = None
    se: float | None = None
    df: float | None = None
    low: float | None = None
    high: float | None = None
    standardised: float | None = None
    sd_source: float | None = None
    sd_target: float | None = None
    units: int = 0
    waves: int = 0
    n: int = 0
    persons: bool = False
    wished: int = 1
    worth: float | None = None
    step: float | None = None
    odds: Odds | None = None
    checks: tuple[Check, ...] = ()
    needs: Needs | None = None
    variants: tuple[Variant, ...] = ()
    only: tuple[tuple[str, str], ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Return the one verdict that is true of this evidence."""
        return judge(self)

    @property
    def grade(self) -> str:
        """Return the evidence grade, A to E, that the design deserves."""
        return NONE.grade if self.estimate is None else self.design.grade


FEWEST_UNITS = 10


def judge(evidence: Evidence) -> Verdict:
    """Return the verdict: the first rule, in this order, that applies.

    A link can at most go together; only an action with a counterfactual can hold. Two waves within
    units, or any blocking check, cap the verdict at "cannot tell yet".
    """
    if evidence.estimate is None:
        return Verdict.CANNOT_BE_TOLD
    if evidence.units < FEWEST_UNITS:
        return Verdict.DESCRIBED_ONLY
    odds = evidence.odds
    capped = evidence.design == TWO_WAVES or any(c.status == BLOCK for c in evidence.checks)
    if odds is None or capped or evidence.worth is None or evidence.step is None:
        return Verdict.CANNOT_TELL_YET
    if 1 - odds.above_worth >= 0.95:
        return Verdict.BREAKS
    effect = evidence.estimate * evidence.wished * evidence.step
    if effect >= evidence.worth and odds.above_half >= 0.90 and odds.q <= 0.05:
        return Verdict.HOLDS if evidence.design.can_hold else Verdict.GOES_TOGETHER
    return Verdict.CANNOT_TELL_YET
