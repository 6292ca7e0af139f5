"""How many more units or waves would settle it, if the estimate stayed where it is."""

from dataclasses import replace
from math import ceil

from scipy.special import ndtri

from anello.model.evidence import (
    FEWEST_UNITS,
    Evidence,
    Level,
    Needs,
    Verdict,
)

from .checks.waves import WAVES_FOR_DIRECTION

MOST = 10
STAYS = "if the estimate stays where it is"
FAR = "more than ten times as many would be needed, if the estimate stays where it is"
LOOP = "a lagged effect inside units is not judged below ten waves"
CHANGE = "change inside a unit needs at least three waves"
TOGETHER = "no unit has both in the same wave"
FEW = "ten units are the fewest that are judged"
FLAT = "one of the two does not vary"
WHOLE = "at least so many waves are needed whose figures cover their whole period"
BLOCKED = "a check has to be cleared first: more of the same data would not settle it"


def with_needs(evidence: Evidence) -> Evidence:
    """Return the evidence with what it would need, where its verdict leaves the question open."""
    return replace(evidence, needs=needs(evidence))


def needs(evidence: Evidence) -> Needs | None:
    """Return additional units or waves, either of which would do; None when it is settled.

    The standard error is taken to shrink as one over the square root of units, and within units
    of waves less one; limits are the normal ones, and q stays in the same proportion to p. Where
    more than ten times as many would be needed, the numbers are None and the reason says so.
    """
    verdict = evidence.verdict
    if verdict is Verdict.CANNOT_BE_TOLD:
        return _nothing(evidence)
    if verdict is Verdict.DESCRIBED_ONLY:
        return Needs(FEWEST_UNITS - evidence.units, None, FEW)
    if verdict is not Verdict.CANNOT_TELL_YET:
        return None
    return _capped(evidence) or _open(evidence)


def _nothing(evidence: Evidence) -> Needs:
    if evidence.units == 0:
        return Needs(None, None, TOGETHER)
    if evidence.level is Level.WITHIN and evidence.waves < 3:
        return Needs(None, 3 - evidence.waves, CHANGE)
    if evidence.units < FEWEST_UNITS:
        return Needs(FEWEST_UNITS - evidence.units, None, FEW)
    return Needs(None, None, FLAT)


def _capped(evidence: Evidence) -> Needs | None:
    """Return what lifts a cap; None when no check stands in the way."""
    blocks = {c.name for c in evidence.checks if c.status == "block"}
    if "partial_periods" in blocks:
        return Needs(None, 2, WHOLE)
    if blocks - {"two_waves", "lag_waves", "few_units", "one_unit"}:
        return Needs(None, None, BLOCKED)
    if "lag_waves" in blocks:
        return Needs(None, WAVES_FOR_DIRECTION - evidence.waves, LOOP)
    if "two_waves" in blocks:
        enough = _open(evidence).waves or 1
        return Needs(None, max(1, enough), CHANGE)
    return None


def _open(evidence: Evidence) -> Needs:
    times = growth(evidence)
    if times is None or times > MOST + 1:
        return Needs(None, None, FAR)
    times = max(times, 1.0)
    units = max(1, ceil(evidence.units * (times - 1) - 1e-9))
    if evidence.level is Level.BETWEEN:
        return Needs(units, None, STAYS)
    return Needs(units, max(1, ceil((evidence.waves - 1) * (times - 1) - 1e-9)), STAYS)


def growth(evidence: Evidence) -> float | None:
    """Return how many times the data must grow for a verdict; None when nothing would do.

    An estimate at or above `worth` has to pass P(effect > worth / 2) >= .90 and q <= .05; one
    below has to pass P(effect < worth) >= .95.
    """
    e = evidence
    if e.odds is None or e.estimate is None or e.se is None or not e.step or e.worth is None:
        return None
    effect, se = e.estimate * e.wished * e.step, e.se * abs(e.step)
    if effect >= e.worth:
        tried = max(e.odds.q / e.odds.p, 1.0) if e.odds.p > 0 else 1.0
        goal = min((effect - e.worth / 2) / ndtri(0.90), effect / ndtri(1 - 0.025 / tried))
    else:
        goal = (e.worth - effect) / ndtri(0.95)
    return None if goal <= 0 else float((se / goal) ** 2)
