"""How many more units or waves would settle it, if the effect were as large as the estimate.

Settled with a chance of four in five, the same chance that `power` plans for: with as many as put
the estimate itself just past the rule, half of all such studies would still be open.
"""

from dataclasses import replace
from math import ceil

from anello.model.evidence import (
    FEWEST_UNITS,
    Evidence,
    Level,
    Needs,
    Verdict,
)
from anello.stats.power.chances import ALPHA, Chances, chances

from .checks.waves import WAVES_FOR_DIRECTION
from .power import TARGET

MOST = 10
STAYS = "for four chances in five of a verdict, if the effect is as large as the estimate"
FAR = "more than ten times as many would be needed, if the effect is as large as the estimate"
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
    of waves less one; degrees of freedom grow with them, and q stays in the same proportion to p.
    Where more than ten times as many would be needed, the numbers are None and the reason says so.
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
    if times is None:
        return Needs(None, None, FAR)
    times = max(times, 1.0)
    units = max(1, ceil(evidence.units * (times - 1) - 1e-9))
    if evidence.level is Level.BETWEEN:
        return Needs(units, None, STAYS)
    return Needs(units, max(1, ceil((evidence.waves - 1) * (times - 1) - 1e-9)), STAYS)


def growth(evidence: Evidence) -> float | None:
    """Return how many times the data must grow for four chances in five of a verdict.

    A true effect at or above `worth` has to be found, one below has to break; by `Chances`. At
    `worth` itself no amount of data reaches that. None when more than eleven times would be needed;
    below 1 when the data at hand had those chances already.
    """
    e = evidence
    if e.odds is None or e.estimate is None or not e.se or not e.df or not e.step or not e.worth:
        return None
    low, high = 0.01, MOST + 1.0
    if _hoped(e, high) < TARGET:
        return None
    while high - low > 1e-4 * high:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if _hoped(e, middle) >= TARGET else (middle, high)
    return high


def _hoped(e: Evidence, times: float) -> float:
    found = outlook(e, times)
    effect = (e.estimate or 0.0) * e.wished * (e.step or 1.0)
    return found.found if effect >= (e.worth or 0.0) else found.broken


def outlook(e: Evidence, times: float = 1.0, effect: float | None = None) -> Chances:
    """Return the chances that data `times` as large have for a true effect of one step.

    Without `effect` it is the estimate. Raises ValueError when the evidence holds no estimate with
    its error, or nothing worth acting on.
    """
    if e.estimate is None or not e.se or not e.df or not e.step or e.worth is None:
        raise ValueError("there is no estimate with its error to go by")
    tried = max(e.odds.q / e.odds.p, 1.0) if e.odds is not None and e.odds.p > 0 else 1.0
    size = e.estimate * e.wished * e.step if effect is None else effect
    se = e.se * abs(e.step) / times**0.5
    return chances(size, e.worth, se, e.df * times, ALPHA / tried)
