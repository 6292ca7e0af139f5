"""The chain as one row of rings, for a sheet of paper: all but neighbours linked in lanes below.

Colours stand in the file itself, taken from the design tokens, because paper has no style sheet.
"""

import re
from dataclasses import dataclass
from functools import cache
from html import escape

from anello.model.evidence import Verdict

from ..reading import Pair, Reading, standard
from ..style import stylesheet
from .graph import Arrow, Graph, Ring, graph
from .icons import SHAPES
from .labels import folded
from .paths import thickness

WIDE, R, Y, FIRST_LANE, LANE = 704.0, 14.0, 70.0, 44.0, 33.0
NUMBERS, MOST_RINGS, MOST_LINKS = 64.0, 9, 8
FONT = "Libertinus Serif"
RANK = (
    Verdict.HOLDS, Verdict.GOES_TOGETHER, Verdict.BREAKS, Verdict.CANNOT_TELL_YET,
    Verdict.CANNOT_BE_TOLD, Verdict.DESCRIBED_ONLY,
)  # fmt: skip
DASHES = {"breaks": "9 5", "yet": "5 4", "way": "0.1 6", "none": "1 5"}


@cache
def colours() -> dict[str, str]:
    """Return the design's colours by name, as on light paper."""
    light = stylesheet("tokens.css").split("}", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", light))


def important(reading: Reading, most: int) -> list[Pair]:
    """Return the links that matter most, at most so many, in the order of the chain.

    Judged links before open ones, then the larger effect.
    """

    def weight(pair: Pair) -> tuple[int, float]:
        size = standard(pair.shown)
        rank = len(RANK) if pair.verdict is None else RANK.index(pair.verdict)
        return rank, -abs(size[0]) if size else 0.0

    chosen = sorted(reading.pairs, key=weight)[:most]
    return [pair for pair in reading.pairs if any(pair is c for c in chosen)]


@dataclass(frozen=True, slots=True)
class Row:
    """Rings from left to right with their x, the arrows among them, and the lane of each."""

    rings: tuple[Ring, ...]
    x: dict[str, float]
    arrows: tuple[Arrow, ...]
    lanes: dict[int, int]
    ports: dict[tuple[int, str], float]

    def beside(self, arrow: Arrow) -> bool:
        """Return whether an arrow leads to the next ring on the right."""
        keys = [ring.key for ring in self.rings]
        return keys.index(arrow.target) - keys.index(arrow.source) == 1


def row(reading: Reading) -> Row:
    """Return the rings of the most important links, then missing ones while there is room."""
    whole = graph(reading)
    chosen = important(reading, MOST_LINKS)
    arrows, keys = _fitting(whole, chosen)
    gaps = [a for a in whole.arrows if a.kind == "none" and a.source in keys]
    for gap in gaps:
        if gap.target not in keys and len(keys) < MOST_RINGS:
            keys.append(gap.target)
            arrows.append(gap)
    rings = sorted((r for r in whole.rings if r.key in keys), key=lambda r: (r.row, r.column))
    pitch = WIDE / max(1, len(rings))
    x = {ring.key: pitch * (i + 0.5) for i, ring in enumerate(rings)}
    found = Row(tuple(rings), x, tuple(arrows), {}, {})
    below = [a for a in arrows if not found.beside(a)]
    found.lanes.update(_lanes(below, x))
    found.ports.update(_ports(below, x))
    return found


def _fitting(whole: Graph, chosen: list[Pair]) -> tuple[list[Arrow], list[str]]:
    wanted = {(p.link.source, p.link.target, p.link.lag) for p in chosen}
    arrows: list[Arrow] = []
    keys: list[str] = []
    for arrow in whole.arrows:
        new = {arrow.source, arrow.target} - set(keys)
        wished = (arrow.source, arrow.target, arrow.lag) in wanted
        if wished and len(keys) + len(new) <= MOST_RINGS:
            keys += sorted(new)
            arrows.append(arrow)
    return arrows, keys


def _lanes(below: list[Arrow], x: dict[str, float]) -> dict[int, int]:
    """Return the lane of each arrow: short ones on top, arrows that do not overlap share one."""
    used: list[list[tuple[float, float]]] = []
    lanes = {}
    for arrow in sorted(below, key=lambda a: abs(x[a.target] - x[a.source])):
        low, high = sorted((x[arrow.source], x[arrow.target]))
        high += 2 * NUMBERS if high - low < 2 * NUMBERS else 0.0
        lane = next(
            (i for i, spans in enumerate(used) if all(high < a or b < low for a, b in spans)),
            len(used),
        )
        if lane == len(used):
            used.append([])
        used[lane].append((low, high))
        lanes[id(arrow)] = lane
    return lanes


def _ports(below: list[Arrow], x: dict[str, float]) -> dict[tuple[int, str], float]:
    """Return where each arrow leaves or meets a foot, so that none crosses its neighbour."""
    ports = {}
    for key in x:
        ends = [(a, x[a.target if a.source == key else a.source] - x[key])
                for a in below if key in (a.source, a.target)]  # fmt: skip
        left = sorted((e for e in ends if e[1] < 0), key=lambda e: -e[1])
        right = sorted((e for e in ends if e[1] >= 0), key=lambda e: -e[1])
        for i, (arrow, _) in enumerate(left + right):
            ports[id(arrow), key] = x[key] + 9.0 * (i - (len(ends) - 1) / 2)
    return ports


def painted(reading: Reading) -> str:
    """Return the row as an SVG for print."""
    found = row(reading)
    deepest = max(found.lanes.values(), default=-1)
    height = Y + 34 if deepest < 0 else Y + FIRST_LANE + LANE * deepest + 24
    drawn = [_beside(found, a) if found.beside(a) else _below(found, a) for a in found.arrows]
    body = "".join(line for line, _ in drawn) + "".join(said for _, said in drawn)
    body += "".join(_ring(found, ring) for ring in found.rings)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {height:.0f}" '
        f'width="{WIDE:.0f}" height="{height:.0f}" font-family="{FONT}">{body}</svg>'
    )


