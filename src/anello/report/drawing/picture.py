"""The chain as a picture, the same chain as a list for narrow screens, and pictures as files."""

import re
from html import escape

from markupsafe import Markup

from anello.model.chain import Side
from anello.model.evidence import Level

from ..headline import headline
from ..reading import Pair, Reading, standard
from ..sentences import heading, word
from ..style import stylesheet
from .graph import Graph, graph
from .icons import SIDE_WORDS, SIDES, icon, icon_at, style, text, titled
from .intervals import half, written
from .labels import WIDE, Box, Label, Name, overlap
from .layout import Layout, layout, rightmost
from .legend import HIGH, LEFT, LOW, TOP, legend
from .paths import Path, R, thickness


def picture(reading: Reading) -> Markup:
    """Return the chain as one picture with its legend: upper right when free, else below."""
    drawn = graph(reading)
    found, (x, y), height = arranged(drawn)
    body = _bands(reading, found, LEFT if y == TOP else WIDE)
    body += "".join(_path(p) for p in found.paths)
    body += "".join(_label(label) for label in found.labels)
    body += "".join(_name(name, found.bows.get(name.ring.key)) for name in found.names)
    body += legend(reading, x, y, beside=y > TOP)
    box = f"0 0 {WIDE:.0f} {height:.0f}"
    return Markup(titled("chain", headline(reading), described(reading, drawn), box, "chain", body))


def arranged(drawn: Graph) -> tuple[Layout, tuple[float, float], float]:
    """Return the layout, where its legend stands, and the height of both."""
    found = layout(drawn)
    room: Box = (LEFT, 0.0, WIDE, TOP + HIGH)
    if not any(overlap(room, box) for box in rightmost(found)):
        return found, (LEFT + 16, TOP), max(found.height, TOP + HIGH)
    found = layout(drawn, stretch=True)
    return found, (8.0, found.height + 16), found.height + 16 + LOW


def described(reading: Reading, drawn: Graph) -> str:
    """Return what a screen reader says of the picture; the numbers are in the table."""
    rings = reading.say_n("{n} ring", "{n} rings", len(drawn.rings))
    arrows = reading.say_n("{n} arrow", "{n} arrows", len(drawn.arrows))
    return reading.say(
        "{rings} from left to right in bands by side, {arrows} between them. "
        "The table below the picture gives the same figures.",
        rings=rings, arrows=arrows,
    )  # fmt: skip


def _bands(reading: Reading, found: Layout, end: float) -> str:
    words = {SIDES[side]: SIDE_WORDS[side] for side in Side}
    out = []
    for i, (side, y) in enumerate(found.bands):
        stop = end if y < HIGH else WIDE
        line = f'<path class="band" d="M0 {y:.0f}H{stop:.0f}"/>' if i else ""
        mark = icon_at(side, 4, y + 10, 15) + text(reading.say(words[side]), 25, y + 22, "side")
        out.append(f'{line}<g class="lane side-{side}">{mark}</g>')
    return "".join(out)


def _path(path: Path) -> str:
    arrow, out = path.arrow, ""
    if arrow.between is not None:
        wide = thickness(arrow.between)
        out += f'<path class="between {arrow.kind}" d="{path.line}" stroke-width="{wide:.2f}"/>'
    wide = thickness(arrow.size)
    out += f'<path class="stroke {arrow.kind}" d="{path.line}" stroke-width="{wide:.2f}"/>'
    return out + f'<path class="tip {arrow.kind}" d="{path.tip}"/>'


def _label(label: Label) -> str:
    arrow = label.arrow
    mark = ""
    shift = 0.0
    if arrow.kind != "none":
        left = label.x - (len(arrow.estimate) * 7.6 + 18) / 2
        mark = f'<g class="{arrow.kind}">{icon_at(arrow.kind, left, label.up - 12, 15)}</g>'
        shift = 9.0
    out = text(arrow.estimate, label.x + shift, label.up, "est") + mark
    if arrow.interval:
        out += text(arrow.interval, label.x, label.down, "int")
    return f'<g class="lab">{out}</g>'


def _name(name: Name, bow: str | None) -> str:
    ring, (x, y) = name.ring, name.at
    noted = 1 if ring.note else 0
    lines = ""
    for i, line in enumerate(name.lines):
        kind = "note" if noted and i == len(name.lines) - 1 else "name"
        lines += text(line, x, name.box[1] + 13 + 15.5 * i, kind)
    missing = "" if ring.measured else " missing"
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{R:.0f}"/>'
    if bow:
        circle += f'<path d="{bow}" fill="none" stroke="currentColor" stroke-width="2.5"/>'
    return (
        f'<g class="node side-{ring.side}{missing}">{circle}'
        f"{icon_at(ring.side, x - 9, y - 9, 18)}{lines}</g>"
    )


