"""Intervals as marks: estimate and 95 % limits in one, beside the zone too small to act on."""

from dataclasses import dataclass
from math import isfinite

from anello.model.evidence import Evidence, Level, Verdict
from anello.model.findings import LagPoint

from ..numbers import fixed, known
from ..reading import Pair, Reading, standard, zone
from ..sentences import heading
from .icons import style, titled

LEFT, RIGHT, MIDDLE, WIDE = 14.0, 236.0, 125.0, 250
REACHES = (0.8, 1.2, 2.0, 4.0, 8.0, 16.0, 40.0, 100.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis for both halves of a pair, in standard deviations, zero in the middle."""

    reach: float

    def x(self, value: float) -> float:
        """Return where a value stands; what is beyond the axis stands at its end."""
        inside = max(-self.reach, min(self.reach, value))
        return MIDDLE + inside / self.reach * (RIGHT - MIDDLE)

    @property
    def tick(self) -> float:
        """Return the value of the outer ticks."""
        return {0.8: 0.5, 1.2: 1.0}.get(self.reach, self.reach / 2)


def axis(pair: Pair) -> Axis:
    """Return the shortest axis that holds everything known of a link at both levels."""
    seen = [x for e in pair.rows for x in (standard(e) or ()) if x is not None and isfinite(x)]
    seen += [z for e in pair.rows if (z := zone(e)) is not None]
    farthest = max((abs(x) for x in seen), default=0.0)
    return Axis(next((r for r in REACHES if r >= farthest), REACHES[-1]))


def half(reading: Reading, pair: Pair, level: Level, key: str) -> str:
    """Return one half of a pair as a picture, or nothing when there is no estimate."""
    e = pair.between if level == Level.BETWEEN else pair.within
    size = standard(e)
    if e is None or size is None:
        return ""
    said = written(reading, e)
    body = _ground(reading, axis(pair), zone(e)) + _mark(axis(pair), e, size)
    estimate, limits = said
    at = min(max(axis(pair).x(size[0]), 72.0), WIDE - 72.0)
    body += (
        f'<text class="val" x="{at:.1f}" y="16"><tspan class="b">{estimate}</tspan>'
        f' <tspan dx="3">{limits}</tspan></text>'
    )
    colour = "plain" if level == Level.BETWEEN else style(e.verdict)
    title = f"{heading(reading, level)}: {estimate} {limits}"
    return titled(key, title, _described(reading, e), f"0 0 {WIDE} 78", f"ip {colour}", body)


def written(reading: Reading, e: Evidence | None) -> tuple[str, str]:
    """Return estimate and interval in standard deviations as text: +0.24, [0.10, 0.38]."""
    size = standard(e)
    if size is None:
        return "–", ""
    estimate = fixed(size[0], 2, reading.language, sign=True)
    if size[1] is None or size[2] is None:
        return estimate, ""
    return estimate, reading.interval(size[1], size[2])


def _described(reading: Reading, e: Evidence) -> str:
    band = zone(e)
    if band is None:
        return reading.units(e.units)
    size = fixed(band, 2, reading.language)
    return reading.say("Grey zone: under {size}, too small to act on.", size=size)


def _ground(reading: Reading, on: Axis, band: float | None) -> str:
    grey = ""
    if band:
        left, right = on.x(-band), on.x(band)
        grey = f'<rect class="zone" x="{left:.1f}" y="24" width="{right - left:.1f}" height="34"/>'
    ticks = "".join(
        f'<text class="tick" x="{on.x(v):.1f}" y="73">{_tick(reading, v)}</text>'
        for v in (-on.tick, 0.0, on.tick)
    )
    zero = f'<path class="zero" d="M{MIDDLE:.1f} 24v34"/>'
    return f'{grey}{zero}<path class="axis" d="M{LEFT} 58.5H{RIGHT}"/>{ticks}'


def _tick(reading: Reading, value: float) -> str:
    return fixed(value, 0 if value == int(value) else 1, reading.language, sign=True)


def _mark(on: Axis, e: Evidence, size: tuple[float, float | None, float | None]) -> str:
    at, low, high = size
    if low is None or high is None:
        return f'<circle class="pt" cx="{on.x(at):.1f}" cy="41" r="6.5"/>'
    left, right = sorted((on.x(low), on.x(high)))
    bar = f'<path class="ci" d="M{left:.1f} 41H{right:.1f}"/>'
    if e.verdict == Verdict.CANNOT_BE_TOLD:
        return bar
    ends = f'<path class="tight" d="M{left:.1f} 31v20M{right:.1f} 31v20"/>'
    ring = f'<circle class="pt" cx="{on.x(at):.1f}" cy="41" r="6.5"/>'
    return (ends if right - left < 13 else "") + bar + ring


def lag_profile(reading: Reading, points: tuple[LagPoint, ...], key: str, title: str) -> str:
    """Return the within-unit effect at each lag as upright intervals on one axis."""
    limits = [known(x) for p in points for x in (p.low, p.high, p.standardised)]
    reach = max((abs(x) for x in limits if x is not None), default=0.1) * 1.1 or 0.1
    wide = max(336, 60 + 56 * len(points))
    body = f'<path class="zero" d="M44 70H{wide}"/><path class="axis" d="M44 10v120"/>'
    for value in (reach / 1.1, 0.0, -reach / 1.1):
        label = fixed(value, 2, reading.language, sign=True)
        y = 74 - 60 * value / reach
        body += f'<text class="tick end" x="40" y="{y:.1f}">{label}</text>'
    for i, point in enumerate(points):
        body += _lag(point, 76 + 56 * i, reach)
    body += "".join(
        f'<text class="tick" x="{76 + 56 * i}" y="146">{p.lag}</text>' for i, p in enumerate(points)
    )
    desc = reading.say("The table below gives the same figures.")
    return titled(key, title, desc, f"0 0 {wide} 152", "ip lagp plain", body)


def _lag(point: LagPoint, x: float, reach: float) -> str:
    low, high, at = known(point.low), known(point.high), known(point.standardised)
    if at is None:
        return ""
    bar = ""
    if low is not None and high is not None:
        bar = (
            f'<path class="ci" d="M{x} {70 - 60 * high / reach:.1f}V{70 - 60 * low / reach:.1f}"/>'
        )
    return bar + f'<circle class="pt" cx="{x}" cy="{70 - 60 * at / reach:.1f}" r="6.5"/>'
