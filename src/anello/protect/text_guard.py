"""What would give a person away in a text is masked: names, addresses, numbers.

Nothing here makes a text anonymous. Style, events and rare words tell a colleague who wrote it;
that is why staff comments leave only as counts of groups. The mask is the second lock, not the
first. What it finds and misses is measured in `docs/reference/comments.md`.
"""

import re
import unicodedata
from functools import cache

from .text_names import name_spans

PASSES = 8
LABELS = {
    "en": {
        "mail": "e-mail", "web": "address", "iban": "IBAN", "tax": "tax code", "plate": "plate",
        "date": "date", "number": "number", "name": "name",
    },
    "it": {
        "mail": "e-mail", "web": "indirizzo", "iban": "IBAN", "tax": "codice fiscale",
        "plate": "targa", "date": "data", "number": "numero", "name": "nome",
    },
}  # fmt: skip
_SWAPPED = "[0-9LMNPQRSTUV]"
"""In an Italian tax code a digit may be written as one of these letters (DM 345/2004)."""

_SIGNS = (
    ("mail", r"[^\s@<>\[\]()]{1,64}\s?(?:@|\(at\)|\[at\]|\bchiocciola\b)\s?[^\s@<>\[\]]{1,250}"),
    ("web", r"(?:https?://|www\.)[^\s\[\]]{1,500}"),
    ("name", r"(?<!\w)@\w{1,50}"),
    ("iban", r"\b[A-Z]{2}[ -]?\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b"),
    (
        "tax",
        rf"\b[A-Z]{{3}}[ -]?[A-Z]{{3}}[ -]?{_SWAPPED}{{2}}[ -]?[A-EHLMPRST]{_SWAPPED}{{2}}"
        rf"[ -]?[A-Z]{_SWAPPED}{{3}}[ -]?[A-Z]\b",
    ),
    ("plate", r"\b[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}\b|\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"),
    ("date", r"\b\d{1,4}([/.-])\d{1,2}\1\d{1,4}\b"),
    ("number", r"\+?\(?\d(?:[\s./()\-]{0,3}\d){4,}"),
    ("number", r"[^\W\d]{0,12}\d{3,}\w{0,40}"),
)
_PATTERNS = tuple((kind, re.compile(p, re.IGNORECASE)) for kind, p in _SIGNS)


def mask(text: str, language: str = "en") -> str:
    """Return a text with what names a person replaced by its kind in square brackets.

    E-mail and web addresses, @names, IBANs, Italian tax codes, plates, dates, every number of three
    digits or more (also a phone number in parts), and names. Signs that nobody sees are removed
    first, so that they hide nothing. Any `str` is taken, nothing is raised, and a second call
    changes nothing. Capitals inside a sentence are taken for names, so places and brands go too.

    >>> mask("Maria Rossi on 333 123 4567 was rude to Mr Pratt")
    '[name] on [number] was rude to Mr [name]'
    >>> mask("Scrivetemi a ugo@acme.it, mi chiamo Ugo", "it")
    'Scrivetemi a [e-mail] mi chiamo [nome]'
    """
    labels = LABELS["it" if language == "it" else "en"]
    text = visible(text)
    for _ in range(PASSES):
        masked = _once(text, labels)
        if masked == text:
            break
        text = masked
    return text


def visible(text: str) -> str:
    """Return a text in composed letters and plain digits without control and direction marks."""
    text = unicodedata.normalize("NFKC", text)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return unicodedata.normalize("NFKC", "".join(kept))


def _once(text: str, labels: dict[str, str]) -> str:
    for kind, pattern in _PATTERNS:
        text = pattern.sub(_bracketed(labels[kind]), text)
    parts, at = [], 0
    for start, end in name_spans(text):
        parts += [text[at:start], f"[{labels['name']}]"]
        at = end
    return "".join([*parts, text[at:]])


@cache
def _bracketed(label: str) -> str:
    return f"[{label}]"