def listed(reading: Reading) -> Markup:
    """Return the chain as a vertical list: one link a row, same line, icon and word."""
    rows = "".join(_item(reading, pair) for pair in reading.pairs)
    return Markup(f"<ol>{rows}{_gaps(reading)}</ol>")


def _gaps(reading: Reading) -> str:
    drawn = graph(reading)
    rings = {ring.key: ring for ring in drawn.rings}
    out = ""
    for arrow in drawn.arrows:
        ends = rings[arrow.source], rings[arrow.target]
        if all(ring.measured for ring in ends):
            continue
        source, target = (escape(ring.name) for ring in ends)
        said = f'<span class="meta">{escape(reading.say("no data"))}</span>'
        out += (
            f'<li>{_line("none", ends[0].side, None, None)}<div class="a">{source}</div>'
            f'<div class="m">{said}</div><div class="z">{target}</div></li>'
        )
    return out


def _item(reading: Reading, pair: Pair) -> str:
    kind, shown = style(pair.verdict), pair.shown
    size, between = standard(shown), standard(pair.between)
    said = f'<span class="meta">{escape(reading.say("no data"))}</span>'
    if shown is not None and size:
        estimate, interval = written(reading, shown)
        count = f"{heading(reading, shown.level)} · {reading.units(shown.units)}"
        said = f'<b>{estimate}</b> {interval}<span class="meta">{escape(count)}</span>'
    chip = f'<span class="v {kind}">{icon(kind)}{escape(word(reading, pair.verdict))}</span>'
    side = SIDES[reading.chain.side(pair.link.source)]
    band = between[0] if between and shown is not pair.between else None
    source, target = reading.title(pair.link).split(" → ", 1)
    return (
        f"<li>{_line(kind, side, size[0] if size else None, band)}"
        f'<div class="a">{escape(source)}</div><div class="m">{said}{chip}</div>'
        f'<div class="z">{escape(target)}</div></li>'
    )


def _line(kind: str, side: str, size: float | None, between: float | None) -> str:
    band = ""
    if between is not None:
        wide = thickness(between)
        band = f'<path d="M15 24V84" stroke="var(--c)" opacity=".22" stroke-width="{wide:.1f}"/>'
    core = f'<path class="stroke {kind}" d="M15 24V88" stroke-width="{thickness(size):.1f}"/>'
    return (
        f'<svg class="t {kind}" viewBox="0 0 30 118" aria-hidden="true" '
        f'preserveAspectRatio="xMidYMin meet">{band}{core}<path fill="var(--c)" '
        f'd="M15 101l-7-13h14z"/><circle cx="15" cy="13" r="9" class="side-{side}" fill="none" '
        'stroke="currentColor" stroke-width="2.5"/></svg>'
    )


def figures(reading: Reading) -> dict[str, bytes]:
    """Return every picture as a file of its own that carries its styles, light."""
    found = {f"figures/chain.{reading.language}.svg": alone(str(picture(reading)))}
    for i, pair in enumerate(reading.pairs, 1):
        name = re.sub(r"[^a-z0-9]+", "-", f"{pair.link.source} {pair.link.target}".lower())
        drawing = _intervals(reading, pair)
        if drawing:
            file = f"figures/link-{i:02d}-{name.strip('-')}.{reading.language}.svg"
            found[file] = alone(drawing)
    return found


def _intervals(reading: Reading, pair: Pair) -> str:
    halves = [(level, half(reading, pair, level, level.value)) for level in Level]
    if not any(drawing for _, drawing in halves):
        return ""
    body = ""
    for i, (level, drawing) in enumerate(halves):
        x = 12 + 268 * i
        body += text(heading(reading, level), x, 20, "head")
        empty = text(reading.say("no data"), x, 70, "tick")
        sized = drawing.replace("<svg ", f'<svg x="{x}" y="28" width="250" height="78" ', 1)
        body += sized or empty
    title = reading.title(pair.link)
    return titled("pair", title, title, "0 0 542 116", "ip", body)


def alone(svg: str) -> bytes:
    """Return a picture that needs no page: light styles inside, a ground of its own."""
    css = light(stylesheet("tokens.css", "picture.css"))
    ground = "<rect width='100%' height='100%' fill='var(--bg)'/>"
    head, rest = svg.split("</desc>", 1)
    return f"{head}</desc><style>{css}</style>{ground}{rest}\n".encode()


def light(css: str) -> str:
    """Return a style sheet without its rules for screens and darkness.

    >>> light("a { x: 1; }@media screen { a { x: 2; } }b { x: 3; }")
    'a { x: 1; }b { x: 3; }'
    """
    return re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)
