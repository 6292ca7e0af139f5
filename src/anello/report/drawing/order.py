"""In which column and row a ring stands, and which links lead back."""

from collections.abc import Iterable, Mapping
from itertools import pairwise, permutations

from anello.model.chain import Chain, Side

from ..reading import Pair

BANDS = (Side.EMPLOYEE, Side.OPERATIONS, Side.CUSTOMER, Side.MONEY)
STAFF, SERVED = (Side.EMPLOYEE, Side.OPERATIONS), (Side.CUSTOMER, Side.MONEY)
MANY, CROWD = 6, 5
Edge = tuple[str, str]


def drawn(chain: Chain, pairs: tuple[Pair, ...]) -> list[str]:
    """Return what becomes a ring, in the chain's order: linked measures, else one a construct.

    A construct without a measure is a ring of its own key: missing is drawn, never left out.
    """
    linked = {m for p in pairs for m in (p.link.source, p.link.target)}
    keys: list[str] = []
    for construct in chain.constructs:
        own = [m.key for m in chain.measures if m.construct == construct.key]
        chosen = [m for m in own if m in linked] or own[:1]
        keys += chosen or [missing(construct.key)]
    return keys


def missing(construct: str) -> str:
    """Return the key of the ring of a construct that nothing measures."""
    return f"no measure of {construct}"


def unmeasured_edges(
    chain: Chain, keys: list[str], forward: list[Edge], back: list[Edge]
) -> list[Edge]:
    """Return the links nobody can look at: each missing construct after the one listed before.

    What only leads back is passed over; a missing first construct leads to the one after it.
    """
    absent = {missing(c.key) for c in chain.constructs}
    ahead = {key for edge in forward for key in edge}
    only_back = {key for edge in back for key in edge} - ahead
    line = [key for key in keys if key not in only_back]
    edges = [(a, b) for a, b in pairwise(line) if b in absent]
    if len(line) > 1 and line[0] in absent and line[1] not in absent:
        edges.insert(0, (line[0], line[1]))
    return edges


def leading_back(chain: Chain, pairs: tuple[Pair, ...]) -> list[bool]:
    """Return for each link whether it leads back."""
    ahead: dict[str, set[str]] = {}
    found = [False] * len(pairs)
    order = sorted(range(len(pairs)), key=lambda i: (pairs[i].link.lag > 0, i))
    for i in order:
        source, target = pairs[i].link.source, pairs[i].link.target
        served = chain.side(source) in SERVED and chain.side(target) in STAFF
        found[i] = served or source == target or source in _reach(ahead, target)
        if not found[i]:
            ahead.setdefault(source, set()).add(target)
    return found


def _reach(ahead: dict[str, set[str]], start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for key in sorted(ahead.get(waiting.pop(), set()) - seen):
            seen.add(key)
            waiting.append(key)
    return seen


def stand(
    keys: list[str], forward: list[Edge], back: list[Edge], gaps: list[Edge]
) -> dict[str, int]:
    """Return each ring's column; what only leads back stands right of where it leads."""
    columns = dict.fromkeys(keys, 0)
    tied = {key for edge in forward for key in edge}
    first = [edge for edge in gaps if edge[1] in tied]
    for _ in keys:
        for source, target in forward + first:
            columns[target] = max(columns[target], columns[source] + 1)
    ends = {source: columns[target] + 1 for source, target in back if source != target}
    after = {target: source for source, target in gaps}
    for i, key in enumerate(keys):
        if key in after and key not in tied:
            columns[key] = columns[after[key]] + 1
        elif key not in tied and i and (key, keys[1]) not in gaps:
            columns[key] = max(columns[keys[i - 1]], ends.get(key, 0))
    return columns


def line_up(
    chain: Chain, keys: list[str], columns: dict[str, int], forward: list[Edge], back: list[Edge]
) -> dict[str, int]:
    """Return each ring's row, counted over all bands.

    A ring joins the row of its source when that stands last in it and nothing else would have to
    run through that row; else it opens a row of its own. Rows of a band stand in the order that
    crosses least.
    """
    sides = {c.key: c.side for c in chain.constructs}
    side = {m.key: sides[m.construct] for m in chain.measures}
    side |= {missing(key): s for key, s in sides.items()}
    rows: dict[str, int] = {}
    for band in BANDS:
        lines: list[list[str]] = []
        for key in sorted((k for k in keys if side[k] == band), key=lambda k: columns[k]):
            sources = [s for s, t in forward if t == key]
            _line(lines, key, sources, columns).append(key)
        for line in _ordered(lines, columns, forward, back):
            rows |= dict.fromkeys(line, len(set(rows.values())))
    for target, sources in crowds(columns, side, forward).items():
        rows |= centred(target, sources, columns, rows)
    return rows


def crowds(
    columns: Mapping[str, int], sides: Mapping[str, object], forward: Iterable[Edge]
) -> dict[str, list[str]]:
    """Return each ring that many arrows enter, all of one band and from the column before it."""
    into: dict[str, list[str]] = {}
    for source, target in forward:
        into.setdefault(target, []).append(source)
    return {
        target: sources
        for target, sources in into.items()
        if len(set(sources)) == len(sources) >= CROWD
        and {(columns[s], sides[s]) for s in sources} == {(columns[target] - 1, sides[target])}
    }


def centred(
    target: str, sources: list[str], columns: dict[str, int], rows: dict[str, int]
) -> dict[str, int]:
    """Return a row amid its sources for what many arrows enter and for what stands behind it."""
    moved = [k for k in rows if rows[k] == rows[target] and columns[k] >= columns[target]]
    places = {columns[k] for k in moved}
    taken = {rows[k] for k in rows if k not in moved and columns[k] in places}
    ordered = sorted(rows[s] for s in sources)
    middle = ordered[len(ordered) // 2]
    free = [row for row in ordered if row not in taken]
    return dict.fromkeys(moved, min(free, key=lambda row: abs(row - middle))) if free else {}


def _ordered(
    lines: list[list[str]], columns: dict[str, int], forward: list[Edge], back: list[Edge]
) -> list[list[str]]:
    if len(lines) > MANY:
        return lines
    return list(min(permutations(lines), key=lambda o: _crossings(o, columns, forward, back)))


def _crossings(
    lines: Iterable[list[str]],
    columns: dict[str, int],
    forward: list[Edge],
    back: list[Edge],
) -> int:
    """Return how badly an order crosses: drops over level arrows, ways back under rings."""
    row = {key: i for i, line in enumerate(lines) for key in line}
    last = max(row.values(), default=0) + 1
    level = [(a, b) for a, b in forward if a in row and row.get(b) == row[a]]
    cost = 0
    for source, target in forward:
        if source in row and row.get(target) != row[source]:
            bottom = row.get(target, last)
            cost += 3 * sum(
                row[source] < row[a] <= bottom and columns[a] <= columns[source] < columns[b]
                for a, b in level
            )
    for key in (end for edge in back for end in edge if end in row):
        cost += 2 * sum(columns[k] == columns[key] and row[k] > row[key] for k in row)
    return cost


def _line(
    lines: list[list[str]], key: str, sources: list[str], columns: dict[str, int]
) -> list[str]:
    for line in lines:
        last = line[-1]
        free = columns[last] < columns[key]
        if free and last in sources and all(columns[s] >= columns[last] for s in sources):
            return line
    lines.append([])
    return lines[-1]
