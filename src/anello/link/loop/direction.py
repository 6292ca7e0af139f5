"""What the RI-CLPM says of a lagged link: its words take the place of the doubt about direction."""

from dataclasses import replace

from anello.model.evidence import Check, Evidence
from anello.model.loop import Loop, LoopVerdict

from ..checks.base import PASS, WARN, shown

ONE_WAVE = 1


def directed(evidence: Evidence, loops: tuple[Loop, ...]) -> Evidence:
    """Return the evidence with its check `direction` decided by the loop of the same pair.

    Only links of one wave's lag are decided: that is the distance the RI-CLPM looks at. The cap
    on lagged rows below ten waves stays, for their estimate is off whatever the direction.
    """
    claim = evidence.claim
    if claim.lag != ONE_WAVE:
        return evidence
    for loop in loops:
        pair = {loop.source, loop.target} == {claim.source, claim.target}
        if pair and loop.only == evidence.only and loop.judged is not None:
            words = _words(claim.source, loop)
            checks = tuple(words if c.name == "direction" else c for c in evidence.checks)
            return replace(evidence, checks=checks)
    return evidence


def _words(source: str, loop: Loop) -> Check:
    assert loop.judged is not None
    forward = source == loop.source
    lag = loop.judged.forward if forward else loop.judged.back
    own = LoopVerdict.FORWARD if forward else LoopVerdict.BACKWARD
    values = shown(
        source=lag.source, target=lag.target, size=lag.standardised, low=lag.low, high=lag.high
    )
    if loop.verdict in (own, LoopVerdict.BOTH):
        return Check(
            "direction",
            PASS,
            "With stable differences between units taken out, {source} comes first: {target} "
            "follows one wave later by {size} standard deviations ({low} to {high}).",
            values,
        )
    if loop.verdict is LoopVerdict.CANNOT_TELL_YET:
        return Check(
            "direction",
            WARN,
            "Which comes first cannot be told yet: with stable differences between units taken "
            "out, {target} follows {source} by {size} standard deviations ({low} to {high}).",
            values,
        )
    return Check(
        "direction",
        WARN,
        "With stable differences between units taken out, {source} does not come first: "
        "{target} follows by {size} standard deviations only ({low} to {high}).",
        values,
    )
