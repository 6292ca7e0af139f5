"""One effect of a study at its levels: intervals under one another on one axis around zero.

A ratio stands on an axis of its logarithm, around 1.
"""

from math import exp, log

from anello.model.study import RATIOS, StudyEffect

from ..numbers import fixed, known
from ..reading import Reading
from .icons import titled

LEFT, RIGHT, ROW, WIDE = 150.0, 446.0, 46.0, 460
NICE = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0)
TIMES = (1.1, 1.25, 1.5, 2.0, 4.0, 10.0, 100.0)
LEVELS = {
    "within": "Inside a person",
    "between": "Between people",
    "shift": "On the shift",
    "same time": "At the same time",
    "all shifts": "All shifts",
    "rows": "Single answers",
    "units": "Whole units",
}
HOLLOW = ("between", "same time", "all shifts", "units")


def level(reading: Reading, name: str) -> str:
    """Return what a level is called; a name of another kind of study is its own."""
    return reading.say(LEVELS[name]) if name in LEVELS else reading.told(name)


def two_levels(reading: Reading, effects: tuple[StudyEffect, ...], key: str, title: str) -> str:
    """Return the picture; what a screen reader hears has the same figures.

    Solid is inside a person, hollow is between people: the words beside each say so too.
    """
    ratio = all(e.name in RATIOS for e in effects)
    reach = _reach(effects)
    body, said = _ground(reading, reach, len(effects), ratio=ratio), []
    for i, e in enumerate(effects):
        body += _row(reading, e, i, reach)
        said.append(f"{level(reading, e.level)}: {_written(reading, e)}")
    box = f"0 0 {WIDE} {ROW * len(effects) + 26:.0f}"
    return titled(key, title, "; ".join(said), box, "ip study plain", body)


def _reach(effects: tuple[StudyEffect, ...]) -> float:
    seen = [_at(e, x) for e in effects for x in (e.low, e.high, e.estimate)]
    farthest = max((abs(x) for x in seen if x is not None), default=0.1)
    nice = NICE if effects[0].name not in RATIOS else [2 * log(times) for times in TIMES]
    return next((n for n in nice if n >= farthest), nice[-1])


def _at(e: StudyEffect, x: float | None) -> float | None:
    """Return where a number of an effect stands on the axis: a ratio by its logarithm."""
    exact = known(x)
    if exact is None or e.name not in RATIOS:
        return exact
    return log(exact) if exact > 0 else None


def _x(value: float, reach: float) -> float:
    inside = max(-reach, min(reach, value))
    return (LEFT + RIGHT) / 2 + inside / reach * (RIGHT - LEFT) / 2


def _ground(reading: Reading, reach: float, count: int, *, ratio: bool) -> str:
    bottom = ROW * count
    middle = (LEFT + RIGHT) / 2
    line = f'<path class="zero" d="M{middle:.1f} 4v{bottom - 4:.1f}"/>'
    axis = f'<path class="axis" d="M{LEFT} {bottom + 0.5:.1f}H{RIGHT}"/>'
    ticks = "".join(
        f'<text class="tick" x="{_x(v, reach):.1f}" y="{bottom + 17:.1f}">'
        f"{_tick(reading, v, ratio=ratio)}</text>"
        for v in (-reach / 2, 0.0, reach / 2)
    )
    return line + axis + ticks


def _tick(reading: Reading, v: float, *, ratio: bool) -> str:
    if ratio:
        times = exp(v)
        whole = abs(times - round(times)) < 1e-9
        return f"× {fixed(times, 0 if whole else 2, reading.language)}"
    return fixed(v, 0 if v == int(v) else 2, reading.language, sign=True)


def _row(reading: Reading, e: StudyEffect, i: int, reach: float) -> str:
    y = ROW * i + 30
    name = f'<text class="head" x="0" y="{y + 4:.1f}">{level(reading, e.level)}</text>'
    at, low, high = _at(e, e.estimate), _at(e, e.low), _at(e, e.high)
    if at is None:
        return name
    middle = min(max(_x(at, reach), LEFT + 72), RIGHT - 72)
    words = f'<text class="val" x="{middle:.1f}" y="{y - 13:.1f}">{_written(reading, e)}</text>'
    bar = ""
    if low is not None and high is not None:
        bar = f'<path class="ci" d="M{_x(low, reach):.1f} {y}H{_x(high, reach):.1f}"/>'
    kind = "pt" if e.level in HOLLOW else "pt full"
    return f'{name}{words}{bar}<circle class="{kind}" cx="{_x(at, reach):.1f}" cy="{y}" r="6"/>'


def _written(reading: Reading, e: StudyEffect) -> str:
    at, low, high = known(e.estimate), known(e.low), known(e.high)
    if at is None:
        return "–"
    ratio = e.name in RATIOS
    text = fixed(at, 2, reading.language, sign=not ratio)
    text = f"× {text}" if ratio else text
    return text if low is None or high is None else f"{text} {reading.interval(low, high)}"
