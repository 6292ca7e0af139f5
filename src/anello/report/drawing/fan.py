"""Many arrows into one ring: level runs that bend in and end side by side on a bow around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin

from .graph import Arrow, Graph
from .order import crowds
from .paths import BEND, Path, Point, R, bezier, label_size, steps, thickness

APART, NEAREST, WIDEST = 6.0, 84.0, 0.38 * pi
RUN, ROW, GAP = 20.0, 98.0, 356.0


@dataclass(frozen=True, slots=True)
class Fan:
    """The arrows into one ring from top to bottom; `bow` is how far from it they end."""

    target: str
    arrows: tuple[Arrow, ...]
    bow: float

    def angle(self, arrow: Arrow) -> float:
        """Return from which side an arrow comes, 0 for straight from the left, below it is > 0."""
        before = self.arrows[: self.arrows.index(arrow)]
        middle = sum(map(_berth, before)) + _berth(arrow) / 2
        return (middle - sum(map(_berth, self.arrows)) / 2) / self.bow


def fans(graph: Graph) -> dict[str, Fan]:
    """Return the fan of each ring that many arrows enter."""
    columns = {ring.key: ring.column for ring in graph.rings}
    sides = {ring.key: ring.side for ring in graph.rings}
    rows = {ring.key: ring.row for ring in graph.rings}
    forward = [a for a in graph.arrows if not a.back]
    found = {}
    for target in crowds(columns, sides, ((a.source, a.target) for a in forward)):
        arrows = [a for a in forward if a.target == target]
        wide = sum(map(_berth, arrows))
        ordered = tuple(sorted(arrows, key=lambda a: rows[a.source]))
        found[target] = Fan(target, ordered, max(NEAREST, wide / (2 * WIDEST)))
    return found


def _berth(arrow: Arrow) -> float:
    return max(thickness(arrow.size), thickness(arrow.between), 5.0) + APART


def bow(fan: Fan, at: Mapping[str, Point]) -> str:
    """Return the line that the arrows of a fan end on."""
    x, y = at[fan.target]
    r = fan.bow - 5.0
    half = sum(map(_berth, fan.arrows)) / 2 / fan.bow
    across, up = r * cos(half), r * sin(half)
    large = int(half > pi / 2)
    top, foot = f"M{x - across:.1f} {y - up:.1f}", f"{x - across:.1f} {y + up:.1f}"
    return f"{top}A{r:.1f} {r:.1f} 0 {large} 0 {foot}"


def spoke(fan: Fan, arrow: Arrow, at: Mapping[str, Point]) -> Path:
    """Return the line of one arrow: a level run under its numbers, then a bend to the bow."""
    (xa, ya), (xb, yb) = at[arrow.source], at[arrow.target]
    angle, head = fan.angle(arrow), 8.0 + thickness(arrow.size) * 0.55
    side = (-cos(angle), sin(angle))

    def out(far: float) -> Point:
        return xb + side[0] * far, yb + side[1] * far

    start, half = xa + R + 4, label_size(arrow)[0]
    stop = start + 2 * half + RUN
    end = out(fan.bow + head - 1)
    reach = max(BEND, (end[0] - stop) * 0.6)
    curve = ((stop, ya), (stop + reach, ya), out(fan.bow + head + reach), end)
    (_, _), (x1, y1), (x2, y2), (x3, y3) = curve
    line = f"M{start:.1f} {ya:.1f}H{stop:.1f}C{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f} {x3:.1f} {y3:.1f}"
    points = [(x, ya) for x in steps(start, stop)] + [bezier(curve, i / 45) for i in range(46)]
    spots = tuple((start + half + RUN / 2 + k, ya) for k in (0, 8, -8))
    return Path(arrow, line, _tip(out(fan.bow), side, head), tuple(points), spots, True)


def _tip(end: Point, side: Point, head: float) -> str:
    (x, y), (dx, dy) = end, side
    across = (-dy * head * 0.62, dx * head * 0.62)
    first = (x + dx * head + across[0], y + dy * head + across[1])
    second = (x + dx * head - across[0], y + dy * head - across[1])
    return f"M{x:.1f} {y:.1f}L{first[0]:.1f} {first[1]:.1f}L{second[0]:.1f} {second[1]:.1f}z"
