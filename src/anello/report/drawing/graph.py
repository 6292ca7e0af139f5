"""The chain as rings and arrows: who stands where, and which arrows lead back."""

from dataclasses import dataclass

from anello.model.chain import Measure

from ..numbers import whole
from ..reading import Pair, Reading, standard
from .icons import SIDES, style
from .intervals import written
from .order import BANDS, drawn, leading_back, line_up, missing, stand, unmeasured_edges


@dataclass(frozen=True, slots=True)
class Ring:
    """A measure, or a construct that nothing measures yet."""

    key: str
    name: str
    note: str
    side: str
    column: int
    row: int
    measured: bool = True


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link between two rings; sizes in standard deviations, `back` for the way back."""

    source: str
    target: str
    kind: str
    size: float | None
    between: float | None
    estimate: str
    interval: str
    lag: int = 0
    back: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Rings by column and row, arrows in the order of the chain, bands from top to bottom."""

    rings: tuple[Ring, ...]
    arrows: tuple[Arrow, ...]
    bands: tuple[str, ...]


def graph(reading: Reading) -> Graph:
    """Return the rings and arrows of a release.

    A column is the longest way from the start of the chain. A link from those who are served to
    those who serve, or one that would close a circle, leads back.
    """
    chain, pairs = reading.chain, reading.pairs
    keys = drawn(chain, pairs)
    back = leading_back(chain, pairs)
    forward = [(p.link.source, p.link.target) for p, b in zip(pairs, back, strict=True) if not b]
    ways = [(p.link.source, p.link.target) for p, b in zip(pairs, back, strict=True) if b]
    gaps = unmeasured_edges(chain, keys, forward, ways)
    columns = stand(keys, forward, ways, gaps)
    rows = line_up(chain, keys, columns, forward + gaps, ways)
    rings = tuple(_ring(reading, key, columns[key], rows[key]) for key in keys)
    arrows = [_arrow(reading, p, b) for p, b in zip(pairs, back, strict=True)]
    arrows += [
        Arrow(a, b, "none", None, None, reading.say("no data"), "") for a, b in gaps
    ]  # fmt: skip
    used = {ring.side for ring in rings}
    return Graph(rings, tuple(arrows), tuple(SIDES[s] for s in BANDS if SIDES[s] in used))


def _ring(reading: Reading, key: str, column: int, row: int) -> Ring:
    for measure in reading.chain.measures:
        if measure.key == key:
            name, side = measure.label.get(reading.language), reading.chain.side(key)
            return Ring(key, name, _note(reading, measure), SIDES[side], column, row)
    construct = next(c for c in reading.chain.constructs if missing(c.key) == key)
    name, note = construct.label.get(reading.language), reading.say("not measured")
    return Ring(key, name, note, SIDES[construct.side], column, row, measured=False)


def _note(reading: Reading, measure: Measure) -> str:
    if not measure.higher_is_better:
        return reading.say("less is better")
    construct = reading.chain.construct(measure.construct).label
    return "" if construct == measure.label else construct.get(reading.language)


def _arrow(reading: Reading, pair: Pair, back: bool) -> Arrow:
    shown, kind = pair.shown, style(pair.verdict)
    size, between = standard(shown), standard(pair.between)
    estimate, interval = written(reading, shown)
    if size is None:
        kind = "none" if shown is None else kind
        estimate, interval = reading.say("no data"), ""
    beside = []
    if shown is not None and size:
        beside = [interval, f"n {whole(shown.units, reading.language)}"]
        beside += [f"+{pair.link.lag}"] if pair.link.lag else []
    return Arrow(
        pair.link.source, pair.link.target, kind, size[0] if size else None,
        between[0] if between and shown is not pair.between else None,
        estimate, " ".join(part for part in beside if part), pair.link.lag, back,
    )  # fmt: skip
