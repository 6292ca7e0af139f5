"""The opened answers of a campaign as one table that a chain reads: a row an answer, in no order.

An answer is a JSON object: a value (text, number, true, false or null) by question. Whatever a
person typed is harmless in a spreadsheet, and nothing in the file says who, when or by what card.
"""

import csv
import io
import json
import re
from collections.abc import Sequence

from anello.model.errors import RefusedError

WAVE = "wave"
MOST_QUESTIONS = 2000
_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(answers: Sequence[bytes], campaign: str) -> bytes:
    """Return answers as CSV: the questions in order of name, and `wave`, the campaign's name.

    Raises `RefusedError` for an answer that is no JSON object of plain values; which one it is
    cannot be said, for answers have no number.

    >>> print(table([b'{"q1": 4}', b'{"q1": null, "unit": "=1+1"}'], "2026").decode().strip())
    q1,unit,wave
    4,,2026
    ,'=1+1,2026
    """
    rows = [_answer(answer) for answer in answers]
    names = sorted({name for row in rows for name in row} - {WAVE})
    if len(names) > MOST_QUESTIONS:
        raise _strange()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_safe(name) for name in (*names, WAVE)])
    writer.writerows([*(_cell(row.get(n)) for n in names), _safe(campaign)] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _answer(answer: bytes) -> dict[str, object]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise _strange() from None
    plain = (str, int, float, bool, type(None))
    if not isinstance(found, dict) or not all(isinstance(v, plain) for v in found.values()):
        raise _strange()
    return found


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return _safe(value) if isinstance(value, str) else str(value)


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, without signs that end a file."""
    kept = text.replace("\0", "")
    return f"'{kept}" if kept.startswith(_RISKY) and not _NUMBER.fullmatch(kept) else kept


def _strange() -> RefusedError:
    return RefusedError(
        "an answer is not a list of questions with plain values; the answers stay sealed."
    )
