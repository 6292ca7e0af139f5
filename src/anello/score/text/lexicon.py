"""Sentiment from words: praise and complaint, turned by what stands before them.

An own list of words and four rules; nothing is learned from anybody's comments. What the rules
get wrong is measured in `docs/reference/comments.md`.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .entries import Entries, entries
from .tokens import END, tokens

STRENGTH = {"strong": 3.0, "plain": 2.0, "weak": 1.0}
REACH = 3
"""How many words before a praising or complaining word may turn it."""

TURNED = {True: -0.75, False: -0.5}
"""What a negation makes of praise ("not good") and of a complaint ("not slow")."""

MORE, LESS, AFTER_BUT, BEFORE_BUT = 1.4, 0.6, 1.5, 0.7


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, or of both."""

    value: Entries[float]
    nots: frozenset[str]
    buts: frozenset[str]
    scale: Entries[float]


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of `en` or `it`; of both for any other language."""
    listed = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text("utf-8"))
    parts = [listed[language]] if language in listed else list(listed.values())
    value = [
        (word, sign * STRENGTH[strength])
        for part in parts
        for side, sign in (("praise", 1.0), ("complaint", -1.0))
        for strength, words in part[side].items()
        for word in words.split()
    ]
    scale = [
        (w, f) for p in parts for k, f in (("more", MORE), ("less", LESS)) for w in p[k].split()
    ]
    return Lexicon(
        entries(value),
        frozenset(w for p in parts for w in p["not"].split()),
        frozenset(w for p in parts for w in p["but"].split()),
        entries(scale),
    )


def sentiment(text: str, language: str) -> float:
    """Return the sentiment of a comment in [-1, 1]; 0 when no word of the lists stands in it.

    (P - N) / (P + N + 1), where P and N add up praise and complaint. A negation up to three words
    before, inside the clause, turns a word; an amplifier just before makes it count more; after
    "but" everything counts more and before it less.

    >>> [round(sentiment(t, "it"), 2) for t in ("Non è lento", "È lento", "Personale gentile")]
    [0.5, -0.67, 0.67]
    >>> sentiment("not good", "en") < 0 < sentiment("not bad at all", "en")
    True
    """
    found = values(tokens(text), lexicon(language))
    praise = sum(v for v in found if v > 0)
    complaint = -sum(v for v in found if v < 0)
    return (praise - complaint) / (praise + complaint + 1.0)


def values(words: Sequence[str], lexicon: Lexicon) -> list[float]:
    """Return the value of each praising or complaining word or phrase, in order."""
    buts = [i for i, word in enumerate(words) if word in lexicon.buts]
    found, i = [], 0
    while i < len(words):
        hit = lexicon.value.at(words, i)
        if hit is None:
            i += 1
            continue
        size, value = hit
        found.append(_turned(value, words[:i], lexicon) * _weight(i, buts))
        i += size
    return found


def _turned(value: float, before: Sequence[str], lexicon: Lexicon) -> float:
    clause: list[str] = []
    for word in reversed(before[-REACH:]):
        if word == END or word in lexicon.buts:
            break
        clause.append(word)
    for word in clause[:2]:
        hit = lexicon.scale.at([word], 0)
        if hit is not None:
            value *= hit[1]
            break
    nots = sum(word in lexicon.nots for word in clause)
    return value * TURNED[value > 0] if nots else value


def _weight(i: int, buts: Sequence[int]) -> float:
    if not buts:
        return 1.0
    return AFTER_BUT if i > buts[-1] else BEFORE_BUT
