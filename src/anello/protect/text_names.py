"""Where a text names a person: an own list of names, titles, and capitals inside a sentence."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BRACKETED = re.compile(r"\[[^\[\]\n]{1,20}\]")
_STARTS = re.compile(r"(?:^|[.!?…:;\n\"“«(•*\-–]|\bp\.?s\.?)\s*$", re.IGNORECASE)
_ELIDED = re.compile(r"^(?:l|d|c|un|all|dell|dall|sull|nell|quell|sant|o)['’]", re.IGNORECASE)
_ACCENTS = str.maketrans("àáâäèéêëìíîïòóôöùúûüñç", "aaaaeeeeiiiioooouuuunc")
PARTICLES = frozenset(
    ("de", "di", "del", "della", "lo", "la", "van", "von", "da", "mac", "mc", "bin", "al")
)
LOUD = 0.6
"""Above this share of capitals a text is shouted, and a capital says nothing."""


@dataclass(frozen=True)
class Names:
    """The lists, in small letters without accents."""

    first: frozenset[str]
    last: frozenset[str]
    double: frozenset[str]
    capital: frozenset[str]
    title: frozenset[str]
    called: frozenset[str]
    verb: frozenset[str]


@cache
def names() -> Names:
    """Return the lists of names."""
    listed = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
    sets = {key: frozenset(words.split()) for key, words in listed.items()}
    return Names(**sets)


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    first: bool
    key: str
    bare: str
    large: bool


def _word(start: int, text: str, first: bool) -> _Word:
    """Return a word with what is asked of it: `bare` has no article, `large` begins as a name."""
    key = text.casefold().replace("’", "'").translate(_ACCENTS)
    told, bare = text, key
    if "'" in key:
        told, bare = _ELIDED.sub("", text), _ELIDED.sub("", key)
    large = told[:1].isupper() and (len(told) == 1 or not told.isupper() or len(told) > 5)
    return _Word(start, start + len(text), text, first, key, bare, large)


def name_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of every name in a text, in order, none inside square brackets."""
    words = _words(text)
    letters = [c for c in text if c.isalpha()]
    loud = sum(c.isupper() for c in letters) > LOUD * max(len(letters), 1) and len(letters) > 12
    marked = [_is_name(words, i, loud) for i in range(len(words))]
    for i in range(1, len(words)):
        marked[i] = marked[i] or (marked[i - 1] and _goes_on(words[i - 1], words[i], text, loud))
    return _joined(words, marked, text)


def _words(text: str) -> list[_Word]:
    masked = [m.span() for m in _BRACKETED.finditer(text)]
    found, at = [], 0
    for match in _WORD.finditer(text):
        start = match.start()
        while at < len(masked) and masked[at][1] <= start:
            at += 1
        if at < len(masked) and masked[at][0] <= start:
            continue
        begins = _STARTS.search(text[max(0, start - 12) : start]) is not None if start else True
        found.append(_word(start, match[0], begins))
    return found


def _is_name(words: list[_Word], i: int, loud: bool) -> bool:
    word, known = words[i], names()
    key = word.key if word.key in known.last else word.bare
    before = words[i - 1].bare.rstrip("'") if i else ""
    if len(key) < 2:
        return False
    if (
        (before in known.title or before in known.called)
        and word.large
        and key not in known.capital
    ):
        return True
    if key in known.first | known.last and key not in known.double:
        return key in known.first or word.large or loud
    if loud or not word.large or key in known.capital or word.key in known.capital:
        return False
    if not word.first:
        return True
    return key in known.double and i + 1 < len(words) and _follows_a_name(words[i + 1])


def _follows_a_name(word: _Word) -> bool:
    """Return whether a word that opens a sentence, and could be a name, is one."""
    return not word.first and (word.large or word.key in names().verb)


def _goes_on(before: _Word, word: _Word, text: str, loud: bool) -> bool:
    """Return whether a word is the family name of the name before it."""
    if not re.fullmatch(r"[ \t]{1,2}|-", text[before.end : word.start]):
        return False
    if word.key in PARTICLES:
        return word.text[:1].isupper() and not loud
    key = word.key
    return (word.large and key not in names().capital and not loud) or key in names().last


def _joined(words: list[_Word], marked: list[bool], text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for word, mark in zip(words, marked, strict=True):
        if not mark:
            continue
        cut = word.key not in names().last and word.bare != word.key
        start = word.end - len(_ELIDED.sub("", word.text)) if cut else word.start
        if spans and re.fullmatch(r"[ \t]{1,2}|-", text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((start, word.end))
    return spans
