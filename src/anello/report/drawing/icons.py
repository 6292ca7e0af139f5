"""The small marks of a page: a verdict is colour, line, icon and word, and so is a side."""

from html import escape

from markupsafe import Markup

from anello.model.chain import Side
from anello.model.evidence import BLOCK, PASS, WARN, Verdict

SHAPES = {
    "holds": '<path d="M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1.3 13.3L4.7 10.3l1.6-1.6 2.4 2.4 '
    '5-5 1.6 1.6z"/>',
    "breaks": '<path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3zM6.9 5.3 5.3 6.9 8.4 10l-3.1 '
    '3.1 1.6 1.6 3.1-3.1 3.1 3.1 1.6-1.6-3.1-3.1 3.1-3.1-1.6-1.6L10 8.4z"/>',
    "yet": '<path d="M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 '
    '0-13.6z"/><circle cx="6.7" cy="10" r="1.35"/><circle cx="10" cy="10" r="1.35"/>'
    '<circle cx="13.3" cy="10" r="1.35"/>',
    "way": '<path d="M2 2h16v16H2zm2.2 2.2v11.6h11.6V4.2z"/>'
    '<path d="m5.3 13.2 7.9-7.9 1.5 1.5-7.9 7.9z"/>',
    "emp": '<circle cx="10" cy="6" r="3.4"/><path d="M3.4 17.2c.4-4 3-6 6.6-6s6.2 2 6.6 6z"/>',
    "ops": '<path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zm0 2.4a6.1 6.1 0 1 1 0 12.2 6.1 '
    '6.1 0 0 1 0-12.2z"/><path d="M9 5.4h2v4.2l2.9 2-1.1 1.6L9 10.6z"/>',
    "cus": '<path d="M3 3.5h14a1.5 1.5 0 0 1 1.5 1.5v7.5a1.5 1.5 0 0 1-1.5 1.5h-7l-4.5 '
    '4v-4H3a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 3 3.5z"/>',
    "mon": '<path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zm0 2.4a6.1 6.1 0 1 1 0 12.2 6.1 '
    '6.1 0 0 1 0-12.2z"/><path d="M7 8h6v1.5H7zm0 2.7h6v1.5H7z"/>',
    "warn": '<path d="M10 1.8 19 18H1zm-1 5.7v5h2v-5zm0 6.3v2h2v-2z"/>',
    "ok": '<path d="m7.8 16-5.3-5.3 1.7-1.7 3.6 3.6L15.8 4.6l1.7 1.7z"/>',
    "stop": '<path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3zM5 9v2h10V9z"/>',
}

CLASSES = {
    Verdict.HOLDS: "holds",
    Verdict.GOES_TOGETHER: "holds",
    Verdict.BREAKS: "breaks",
    Verdict.CANNOT_TELL_YET: "yet",
    Verdict.CANNOT_BE_TOLD: "way",
    Verdict.DESCRIBED_ONLY: "way",
}
SIDES = {Side.EMPLOYEE: "emp", Side.OPERATIONS: "ops", Side.CUSTOMER: "cus", Side.MONEY: "mon"}
SIDE_WORDS = {
    Side.EMPLOYEE: "Staff",
    Side.OPERATIONS: "Operations",
    Side.CUSTOMER: "Customers",
    Side.MONEY: "Money",
}
CHECKS = {PASS: "ok", WARN: "warn", BLOCK: "stop"}


def style(verdict: Verdict | None) -> str:
    """Return the class that carries a verdict's colour and dash; None is "no data"."""
    return CLASSES[verdict] if verdict is not None else "none"


def icon(name: str) -> Markup:
    """Return an icon to stand before a word, which is why it is hidden from screen readers."""
    shape = SHAPES.get(name, "")
    return Markup(
        f'<svg class="i" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">{shape}</svg>'
    )


def icon_at(name: str, x: float, y: float, size: float) -> str:
    """Return an icon inside a picture, its upper left corner at (x, y)."""
    if name not in SHAPES:
        return ""
    return (
        f'<svg class="ic" x="{x:.1f}" y="{y:.1f}" width="{size}" height="{size}" '
        f'viewBox="0 0 20 20">{SHAPES[name]}</svg>'
    )


def text(content: str, x: float, y: float, kind: str) -> str:
    """Return a line of text in a picture, escaped."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(content)}</text>'


def titled(key: str, title: str, desc: str, box: str, kind: str, body: str) -> str:
    """Return a picture that a screen reader can announce: its title and its description."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="{box}" role="img" '
        f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(desc)}</desc>{body}</svg>'
    )
