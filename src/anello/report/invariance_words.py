"""In words: may the means of a measure be compared over waves?"""

from anello.model.invariance import POOR, SURE_ANSWERS, Alike, Invariance
from anello.model.words import say

from .numbers import fixed

SAID = {
    Alike.SCALAR: "{measure}: the questions were understood alike from wave to wave ({groups}), as "
    "far as these answers tell. Its means may be compared over time.",
    Alike.METRIC: "{measure}: some of the questions were answered higher or lower in one wave than "
    "in another by people who otherwise answer alike ({groups}). What its differences go with may "
    "be compared, its means over time may not: a change may be one of the questions.",
    Alike.CONFIGURAL: "{measure}: the questions do not weigh the same from wave to wave "
    "({groups}). Neither its means nor its links may be compared over time.",
}
MISFIT = (
    "{measure}: one factor does not describe the answers (CFI {cfi}, {groups}), so nobody can tell "
    "whether they may be compared over time."
)
UNFIT = (
    "{measure}: no model of one factor could be fitted ({groups}), so nobody can tell whether its "
    "means may be compared over time."
)
NOTES = {
    "three": "Three questions fit one factor by construction, so the first step says nothing here.",
    "stuck": "The step “{step}” came to no solution; what is said rests on the steps before.",
    "small": "Where a wave has fewer than {sure} people, chance alone shows as much in up to one "
    "case in four.",
    "improper": "A variance came out negative; the steps are still compared, but the model says "
    "little about such a question.",
}
STEPS = {
    "configural": "one factor in each",
    "metric": "equal loadings",
    "scalar": "equal loadings and intercepts",
}
LEVELS = {
    Alike.SCALAR: "means may be compared",
    Alike.METRIC: "only links may be compared",
    Alike.CONFIGURAL: "neither may be compared",
    Alike.NONE: "cannot be told",
}


def sentence(found: Invariance, label: str, groups: str, language: str) -> str:
    """Return what a reader may do with the means of a measure, with what has to be said beside."""
    cfi = found.fit
    if found.level is not Alike.NONE:
        text = say(SAID[found.level], language, measure=label, groups=groups)
    elif cfi is not None and cfi < POOR:
        value = fixed(cfi, 2, language)
        text = say(MISFIT, language, measure=label, groups=groups, cfi=value)
    else:
        text = say(UNFIT, language, measure=label, groups=groups)
    return " ".join((text, *notes(found, language)))


def notes(found: Invariance, language: str) -> list[str]:
    """Return what has to be said of the fits themselves."""
    out = []
    if found.items == 3 and found.steps:
        out.append(say(NOTES["three"], language))
    if found.stuck is not None and found.level is not Alike.NONE:
        step = say(STEPS[found.stuck], language)
        out.append(say(NOTES["stuck"], language, step=step))
    if found.small and found.level in (Alike.METRIC, Alike.CONFIGURAL):
        out.append(say(NOTES["small"], language, sure=SURE_ANSWERS))
    if found.improper:
        out.append(say(NOTES["improper"], language))
    return out
