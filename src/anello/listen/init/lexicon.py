"""Words by which columns are recognised, in English and Italian; a guess the user may correct."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...model.words import Words


@dataclass(frozen=True)
class Noun:
    """What a unit or a wave is called, and the beginnings of words that give it away."""

    stems: tuple[str, ...]
    en: tuple[str, ...]
    it: tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """What a figure is about: its side, whether more is better, and its label."""

    stems: tuple[str, ...]
    side: str
    up: bool
    label: Words


def _nouns(entries: list[dict[str, Any]]) -> tuple[Noun, ...]:
    return tuple(Noun(tuple(e["stems"]), (*e["en"],), (*e["it"],)) for e in entries)


_LEXICON = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
UNITS = _nouns(_LEXICON["unit"])
WAVES = _nouns(_LEXICON["wave"])
LIVES = tuple(_LEXICON["life"]["stems"])
THEMES = tuple(
    Theme(tuple(e["stems"]), e["side"], e["up"], Words(e["en"], e["it"])) for e in _LEXICON["theme"]
)


def noun(column: str, nouns: tuple[Noun, ...]) -> Noun | None:
    """Return the noun that a column's name gives away.

    >>> noun("store_id", UNITS).it
    ('negozio', 'negozi')
    """
    return next((n for n in nouns if _begins(column, n.stems)), None)


def is_of_a_life(column: str) -> bool:
    """Return whether a column dates a person's life instead of a measurement.

    >>> is_of_a_life("hire_date"), is_of_a_life("data_assunzione"), is_of_a_life("date")
    (True, True, False)
    """
    return _begins(column, LIVES)


def theme(column: str) -> Theme | None:
    """Return what a column's name says it is about.

    >>> theme("monthly_sales").side, theme("leavers").up
    ('money', False)
    """
    return next((t for t in THEMES if _begins(column, t.stems)), None)


def _begins(column: str, stems: tuple[str, ...]) -> bool:
    spaced = re.sub(r"([a-z])([A-Z])", r"\1_\2", column).lower()
    words = re.sub(r"[\W_]+", "_", spaced)
    return any(f"_{stem}" in f"_{words}_" for stem in stems)
