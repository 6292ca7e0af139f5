"""Names of rings and numbers of arrows: put where they cover nothing."""

from dataclasses import dataclass

from .graph import Arrow, Graph, Ring
from .paths import Path, Point, R, estimate_size, label_size, thickness

WIDE = 1200.0
ORDERS = 8

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Name:
    """A ring with the lines of its name and where the first of them stands."""

    ring: Ring
    at: Point
    lines: tuple[str, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Label:
    """An arrow's numbers: the estimate at `up`, interval and n at `down`, both centred on x."""

    arrow: Arrow
    x: float
    up: float
    down: float
    boxes: tuple[Box, ...]


Labels = tuple[Label, ...]
Places = dict[int, list[tuple[float, Label]]]


def overlap(a: Box, b: Box) -> bool:
    """Return whether two boxes share ground."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def folded(name: str, wide: int = 20) -> tuple[str, ...]:
    """Return a name in at most two lines of like length; what does not fit ends in an ellipsis.

    >>> folded("Mortality"), folded("Internal service quality")
    (('Mortality',), ('Internal', 'service quality'))
    >>> folded("Waiting more than four hours in accident and emergency")
    ('Waiting more than', 'four hours in acci…')
    """
    words = name.split()
    if len(name) <= wide or len(words) < 2:
        return (_clipped(name, wide),)
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    first, second = min(splits, key=lambda lines: max(len(line) for line in lines))
    if max(len(first), len(second)) > wide:
        fitting = [pair for pair in splits if len(pair[0]) <= wide] or splits[:1]
        first, second = fitting[-1]
    return _clipped(first, wide), _clipped(second, wide)


def _clipped(line: str, wide: int) -> str:
    return line if len(line) <= wide else f"{line[: wide - 2].rstrip()}…"


def names(
    graph: Graph,
    at: dict[str, Point],
    paths: list[Path],
    into: dict[str, list[int]],
    taken: list[Box],
) -> tuple[Name, ...]:
    """Return each name above its ring, or below when arrows arrive there; boxes become taken."""
    found = []
    for ring in graph.rings:
        x, y = at[ring.key]
        lines = folded(ring.name) + ((ring.note,) if ring.note else ())
        half, tall = max(len(line) for line in lines) * 7.0 / 2 + 3, 15.5 * len(lines) + 3
        boxes = [
            (x - half, y - R - tall - 2, x + half, y - R - 2),
            (x - half, y + R + 8, x + half, y + R + tall + 8),
        ]
        cost = [_hits(box, paths) + 50 * _clash(box, taken) for box in boxes]
        cost[0] += 6 if len(into.get(ring.key, ())) > 1 else 0
        box = boxes[cost[1] < cost[0]]
        taken.append(box)
        found.append(Name(ring, (x, y), lines, box))
    return tuple(found)


def _hits(box: Box, paths: list[Path]) -> float:
    """Return how much of the arrows, as thick as they are drawn, falls into a box."""
    return sum(
        max(half / 2, 1.0)
        for path in paths
        for half in (thickness(path.arrow.size) / 2,)
        for x, y in path.points
        if box[0] - half <= x <= box[2] + half and box[1] - half <= y <= box[3] + half
    )


def _clash(box: Box, taken: list[Box]) -> int:
    return sum(overlap(box, other) for other in taken)


def labels(paths: list[Path], taken: list[Box]) -> tuple[Label, ...]:
    """Return the numbers of each arrow where they cover nothing; their boxes become taken.

    Who is placed first has the choice, so several orders are tried and the least covered is kept.
    """
    level, drops = [p for p in paths if p.level], [p for p in paths if not p.level]
    places = {id(path): _places(path, paths) for path in paths}
    turns = range(min(len(drops), ORDERS) or 1)
    tries = [_placed([*level, *drops[i:], *drops[:i]], places, taken) for i in turns]
    found = min(tries, key=lambda tried: tried[0])[1]
    taken.extend(box for label in found for box in label.boxes)
    return found


def _placed(order: list[Path], places: Places, taken: list[Box]) -> tuple[float, Labels]:
    """Return what the labels cover when they are placed in this order, and the labels."""
    now, found, covered = list(taken), [], 0.0
    for path in order:
        costs = [
            (cost + 100 * sum(_clash(box, now) for box in label.boxes), label)
            for cost, label in places[id(path)]
        ]
        cost, best = min(costs, key=lambda option: option[0])
        now.extend(best.boxes)
        found.append(best)
        covered += cost
    return covered, tuple(found)


def _places(path: Path, paths: list[Path]) -> list[tuple[float, Label]]:
    """Return every place for an arrow's numbers with what of the arrows it would cover there."""
    flat = [_label(path, spot) for spot in path.spots]
    if path.level and path.arrow.interval:
        flat += [
            _stacked(path, (x + aside, y), lift)
            for lift in (0.0, -1.0, 32.0)
            for x, y in path.spots
            for aside in (0, -12, 12)
        ]
    costs = [(_cost(label, path, paths) + path.level * _far(label, path), label) for label in flat]
    beside = (_label(path, spot) for spot in path.aside)
    costs += [(_cost(label, path, paths) + _mixed(label, path, paths), label) for label in beside]
    return costs


def _far(label: Label, path: Path) -> float:
    """Return what it costs that numbers stand away from the middle of a level arrow."""
    x, y = path.spots[0]
    return 0.02 * abs(label.x - x) + (8.0 if label.down < y - 40 else 0.0)


def _label(path: Path, spot: Point) -> Label:
    half, _ = label_size(path.arrow)
    x, y = spot
    if path.level:
        gap = thickness(path.arrow.size) / 2 + 4
        near = estimate_size(path.arrow)
        upper = (x - near, y - 15 - gap, x + near, y - gap)
        lower = (x - half, y + gap, x + half, y + 16 + gap)
        boxes: tuple[Box, ...] = (upper, lower) if path.arrow.interval else (upper,)
        return Label(path.arrow, x, y - gap - 3, y + gap + 12, boxes)
    return Label(path.arrow, x, y - 2, y + 14, ((x - half, y - 17, x + half, y + 18),))


def _stacked(path: Path, spot: Point, lift: float) -> Label:
    """Return both numbers `lift` above a level arrow, or under it (-1): the other side is taken."""
    half, (x, y) = label_size(path.arrow)[0], spot
    gap = thickness(path.arrow.size) / 2 + 4
    first = y - gap - 18 - lift if lift >= 0 else y + gap + 12
    box = (x - half, first - 13, x + half, first + 19)
    return Label(path.arrow, x, first, first + 15, (box,))


def _cost(label: Label, path: Path, paths: list[Path]) -> float:
    crossed = [p for p in paths if p is not path] if path.level else paths
    outside = sum(box[0] < 0 or box[2] > WIDE for box in label.boxes)
    return 1000 * outside + sum(_hits(box, crossed) for box in label.boxes)


def _mixed(label: Label, path: Path, paths: list[Path]) -> float:
    """Return what it costs that another arrow runs between a drop and its numbers."""
    others = [p for p in paths if p is not path]
    strips = [(x, box[1], x + 10, box[3]) for box in label.boxes for x in (box[0] - 10, box[2])]
    return 5.0 * sum(_hits(strip, others) for strip in strips)
