"""One effect as a mark with its interval on an axis in standard deviations."""

from dataclasses import dataclass

from ..numbers import fixed
from ..reading import Reading
from .icons import titled
from .intervals import LEFT, REACHES, RIGHT, WIDE, Axis


@dataclass(frozen=True, slots=True)
class Mark:
    """An effect and its 95 % limits in standard deviations, and the class of its colour."""

    at: float
    low: float
    high: float
    kind: str


def axis_of(marks: list[Mark], band: float = 0.0) -> Axis:
    """Return the shortest axis that holds every mark and the zone too small to act on."""
    farthest = max([abs(x) for m in marks for x in (m.at, m.low, m.high)] + [band])
    return Axis(next((r for r in REACHES if r >= farthest), REACHES[-1]))


def arrow(reading: Reading, mark: Mark, on: Axis, band: float, key: str, heading: str) -> str:
    """Return the picture of one effect; `band` is the half width of the grey zone, 0 for none."""
    estimate = fixed(mark.at, 2, reading.language, sign=True)
    limits = reading.interval(mark.low, mark.high)
    left, right = on.x(mark.low), on.x(mark.high)
    body = ""
    if band:
        a, b = on.x(-band), on.x(band)
        body += f'<rect class="zone" x="{a:.1f}" y="24" width="{b - a:.1f}" height="34"/>'
    body += f'<path class="zero" d="M{on.x(0.0):.1f} 24v34"/>'
    body += f'<path class="axis" d="M{LEFT} 58.5H{RIGHT}"/>'
    for value in (-on.tick, 0.0, on.tick):
        said = fixed(value, 0 if value == int(value) else 1, reading.language, sign=True)
        body += f'<text class="tick" x="{on.x(value):.1f}" y="73">{said}</text>'
    body += f'<path class="ci" d="M{left:.1f} 41H{right:.1f}"/>'
    body += f'<circle class="pt" cx="{on.x(mark.at):.1f}" cy="41" r="6.5"/>'
    at = min(max(on.x(mark.at), 72.0), WIDE - 72.0)
    body += (
        f'<text class="val" x="{at:.1f}" y="16"><tspan class="b">{estimate}</tspan>'
        f' <tspan dx="3">{limits}</tspan></text>'
    )
    desc = reading.say("The table below gives the same figures.")
    title = f"{heading}: {estimate} {limits}"
    return titled(key, title, desc, f"0 0 {WIDE} 78", f"ip {mark.kind}", body)
