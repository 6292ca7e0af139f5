"""Qualtrics CSV exports: three header rows, or two in the older layout."""

from dataclasses import replace
from pathlib import Path

from . import csv
from .base import Drop, Reading, Sheet

ENDINGS: tuple[str, ...] = (".csv", ".tsv")
TRIALS = frozenset(
    (
        *("Survey Preview", "Survey Test", "Survey Preview Spam", "Offline Survey Preview"),
        *("1", "2", "9", "17"),
    )
)
"""Values of `Status` that mark a preview or a test, as text and as number."""

CHOICE_TEXT = (
    "{file}, row {row}, column {column!r}: {value!r} is not a number. Export again from Qualtrics "
    "with 'Use numeric values', not with choice text, or list it under `missing`."
)


def claims(path: str) -> bool:
    """Return whether the second or third row of a CSV file is one that Qualtrics writes."""
    if not path.lower().endswith(ENDINGS):
        return False
    try:
        with Path(path).open("rb") as file:
            start = file.read(200_000).lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
    except OSError:
        return False
    return b'{""ImportId"":' in start or (
        start.startswith((b"V1,", b'"V1",', b"V1\t")) and b"ResponseSet" in start
    )


def sheet(path: str, reading: Reading) -> Sheet:
    """Open an export; previews and tests are left out with a note.

    Columns go by the names of the first row. The second row holds the question texts, and in the
    newer layout the third the ImportIds.
    """
    head = csv.head(Path(path), reading)
    headers = 3 if len(head.records) > 2 and "ImportId" in head.records[2][0] else 2
    status = _status(head)
    if status is None or reading.wanted is None:
        return replace(csv.table(head, reading, headers), not_a_number=CHOICE_TEXT)
    wider = replace(reading, wanted=reading.wanted | {status})
    drop = Drop(
        status,
        TRIALS,
        "{n} row is a preview or a test and was left out.",
        "{n} rows are previews or tests and were left out.",
    )
    found = csv.table(head, wider, headers)
    return replace(found, drops=(drop,), not_a_number=CHOICE_TEXT)


def _status(head: csv.Head) -> str | None:
    """Return the name of the column with the kind of answer; the older layout calls it V7."""
    if "Status" in head.header:
        return "Status"
    texts = head.records[1] if len(head.records) > 1 else ()
    pairs = zip(head.header, texts, strict=False)
    return next((name for name, text in pairs if text.strip() == "Status"), None)
