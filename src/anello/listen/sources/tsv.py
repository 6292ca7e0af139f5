"""TSV files: as CSV, with a tab between the columns."""

from pathlib import Path

from . import csv
from .base import Reading, Sheet

ENDINGS: tuple[str, ...] = (".tsv", ".tab")


def claims(path: str) -> bool:
    """Return whether a path ends as a TSV file does."""
    return path.lower().endswith(ENDINGS)


def sheet(path: str, reading: Reading) -> Sheet:
    """Open a TSV file whose first row names the columns."""
    return csv.table(csv.head(Path(path), reading, ("\t",)), reading)
