"""The lines of arrows: level runs, drops in lanes of their own, the way back under everything."""

from dataclasses import dataclass

from .graph import Arrow

R, BEND, ASIDE = 19.0, 40.0, 70.0
THICK, THIN = 18.0, 1.75

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Path:
    """An arrow's line: its SVG path, its tip, the points it runs through, where a label may go.

    `spots` stand on or beside a level run, `aside` beside a drop.
    """

    arrow: Arrow
    line: str
    tip: str
    points: tuple[Point, ...]
    spots: tuple[Point, ...]
    level: bool
    aside: tuple[Point, ...] = ()


def thickness(size: float | None) -> float:
    """Return how thick an effect is drawn: 18 for each standard deviation, capped at 0.8.

    >>> thickness(-0.5), thickness(0.01), thickness(None)
    (9.0, 1.75, 1.75)
    """
    return max(THIN, THICK * min(abs(size or 0.0), 0.8))


def estimate_size(arrow: Arrow) -> float:
    """Return half the width of an arrow's estimate and icon."""
    return (len(arrow.estimate) * 8 + (0 if arrow.kind == "none" else 20)) / 2 + 2


def label_size(arrow: Arrow) -> Point:
    """Return half the width and half the height of an arrow's numbers."""
    return max(estimate_size(arrow), len(arrow.interval) * 3.3 + 2), 21.0


def _head(arrow: Arrow) -> float:
    return 8.0 + thickness(arrow.size) * 0.55


def _tip(x: float, y: float, head: float) -> str:
    return f"M{x:.1f} {y:.1f}l{-head:.1f} {-head * 0.62:.1f}v{head * 1.24:.1f}z"


def level(arrow: Arrow, at: dict[str, Point]) -> Path:
    """Return the line to a ring in the same row."""
    (xa, y), (xb, _) = at[arrow.source], at[arrow.target]
    start, end, head = xa + R + 4, xb - R - 4, _head(arrow)
    points = tuple((x, y) for x in steps(start, end))
    spots = tuple(
        ((start + end) / 2 + k, y) for k in (0, 4, -4, 12, -12, 20, -20, 30, -30, 60, -60)
    )
    return Path(
        arrow, f"M{start:.1f} {y:.1f}H{end - head:.1f}", _tip(end + 1, y, head), points, spots, True
    )


def drop(arrow: Arrow, at: dict[str, Point], lane: float, port: float, mates: list[int]) -> Path:
    """Return the line to a ring in another row: a level run, a drop in its lane, a level run."""
    (xa, ya), (xb, yb) = at[arrow.source], at[arrow.target]
    place = mates.index(id(arrow))
    ya, yb = ya + port, yb + 13.0 * (place - (len(mates) - 1) / 2)
    start, end = xa + R + 4, xb - R - 4 - _head(arrow)
    curve = ((lane - BEND, ya), (lane + BEND * 0.8, ya), (lane - BEND * 0.8, yb), (lane + BEND, yb))
    line = (
        f"M{start:.1f} {ya:.1f}H{curve[0][0]:.1f}C{curve[1][0]:.1f} {ya:.1f} {curve[2][0]:.1f} "
        f"{yb:.1f} {curve[3][0]:.1f} {yb:.1f}H{end:.1f}"
    )
    fall = [bezier(curve, i / 90) for i in range(91)]
    points = [(x, ya) for x in steps(start, curve[0][0])] + fall
    points += [(x, yb) for x in steps(curve[3][0], end)]
    last = place == len(mates) - 1
    spots, aside = _beside(arrow, lane, end, yb, last), _along(arrow, fall)
    tip = _tip(xb - R - 3, yb, _head(arrow))
    return Path(arrow, line, tip, tuple(points), tuple(spots), False, tuple(aside))


def _beside(arrow: Arrow, lane: float, end: float, y: float, last: bool) -> list[Point]:
    """Return the places at the arrival: above the line, for the last arrival below it."""
    half, tall = label_size(arrow)
    off = thickness(arrow.size) / 2 + tall
    sides = (y + off, y - off) if last else (y - off, y + off)
    first, stop = int(end - half - 4), int(lane + half)
    return [(float(x), side) for side in sides for x in range(first, stop, -10)]


def _along(arrow: Arrow, fall: list[Point]) -> list[Point]:
    half, _ = label_size(arrow)
    places = [fall[i] for i in (54, 63, 45, 72, 36, 81, 27)]
    return [(x + side * (half + 10), y) for x, y in places for side in (1, -1)]


def loop(arrow: Arrow, at: dict[str, Point], low: float) -> Path:
    """Return the way back: down from the source's foot, along its lane, up into the target's.

    Where another ring stands in the way, the fall or the rise steps aside.
    """
    (xa, ya), (xb, yb), head = at[arrow.source], at[arrow.target], _head(arrow)
    out = xa + ASIDE * (xa == xb or any(x == xa and y > ya for x, y in at.values()))
    up = xb - ASIDE * (xa == xb or any(x == xb and y > yb for x, y in at.values()))
    foot, turn = yb + R + 4 + head, 40.0 if out > up else -40.0
    line = f"M{xa:.1f} {ya + R + 4:.1f}"
    if out != xa:
        line += f"v14q0 12 12 12H{out - 12:.1f}q12 0 12 12"
    line += f"V{low - 40:.1f}Q{out:.1f} {low:.1f} {out - turn:.1f} {low:.1f}"
    line += f"H{up + turn:.1f}Q{up:.1f} {low:.1f} {up:.1f} {low - 40:.1f}"
    if up != xb:
        line += f"V{foot + 24:.1f}q0 -12 12 -12H{xb - 12:.1f}q12 0 12 -12"
    line += f"V{foot:.1f}"
    tip = f"M{xb:.1f} {yb + R + 3:.1f}l{-head * 0.62:.1f} {head:.1f}h{head * 1.24:.1f}z"
    points = [(up, y) for y in steps(foot, low)] + [(out, y) for y in steps(ya + R, low)]
    points += [(x, low) for x in steps(min(out, up), max(out, up))]
    points += [(x, foot + 12) for x in steps(up, xb)]
    points += [(x, ya + R + 30) for x in steps(xa, out)]
    spots = tuple(((out + up) / 2 + k, low) for k in (0, 90, -90, 180, -180, 270, -270))
    return Path(arrow, line, tip, tuple(points), spots, True)


def steps(start: float, end: float) -> list[float]:
    """Return points four apart."""
    return [start + 4.0 * i for i in range(max(0, int((end - start) / 4) + 1))]


def bezier(curve: tuple[Point, Point, Point, Point], t: float) -> Point:
    """Return where a curve with these four points is at `t`."""
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
    x = sum(w * p[0] for w, p in zip(weights, curve, strict=True))
    return x, sum(w * p[1] for w, p in zip(weights, curve, strict=True))
