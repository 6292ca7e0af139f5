"""The figures of the picture as a table: every link, both ways."""

from typing import Any

from anello.report.drawing.icons import style
from anello.report.drawing.intervals import written
from anello.report.reading import Pair, Reading
from anello.report.sentences import word

from .base import Section


def _row(reading: Reading, pair: Pair) -> dict[str, Any]:
    shown = pair.shown
    return {
        "link": reading.title(pair.link),
        "kind": style(pair.verdict),
        "word": word(reading, pair.verdict),
        "within": " ".join(written(reading, pair.within)).strip(),
        "between": " ".join(written(reading, pair.between)).strip(),
        "units": shown.units if shown else "–",
        "waves": shown.waves if shown else "–",
        "n": reading.count(shown) if shown else "–",
    }


def _context(reading: Reading) -> dict[str, Any] | None:
    return {"rows": [_row(reading, pair) for pair in reading.pairs]} if reading.pairs else None


SECTION = Section("The same figures as a table", _context)
