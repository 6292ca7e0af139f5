"""How comments leave, where a promise lets them leave at all: masked, shuffled, undated, not few.

The author sees beforehand the very text that others would see.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from anello.model.disclosure import Disclosure
from anello.model.errors import RefusedError

from .text_guard import LABELS, mask


@dataclass(frozen=True, slots=True)
class Preview:
    """A comment as others would read it, and how often what was masked in it, by its label."""

    text: str
    masked: tuple[tuple[str, int], ...]


def preview(text: str, language: str = "en") -> Preview:
    """Return what the author is shown before sending.

    What stands in brackets already is not counted as masked; style and events are not hidden, and
    the page says so beside the preview.

    >>> preview("Maria called 333 123 4567 twice")
    Preview(text='[name] called [number] twice', masked=(('name', 1), ('number', 1)))
    """
    shown = mask(text, language)
    found = Counter[str]()
    for label in set(LABELS["it" if language == "it" else "en"].values()):
        found[label] = shown.count(f"[{label}]") - text.count(f"[{label}]")
    return Preview(shown, tuple(sorted((k, n) for k, n in found.items() if n > 0)))


def leaving(
    comments: Sequence[str], disclosure: Disclosure, language: str = "en"
) -> tuple[str, ...]:
    """Return the comments of one group as they may be read: masked, in no order, with no date.

    One comment a person is expected; empty ones count for nothing. Raises `RefusedError` under
    the floor for comments, so that nobody reads the words of a few.
    """
    shown = [mask(c, language).strip() for c in comments]
    kept = [c for c in shown if c]
    least = max(disclosure.k, disclosure.comments)
    if len(kept) < least:
        raise RefusedError("Fewer than {least} people wrote; their words stay unread.", least=least)
    secrets.SystemRandom().shuffle(kept)
    return tuple(kept)