def _stroke(kind: str, size: float | None) -> str:
    colour = colours()["edge" if kind == "none" else kind]
    dash = f' stroke-dasharray="{DASHES[kind]}"' if kind in DASHES else ""
    round_ = ' stroke-linecap="round"' if kind == "way" else ""
    wide = thickness(size) * 0.75 + 0.4
    return f'fill="none" stroke="{colour}" stroke-width="{wide:.1f}"{dash}{round_}'


def _fill(kind: str) -> str:
    return f'fill="{colours()["edge" if kind == "none" else kind]}"'


def _written(content: str, x: float, y: float, size: float, *, bold: bool = False) -> str:
    weight, colour = ("700", "ink") if bold else ("400", "ink-2")
    style = f'font-size="{size}" font-weight="{weight}" fill="{colours()[colour]}"'
    halo = 'stroke="#FFFFFF" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle"'
    return f"<text {place} {style} {halo}>{escape(content)}</text>"


def _mark(kind: str, x: float, y: float, size: float) -> str:
    if kind not in SHAPES:
        return ""
    scale = size / 20
    place = f"translate({x:.1f} {y:.1f}) scale({scale:.3f})"
    return f'<g transform="{place}" {_fill(kind)}>{SHAPES[kind]}</g>'


def _beside(found: Row, arrow: Arrow) -> tuple[str, str]:
    start, end = found.x[arrow.source] + R + 2, found.x[arrow.target] - R - 2
    head = 7 + thickness(arrow.size) * 0.4
    off = thickness(arrow.size) * 0.38 + 4
    middle = (start + end) / 2
    up = Y - off - (12.5 if arrow.interval else 0)
    line = f'<path d="M{start:.1f} {Y}H{end - head:.1f}" {_stroke(arrow.kind, arrow.size)}/>'
    point = f"M{end:.1f} {Y}l{-head:.1f} {-head * 0.6:.1f}v{head * 1.2:.1f}z"
    tip = f'<path d="{point}" {_fill(arrow.kind)}/>'
    limits = arrow.interval.partition(" n ")[0]
    shift = 0.0 if arrow.kind == "none" else 7.0
    said = _written(arrow.estimate, middle + shift, up, 12, bold=True)
    said += _mark(arrow.kind, middle - len(arrow.estimate) * 3 - 8, up - 10, 11)
    return line + tip, said + _written(limits, middle, Y - off - 1.5, 10)


