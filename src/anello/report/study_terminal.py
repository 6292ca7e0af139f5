"""The coefficients of studies as rows for a terminal, read from a release."""

import csv
import io

from anello.model.study import RATIOS
from anello.model.words import say

from .drawing.two_levels import LEVELS
from .folder import Folder
from .numbers import fixed, limits

TABLE = "tables/studies.csv"
SHOWN = ("slope", "indirect", "phi", *RATIOS)


def study_rows(found: Folder, language: str) -> list[list[str]]:
    """Return formula, source, level, estimate and interval of what a reader looks for first.

    The other numbers (paths, parts of a mediation) stand in the page and in the table itself.
    """
    path = found.path / TABLE
    if not path.is_file():
        return []
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    return [_row(row, language) for row in rows if row["number"] in SHOWN and row["estimate"]]


def study_header(language: str) -> list[str]:
    """Return what stands above these rows."""
    names = ("The formula", "Term", "Level", "Estimate", "95 % interval")
    return [say(name, language) for name in names]


def _row(row: dict[str, str], language: str) -> list[str]:
    level = say(LEVELS[row["level"]], language) if row["level"] in LEVELS else row["level"]
    ends = [fixed(float(row[k]), 2, language) if row[k] else "–" for k in ("low", "high")]
    ratio = row["number"] in RATIOS
    estimate = fixed(float(row["estimate"]), 2, language, sign=not ratio)
    estimate = f"× {estimate}" if ratio else estimate
    interval = limits(ends[0], ends[1], language)
    return [row["formula"], row["source"], level, estimate, interval]
