"""How to read the chain's picture: every line, icon and word that can stand in it."""

from anello.model.evidence import Verdict

from ..numbers import fixed
from ..reading import Reading
from .icons import icon_at, text

LEFT, TOP, HIGH, LOW = 728.0, 24.0, 262.0, 160.0
KINDS = (
    ("holds", "Go together", "they move together, by enough to act on"),
    ("breaks", "Breaks", "smaller than worth acting on, or the wrong way"),
    ("yet", "Cannot tell yet", "both nothing and enough would fit"),
    ("way", "Cannot be told this way", "nothing could be followed"),
    ("none", "No data", "measure it next"),
)

DESCRIBED = ("way", "Described only", "too few for a verdict")


def legend(reading: Reading, x: float, y: float, *, beside: bool = False) -> str:
    """Return the legend with its upper left corner at (x, y); `beside` sets it in two columns."""
    out = text(reading.say("How to read the picture"), x, y + 12, "lh")
    for i, (kind, word, hint) in enumerate(_kinds(reading)):
        out += _kind(reading, kind, word, hint, x, y + 34 + 25 * i)
    below = y + 34 + 25 * len(KINDS) - 8
    if not beside:
        out += f'<path class="ruler" d="M{x:.0f} {below:.0f}h440"/>'
    left, top = (x + 560, y + 12) if beside else (x, below)
    out += _bands(reading, left, top + 26) + _sizes(reading, left, top + 64)
    out += text(_count(reading), left + 92, top + 92, "lt")
    return f'<g class="key">{out}</g>'


def _count(reading: Reading) -> str:
    said = reading.say("n: {units}", units=reading.unit(2))
    if not any(pair.link.lag for pair in reading.pairs):
        return said
    return said + "; " + reading.say("+1: {waves} later", waves=reading.waves(1))


def _kinds(reading: Reading) -> list[tuple[str, str, str]]:
    """Return what each line stands for; dots are also worn by what too few units can only show."""
    worn = {pair.verdict for pair in reading.pairs}
    few = Verdict.DESCRIBED_ONLY in worn and Verdict.CANNOT_BE_TOLD not in worn
    return [DESCRIBED if few and kind[0] == "way" else kind for kind in KINDS]


def _kind(reading: Reading, kind: str, word: str, hint: str, x: float, y: float) -> str:
    line = f'<path class="stroke {kind}" d="M{x:.0f} {y:.0f}h52" stroke-width="4"/>'
    mark = f'<g class="{kind}">{icon_at(kind, x + 64, y - 8, 16)}</g>'
    said = (
        f'<text class="lt" x="{x + 92:.0f}" y="{y + 5:.0f}"><tspan>{reading.say(word)}</tspan> '
        f"{reading.say(hint)}</text>"
    )
    return f"{line}{mark}{said}"


def _bands(reading: Reading, x: float, y: float) -> str:
    band = f'<path class="between holds" d="M{x:.0f} {y:.0f}h52" stroke-width="13"/>'
    core = f'<path class="stroke holds" d="M{x:.0f} {y:.0f}h52" stroke-width="3"/>'
    unit, units = reading.unit(1), reading.unit(2)
    said = text(reading.say("Line: inside each {unit}, over time", unit=unit), x + 92, y - 3, "lt")
    said += text(reading.say("Pale band: between {units}", units=units), x + 92, y + 15, "lt")
    return band + core + said


def _sizes(reading: Reading, x: float, y: float) -> str:
    lines = "".join(
        f'<path d="M{x + 18 * i:.0f} {y:.0f}h14" stroke="var(--ink)" stroke-width="{18 * size}"/>'
        for i, size in enumerate((0.1, 0.3, 0.6))
    )
    sizes = "; ".join(fixed(size, 1, reading.language) for size in (0.1, 0.3, 0.6))
    said = reading.say("Thickness: {sizes} standard deviations", sizes=sizes)
    return lines + text(said, x + 92, y + 5, "lt")
