"""Where the chain's rings, arrows, names and numbers stand: geometry only, no paint.

A picture is 1200 wide. Arrows run right and down: a level run, a drop in a lane of their own, a
level run into the ring. The way back runs in a lane under everything.
"""

from dataclasses import dataclass
from itertools import pairwise

from .fan import GAP, bow, fans, spoke
from .fan import ROW as FAN_ROW
from .graph import Arrow, Graph
from .labels import WIDE, Box, Label, Name, labels, names
from .paths import BEND, Path, Point, R, drop, level, loop, thickness

FIRST, PITCH, LANE, NEAR = 78.0, 180.0, 26.0, 132.0
HEAD, TOP, ROW, FOOT = 8.0, 88.0, 116.0, 40.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything a painter needs."""

    height: float
    bands: tuple[tuple[str, float], ...]
    names: tuple[Name, ...]
    paths: tuple[Path, ...]
    labels: tuple[Label, ...]
    bows: dict[str, str]


def layout(graph: Graph, *, stretch: bool = False) -> Layout:
    """Return where everything stands; `stretch` uses the full width."""
    at, bands, low = _places(graph, stretch)
    lanes, ports, into = _lanes(graph, at)
    back = sorted(
        (a for a in graph.arrows if a.back), key=lambda a: abs(at[a.source][0] - at[a.target][0])
    )
    paths, crowded = [], fans(graph)
    for arrow in graph.arrows:
        if not arrow.back and arrow.target in crowded:
            paths.append(spoke(crowded[arrow.target], arrow, at))
        elif arrow.back:
            paths.append(loop(arrow, at, low + 36.0 + 44.0 * back.index(arrow)))
        elif at[arrow.source][1] == at[arrow.target][1]:
            paths.append(level(arrow, at))
        else:
            paths.append(drop(arrow, at, lanes[id(arrow)], ports[id(arrow)], into[arrow.target]))
    taken = [(x - R, y - R, x + R, y + R) for x, y in at.values()]
    written = names(graph, at, paths, into, taken)
    numbers = labels(paths, taken)
    height = max([low, *(box[3] for box in taken)]) + 14.0
    bows = {key: bow(fan, at) for key, fan in crowded.items()}
    return Layout(height, bands, written, tuple(paths), numbers, bows)


def _places(
    graph: Graph, stretch: bool
) -> tuple[dict[str, Point], tuple[tuple[str, float], ...], float]:
    xs, near = _columns(graph, stretch), _fan_rows(graph)
    y, bands = HEAD, []
    rows: dict[int, float] = {}
    for side in graph.bands:
        bands.append((side, y))
        own = sorted({ring.row for ring in graph.rings if ring.side == side})
        rows[own[0]] = y + TOP
        for above, row in pairwise(own):
            rows[row] = rows[above] + (FAN_ROW if {above, row} <= near else ROW)
        y = rows[own[-1]] + FOOT
    at = {ring.key: (xs[ring.column], rows[ring.row]) for ring in graph.rings}
    return at, tuple(bands), y


def _fan_rows(graph: Graph) -> set[int]:
    """Return the rows that hold the source of a fan and no note: they may stand closer."""
    sources = {a.source for fan in fans(graph).values() for a in fan.arrows}
    noted = {ring.row for ring in graph.rings if ring.note}
    return {ring.row for ring in graph.rings if ring.key in sources} - noted


def _columns(graph: Graph, stretch: bool) -> list[float]:
    last = max((ring.column for ring in graph.rings), default=0)
    columns = {ring.key: ring.column for ring in graph.rings}
    fanned = {columns[target] - 1 for target in fans(graph)}
    leasts = [GAP if column in fanned else PITCH for column in range(last)]
    gaps = [max(_gap(graph, column), leasts[column]) for column in range(last)]
    xs = [FIRST]
    for gap in _fitted(gaps, leasts, WIDE - 2 * FIRST, stretch):
        xs.append(xs[-1] + gap)
    return xs


def _fitted(gaps: list[float], leasts: list[float], room: float, stretch: bool) -> list[float]:
    """Return gaps that fit: what is beyond the least gives way first, then all alike."""
    total, least = sum(gaps), sum(leasts)
    if total <= room:
        factor = room / total if stretch and total else 1.0
        return [gap * min(factor, 2.0) for gap in gaps]
    if least >= room:
        return [gap * room / least for gap in leasts]
    share = (room - least) / (total - least)
    return [low + (gap - low) * share for gap, low in zip(gaps, leasts, strict=True)]


def _gap(graph: Graph, column: int) -> float:
    columns = {ring.key: ring.column for ring in graph.rings}
    leaving = _leaving(graph, column)
    if not leaving:
        return PITCH
    near = any(columns[a.target] == column + 1 for a in leaving)
    lanes = R + BEND + 22.0 + LANE * (len(leaving) - 1) + BEND + 26.0
    return max(PITCH, lanes + (NEAR if near else 30.0))


def _leaving(graph: Graph, column: int) -> list[Arrow]:
    """Return the arrows that drop from a column: lowest source first, then deepest target."""
    ring, fanned = {r.key: r for r in graph.rings}, fans(graph)
    leaving = [
        a for a in graph.arrows
        if not a.back and a.target not in fanned and ring[a.source].column == column
        and ring[a.source].row != ring[a.target].row
    ]  # fmt: skip
    return sorted(leaving, key=lambda a: (-ring[a.source].row, -ring[a.target].row))


def _lanes(
    graph: Graph, at: dict[str, Point]
) -> tuple[dict[int, float], dict[int, float], dict[str, list[int]]]:
    lanes: dict[int, float] = {}
    ports: dict[int, float] = {}
    xs = sorted({x for x, _ in at.values()})
    for column, x in enumerate(xs):
        leaving = _leaving(graph, column)
        gap = xs[column + 1] - x if column + 1 < len(xs) else PITCH
        room = gap - (R + BEND + 22.0) - (BEND + 26.0) - NEAR * 0.9
        apart = min(LANE, max(10.0, room / max(1, len(leaving) - 1)))
        for i, arrow in enumerate(leaving):
            lanes[id(arrow)] = x + R + BEND + 22.0 + apart * i
            ports[id(arrow)] = _port(graph, arrow, leaving, at)
    return lanes, ports, _into(graph, at)


def _port(graph: Graph, arrow: Arrow, leaving: list[Arrow], at: dict[str, Point]) -> float:
    """Return how far below its ring's middle an arrow leaves, so that thick ones stay apart."""
    y = at[arrow.source][1]
    same = [a for a in leaving if a.source == arrow.source]
    flat = [
        a for a in graph.arrows
        if a.source == arrow.source and not a.back and at[a.target][1] == y
    ]  # fmt: skip
    if not flat:
        before = sum(_berth(a) for a in same[: same.index(arrow)])
        return sum(_berth(a) for a in same) / 2 - before - _berth(arrow) / 2
    down = at[arrow.target][1] > y
    mates = [a for a in same if (at[a.target][1] > y) == down]
    nearer = mates[mates.index(arrow) + 1 :] if down else mates[: mates.index(arrow)]
    off = (max(map(_berth, flat)) + _berth(arrow)) / 2 + sum(map(_berth, nearer))
    return min(off, R + 2) * (1 if down else -1)


def _berth(arrow: Arrow) -> float:
    return max(thickness(arrow.size), 5.0) + 2.0


def _into(graph: Graph, at: dict[str, Point]) -> dict[str, list[int]]:
    """Return the arrows into each ring from top to bottom: nearest column on top."""
    into: dict[str, list[int]] = {}
    forward = [a for a in graph.arrows if not a.back]
    for arrow in sorted(forward, key=lambda a: (-at[a.source][0], at[a.source][1])):
        into.setdefault(arrow.target, []).append(id(arrow))
    return into


def rightmost(found: Layout) -> list[Box]:
    """Return everything that could stand in the way of a legend."""
    boxes = [name.box for name in found.names] + [box for x in found.labels for box in x.boxes]
    boxes += [(x - R, y - R, x + R, y + R) for x, y in (name.at for name in found.names)]
    for path in found.paths:
        boxes += [(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]) + 1, max(a[1], b[1]) + 1)
                  for a, b in pairwise(path.points)]  # fmt: skip
    return boxes