def _below(found: Row, arrow: Arrow) -> tuple[str, str]:
    xa, xb = found.ports[id(arrow), arrow.source], found.ports[id(arrow), arrow.target]
    y = Y + FIRST_LANE + LANE * found.lanes[id(arrow)]
    turn = min(14.0, abs(xb - xa) / 2) * (1 if xb >= xa else -1)
    head = 7 + thickness(arrow.size) * 0.4
    foot = Y + R + 3
    path = (
        f"M{xa:.1f} {foot:.1f}V{y - 14:.1f}Q{xa:.1f} {y:.1f} {xa + turn:.1f} {y:.1f}"
        f"H{xb - turn:.1f}Q{xb:.1f} {y:.1f} {xb:.1f} {y - 14:.1f}V{foot + head:.1f}"
    )
    line = f'<path d="{path}" {_stroke(arrow.kind, arrow.size)}/>'
    tip = (
        f'<path d="M{xb:.1f} {foot - 1:.1f}l{-head * 0.6:.1f} {head:.1f}h{head * 1.2:.1f}z" '
        f"{_fill(arrow.kind)}/>"
    )
    return line + tip, _beneath(found, arrow, y)


def _beneath(found: Row, arrow: Arrow, y: float) -> str:
    middle = _quiet(found, arrow, y)
    limits = arrow.interval.partition(" n ")[0]
    off = thickness(arrow.size) * 0.38 + 4
    said = _written(arrow.estimate, middle - 25, y - off, 12, bold=True)
    said += _written(limits, middle + 29, y - off, 10.5)
    return said + _mark(arrow.kind, middle - 57, y - off - 10, 11)


def _quiet(found: Row, arrow: Arrow, y: float) -> float:
    """Return where along its lane an arrow's numbers meet the fewest other lines."""
    start, end = sorted(found.ports[id(arrow), key] for key in (arrow.source, arrow.target))
    if end - start < 2 * NUMBERS:
        return end + NUMBERS if end + 2 * NUMBERS < WIDE else start - NUMBERS
    falls = [
        found.ports[id(a), key]
        for a in found.arrows if id(a) in found.lanes and a is not arrow
        if Y + FIRST_LANE + LANE * found.lanes[id(a)] >= y
        for key in (a.source, a.target)
    ]  # fmt: skip
    places = [start + (end - start) * t for t in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)]
    places = [min(max(p, NUMBERS), WIDE - NUMBERS) for p in places]
    return min(places, key=lambda p: sum(abs(fall - p) < NUMBERS for fall in falls))


def _ring(found: Row, ring: Ring) -> str:
    x, colour = found.x[ring.key], colours()[ring.side]
    lines = folded(ring.name, max(9, int(WIDE / len(found.rings) / 5.5)))
    out = "".join(
        _written(line, x, Y - 38 + 12.5 * (i - len(lines) + 1), 11, bold=ring.measured)
        for i, line in enumerate(lines)
    )
    dash = "" if ring.measured else ' stroke-dasharray="3 3"'
    edge = colour if ring.measured else colours()["edge"]
    circle = (
        f'<circle cx="{x:.1f}" cy="{Y}" r="{R}" fill="#FFFFFF" stroke="{edge}" '
        f'stroke-width="2"{dash}/>'
    )
    shape = SHAPES[ring.side]
    place = f"translate({x - 7:.1f} {Y - 7:.1f}) scale(0.7)"
    return f'{out}{circle}<g transform="{place}" fill="{edge}">{shape}</g>'
