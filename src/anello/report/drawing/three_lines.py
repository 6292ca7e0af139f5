"""Three lines on one scale: own data alone, the literature alone, both together."""

from anello.model.published import BorrowedLine, BorrowedLines

from ..numbers import fixed
from ..reading import Reading
from .icons import style, text, titled

LEFT, RIGHT, WIDE = 14.0, 322.0, 336
REACHES = (0.4, 0.6, 0.8, 1.0)
NAMES = ("Your data alone", "The literature alone", "Together")


def three_lines(reading: Reading, lines: BorrowedLines, key: str, title: str) -> str:
    """Return the picture of three intervals of a correlation, each with its figures above it.

    Own data and both together wear the colour of the verdict that each would have by itself.
    """
    rows = (lines.alone, lines.literature, lines.together)
    reach = next(r for r in REACHES if r >= _farthest(rows) or r == REACHES[-1])
    body = f'<path class="zero" d="M{_x(0.0, reach):.1f} 8V142"/>'
    body += f'<path class="axis" d="M{LEFT} 142.5H{RIGHT}"/>'
    for value in (-reach / 2, 0.0, reach / 2):
        said = fixed(value, 1, reading.language, sign=True)
        body += f'<text class="tick" x="{_x(value, reach):.1f}" y="157">{said}</text>'
    kinds = (style(lines.alone.verdict), "plain", style(lines.together.verdict))
    for i, (line, kind) in enumerate(zip(rows, kinds, strict=True)):
        body += f'<g class="{kind}">{_row(reading, line, i, reach)}</g>'
    desc = "; ".join(
        f"{reading.say(name)}: {_written(reading, line)}"
        for name, line in zip(NAMES, rows, strict=True)
    )
    return titled(key, title, desc, f"0 0 {WIDE} 162", "ip lines", body)


def _row(reading: Reading, line: BorrowedLine, i: int, reach: float) -> str:
    y = 14 + 44 * i
    low, high = _x(line.low, reach), _x(line.high, reach)
    return (
        text(reading.say(NAMES[i]), LEFT, y, "head")
        + text(_written(reading, line), RIGHT, y, "val last")
        + f'<path class="ci" d="M{low:.1f} {y + 15}H{high:.1f}"/>'
        + f'<circle class="pt" cx="{_x(line.r, reach):.1f}" cy="{y + 15}" r="6.5"/>'
    )


def _written(reading: Reading, line: BorrowedLine) -> str:
    return (
        f"{fixed(line.r, 2, reading.language, sign=True)} {reading.interval(line.low, line.high)}"
    )


def _farthest(rows: tuple[BorrowedLine, ...]) -> float:
    return max(abs(x) for line in rows for x in (line.low, line.high, line.r))


def _x(value: float, reach: float) -> float:
    inside = max(-reach, min(reach, value))
    return (LEFT + RIGHT) / 2 + inside / reach * (RIGHT - LEFT) / 2
