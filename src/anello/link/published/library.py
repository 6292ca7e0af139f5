"""The register of published effects, read from `effects.toml` and `words.toml`.

Only what was read or recomputed is ever handed out, each effect with its mark; what somebody
remembers (status M) may stand in the file as a reminder and stays there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anello.model.errors import ModelError
from anello.model.words import Words

from .effect import SHOWN, Answer, Effect, Meaning, Question

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Library:
    """Effects that may be shown, the constructs they speak of, and the words to tell them with.

    `words` maps a table (`metrics`, `levels`, `marks`, `nouns`) and a key to its label.
    """

    effects: tuple[Effect, ...]
    meanings: tuple[Meaning, ...]
    questions: tuple[Question, ...]
    words: Mapping[tuple[str, str], Words]

    def effect(self, key: str) -> Effect:
        """Return the effect with this key; `ModelError` if there is none to show."""
        for effect in self.effects:
            if effect.key == key:
                return effect
        raise ModelError("There is no published effect {key!r} to show.", key=key)

    def meaning(self, key: str) -> Meaning:
        """Return the construct of the register with this key."""
        return next(m for m in self.meanings if m.key == key)

    def recognised(self, key: str, side: str | None = None) -> dict[str, int]:
        """Return the register's constructs that a chain's construct stands for: key -> +1 or -1.

        `side` is `employee`, `operations`, `customer` or `money`; "satisfaction" is one thing of
        staff and another of customers.
        """
        fits = {m.key: m.fits(key.lower(), side) for m in self.meanings}
        return {name: sign for name, sign in fits.items() if sign}

    def between(self, source: str, target: str) -> tuple[Effect, ...]:
        """Return the effects from one construct of the register to another."""
        return tuple(e for e in self.effects if (e.source, e.target) == (source, target))


@cache
def library() -> Library:
    """Return the register that comes with the product.

    >>> found = library()
    >>> found.effect("otto").value, {e.status for e in found.effects} <= {"V", "V2", "R"}
    (0.101, True)
    """
    return read_library(HERE / "effects.toml", HERE / "words.toml")


def read_library(effects: Path, words: Path) -> Library:
    """Read a register; effects of any status but V, V2 and R are left in the file."""
    told = tomllib.loads(words.read_text("utf-8"))
    rows = tomllib.loads(effects.read_text("utf-8"))["effects"]
    tables = ("metrics", "levels", "marks", "nouns")
    return Library(
        effects=tuple(_effect(row) for row in rows if row["status"] in SHOWN),
        meanings=tuple(_meaning(row) for row in told["constructs"]),
        questions=tuple(_question(row) for row in told["questions"]),
        words={(t, key): Words(**pair) for t in tables for key, pair in told[t].items()},
    )


def _effect(row: dict[str, Any]) -> Effect:
    plain = {key: value for key, value in row.items() if key not in ("note", "range")}
    numbers = ("value", "low", "high", "tau", "se")
    plain |= {key: float(plain[key]) for key in numbers if key in plain}
    return Effect(**plain, spans=row.get("range", False), note=Words(**row["note"]))


def _meaning(row: dict[str, Any]) -> Meaning:
    names, opposite = tuple(row["names"]), tuple(row.get("opposite", ()))
    return Meaning(row["key"], row["side"], Words(**row["label"]), names, opposite)


def _question(row: dict[str, Any]) -> Question:
    answers = tuple(
        Answer(a["key"], Words(**a["label"]), Words(**a["caution"]) if "caution" in a else None)
        for a in row.get("answers", ())
    )
    number = row.get("number", False)
    return Question(row["key"], Words(**row["ask"]), tuple(row["rows"]), number, answers)
