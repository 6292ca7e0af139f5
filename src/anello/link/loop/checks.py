"""Doubts about a pair followed over time: what blocks a verdict, and what is shown beside it."""

from dataclasses import replace

from anello.model.chain import Link
from anello.model.evidence import BLOCK, FEWEST_UNITS, PASS, WARN, Check
from anello.model.loop import Loop, LoopVerdict
from anello.store.panel import Panel

from ..checks.base import shown
from .fit import LoopFit, parameters, shares
from .track import Track

FEWEST_WAVES = 3
USABLE = 0.70
POOR_CFI, GOOD_CFI = 0.90, 0.95
POOR_RMSEA = 0.08
NEARLY_ONE = 0.90


def needs(track: Track) -> list[Check]:
    """Return what stands in the way before anything is fitted: waves, units, parameters."""
    waves, units = len(track.waves), track.units
    if waves < FEWEST_WAVES:
        return [
            Check(
                "loop_waves",
                BLOCK,
                "Only {waves} waves in a row have both, and three are needed: with two, stable "
                "differences cannot be separated from change.",
                shown(waves=waves),
            )
        ]
    asked = parameters(waves, shares(units, waves))
    if units < max(FEWEST_UNITS, asked):
        return [
            Check(
                "loop_units",
                BLOCK,
                "{units} units have both, and the model asks for {parameters} parameters.",
                shown(units=units, parameters=max(asked, FEWEST_UNITS)),
            )
        ]
    return []


def doubts(panel: Panel, link: Link, track: Track, found: LoopFit | None) -> list[Check]:
    """Return what is to be doubted once the model is fitted (None: no solution was found)."""
    about = [_search(found), _fit(found), _stays(found), _left_out(track), _partial(track)]
    about += [_held(link), _reliability(panel, link)]
    return [check for check in about if check is not None]


def _search(found: LoopFit | None) -> Check | None:
    if found is None or not found.converged:
        return Check("loop_search", BLOCK, "The search found no solution in these figures.")
    if found.faults:
        return Check(
            "loop_improper",
            BLOCK,
            "The solution is improper: a negative variance, or a correlation beyond 1. These "
            "figures cannot tell stable differences from change.",
        )
    return None


def _fit(found: LoopFit | None) -> Check | None:
    if found is None or not found.converged or found.faults:
        return None
    if found.fit is None or found.fit.cfi != found.fit.cfi:
        return Check("loop_fit", WARN, "There are too few units to judge how well the model fits.")
    values = shown(cfi=float(found.fit.cfi), rmsea=float(found.fit.rmsea))
    if found.fit.rmsea_low > POOR_RMSEA and found.fit.cfi < POOR_CFI:
        return Check(
            "loop_fit",
            BLOCK,
            "The model does not fit these figures (CFI {cfi}, RMSEA {rmsea}).",
            values,
        )
    if found.fit.rmsea > POOR_RMSEA or found.fit.cfi < GOOD_CFI:
        return Check(
            "loop_fit", WARN, "The model fits only roughly (CFI {cfi}, RMSEA {rmsea}).", values
        )
    return Check("loop_fit", PASS, "The model fits (CFI {cfi}, RMSEA {rmsea}).", values)


def _stays(found: LoopFit | None) -> Check | None:
    """Warn where change hardly ever goes away: then it is hard to tell from what is stable."""
    if found is None or not found.converged or max(found.stays) < NEARLY_ONE:
        return None
    return Check(
        "loop_stays",
        WARN,
        "What moves in a unit hardly goes back from wave to wave ({stays}): it is hard to tell "
        "from what is stable.",
        shown(stays=max(found.stays)),
    )


def _left_out(track: Track) -> Check | None:
    if not track.left_out:
        return None
    return Check(
        "loop_run",
        WARN,
        "{waves} waves in a row are followed, from {first} to {last}; {left} more are left out.",
        shown(
            waves=len(track.waves), first=track.waves[0], last=track.waves[-1], left=track.left_out
        ),
    )


def _partial(track: Track) -> Check | None:
    if not track.partial:
        return None
    return Check(
        "loop_partial",
        WARN,
        "Figures that cover only a part of their period are left out: {cells}.",
        shown(cells=track.partial),
    )


def _held(link: Link) -> Check | None:
    """Say that controls and peers of the link are not in this model."""
    names = (*link.controls, *([link.peers] if link.peers else []))
    if not names:
        return None
    return Check(
        "loop_controls",
        WARN,
        "Not held equal here: {names}. What is stable in them is taken out with the units.",
        shown(names=names),
    )


def _reliability(panel: Panel, link: Link) -> Check | None:
    """Warn that chance in the means of persons hides a lag, and half turns it into the other."""
    known = [(panel.icc2.get(key), key) for key in (link.source, link.target)]
    weak = [(r, key) for r, key in known if r is not None and r < USABLE]
    if not weak:
        return None
    worst, key = min(weak)
    return Check(
        "loop_reliability",
        WARN,
        "{measure} is not very reliable in one wave (ICC(2) {icc2}): a true lag would look weaker.",
        shown(measure=key, icc2=worst),
    )


def agreed(loop: Loop) -> Loop:
    """Return the loop with a warning where the dynamic panel would not come to its verdict."""
    first, second = loop.judged, loop.dynamic
    if first is None or second is None or loop.verdict is LoopVerdict.CANNOT_TELL_YET:
        return loop
    if second.verdict is loop.verdict:
        return loop
    values = shown(
        forward=second.forward.standardised,
        back=second.back.standardised,
        one=first.forward.standardised,
        other=first.back.standardised,
    )
    check = Check(
        "loop_second",
        WARN,
        "A second model (dynamic panel) would not settle it the same way: {forward} forward and "
        "{back} back, beside {one} and {other}.",
        values,
    )
    return replace(loop, checks=(*loop.checks, check))
