"""A doubt about the questions: did they mean the same in all waves?"""

from anello.model.evidence import Check, Level
from anello.model.invariance import SURE_ANSWERS, Alike

from ..look import Look
from .base import PASS, WARN, shown


def invariance(look: Look) -> Check | None:
    """Warn when the means of a measure may not be followed over its waves.

    What changed for all units alike goes out with the wave effects; what changed for some more than
    for others stays in the row. Silent where nothing was asked: between units, of fewer than three
    questions, of fewer than a hundred people a wave.
    """
    if look.level is not Level.WITHIN or look.slope is None:
        return None
    asked = [look.panel.invariance[k] for k in look.measures if k in look.panel.invariance]
    if not asked:
        return None
    order = list(Alike)
    worst = max(asked, key=lambda found: order.index(found.level))
    if worst.level is Alike.SCALAR:
        waves = min(len(found.groups) for found in asked)
        return Check(
            "invariance",
            PASS,
            "The questions were understood alike in all {waves} waves that could be compared.",
            shown(waves=waves),
        )
    if worst.level is Alike.NONE:
        return Check(
            "invariance",
            WARN,
            "Whether the questions of {measure} were understood alike in all waves cannot be told: "
            "one factor does not describe the answers.",
            shown(measure=worst.measure),
        )
    if worst.small:
        return Check(
            "invariance",
            WARN,
            "The questions of {measure} may not have been understood alike in all waves; with "
            "fewer than {sure} people in a wave chance alone shows as much in up to one case in "
            "four.",
            shown(measure=worst.measure, sure=SURE_ANSWERS),
        )
    return Check(
        "invariance",
        WARN,
        "The questions of {measure} were not understood alike in all waves: a change of its mean "
        "may be a change of the questions.",
        shown(measure=worst.measure),
    )
