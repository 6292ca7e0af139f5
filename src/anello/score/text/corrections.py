"""What people corrected: a file of comments with the topics and sentiment that are right.

A row names its comment by its own words or by the digest that `anello fit comments` prints, so
that a file of corrections need not hold what anybody wrote.
"""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anello.model.errors import SourceError
from anello.store.delimited import LONGEST_LINE, sniff

from .tokens import tokens

COLUMNS = ("comment", "topic", "sentiment")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_SIGNS = {
    -1.0: "negative negativo negativa neg complaint lamentela reclamo bad",
    0.0: "neutral neutro neutra neutrale neu mixed misto",
    1.0: "positive positivo positiva pos praise elogio lode good",
}
SAID = {word: value for value, words in _SIGNS.items() for word in words.split()}
NOTHING = frozenset(("none", "nessuno", "-"))
LARGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of one comment; None where nothing was said."""

    topics: tuple[str, ...] | None = None
    sentiment: float | None = None


def digest(text: str) -> str:
    """Return the sixteen signs by which a comment is known; case, accents and stops do not count.

    >>> digest("Too slow!") == digest("too  slow")
    True
    """
    words = " ".join(word for word in tokens(text) if word != ".")
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def read(path: Path, known: Sequence[str]) -> dict[str, Correction]:
    """Read a corrections file: columns `comment`, and `topic` or `sentiment` or both.

    Several topics are parted by `;`; `none` says that there is no topic. A sentiment is a number
    from -1 to 1, or a word such as `positive`, `negativo`. Later rows win. Raises `SourceError`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            "{file} cannot be read: {reason}. Corrections are a CSV file in UTF-8.",
            file=path.name,
            reason=getattr(error, "strerror", None) or "no UTF-8",
        ) from None
    if len(text) > LARGEST:
        raise SourceError(
            "{file} has more than {limit} MB; nobody corrects so much by hand.",
            file=path.name,
            limit=LARGEST >> 20,
        )
    found: dict[str, Correction] = {}
    for at, row in enumerate(_rows(path, text), start=2):
        key, correction = _read_row(path.name, at, row, known)
        found[key] = _over(found.get(key, Correction()), correction)
    return found


def fingerprint(path: Path) -> str:
    """Return sixteen signs that change whenever the file does."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _rows(path: Path, text: str) -> list[dict[str, str]]:
    try:
        sign = sniff(text[:LONGEST_LINE], wanted=COLUMNS)[0]
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=sign)
        _check_columns(path.name, rows.fieldnames or [])
        return list(rows)
    except csv.Error as error:
        raise SourceError(
            "{file} cannot be read: {reason}. Corrections are a CSV file in UTF-8.",
            file=path.name,
            reason=error,
        ) from None


def _check_columns(file: str, names: Sequence[str]) -> None:
    if "comment" not in names or not {"topic", "sentiment"} & set(names):
        raise SourceError(
            "{file} needs a column `comment`, and `topic` or `sentiment`; it has: {names}.",
            file=file,
            names=", ".join(names)[:200] or "-",
        )


def _read_row(
    file: str, at: int, row: dict[str, str], known: Sequence[str]
) -> tuple[str, Correction]:
    comment = (row.get("comment") or "").strip()
    if not comment:
        raise SourceError("{file}, row {row}: there is no comment.", file=file, row=at)
    key = comment if _DIGEST.fullmatch(comment) else digest(comment)
    topics = _topics(file, at, row.get("topic") or "", known)
    return key, Correction(topics, _sentiment(file, at, row.get("sentiment") or ""))


def _topics(file: str, at: int, written: str, known: Sequence[str]) -> tuple[str, ...] | None:
    named = [t.strip() for t in re.split(r"[;|]", written) if t.strip()]
    if not named:
        return None
    if len(named) == 1 and named[0].casefold() in NOTHING:
        return ()
    for name in named:
        if name not in known:
            raise SourceError(
                "{file}, row {row}: there is no topic {topic!r}; known are: {known}.",
                file=file,
                row=at,
                topic=name,
                known=", ".join(known),
            )
    return tuple(t for t in known if t in named)


def _sentiment(file: str, at: int, written: str) -> float | None:
    if not written.strip():
        return None
    value = sentiment_of(written)
    if value is None:
        raise SourceError(
            "{file}, row {row}: {value!r} is not a sentiment. Write a number from -1 to 1, or "
            "positive, neutral, negative.",
            file=file,
            row=at,
            value=written[:40],
        )
    return value


def sentiment_of(written: str) -> float | None:
    """Return what a label says in [-1, 1], None when it says nothing known.

    >>> sentiment_of("Positivo"), sentiment_of("-0,5"), sentiment_of("7")
    (1.0, -0.5, None)
    """
    word = written.strip().casefold()
    if word in SAID:
        return SAID[word]
    try:
        value = float(word.replace(",", "."))
    except ValueError:
        return None
    return value if -1 <= value <= 1 else None


def _over(before: Correction, after: Correction) -> Correction:
    return Correction(
        before.topics if after.topics is None else after.topics,
        before.sentiment if after.sentiment is None else after.sentiment,
    )
