"""What may be wrong with a merger before any row is read: a unit twice, a date off the waves."""

from collections.abc import Sequence
from datetime import date

from ..model.errors import ChainFileError
from ..model.place import Merge, Waves, wave_key
from ..model.words import Words

DAY = date(2024, 3, 26)
STEPS = {
    "day": Words("day", "un giorno"),
    "week": Words("week", "una settimana"),
    "month": Words("month", "un mese"),
    "quarter": Words("quarter", "un trimestre"),
    "year": Words("year", "un anno"),
}


def check_merges(merges: Sequence[Merge], waves: Waves) -> None:
    """Raise `ChainFileError` when a unit ends twice, or a merger is dated with no wave.

    Where the column itself names the waves, dates are compared with the rows later.
    """
    ended: set[str] = set()
    for i, merge in enumerate(merges):
        for unit in merge.sources:
            if unit in ended:
                raise ChainFileError(
                    "the unit {unit!r} stands twice in `merges`; a unit ends once, keep one.",
                    path=("units", "merges", i, "from"),
                    unit=unit,
                )
            ended.add(unit)
        _check_date(merge, waves, i)


def _check_date(merge: Merge, waves: Waves, i: int) -> None:
    path = ("units", "merges", i, "since")
    known = [wave.key for wave in waves.periods] or list(waves.order)
    if known and merge.since not in known:
        raise ChainFileError(
            "the merger into {into!r} is dated {since!r}, which is no wave; known are: {known}.",
            path=path,
            into=merge.into,
            since=merge.since,
            known=", ".join(known),
        )
    if waves.every and not _is_key(waves.every, merge.since):
        raise ChainFileError(
            "the merger into {into!r} is dated {since!r}, which is no {every}; "
            "write it like {example}.",
            path=path,
            into=merge.into,
            since=merge.since,
            every=STEPS[waves.every],
            example=wave_key(waves.every, DAY),
        )


def _is_key(every: str, text: str) -> bool:
    """Return whether a text is the key of a wave of one day, week, month, quarter or year.

    >>> _is_key("quarter", "2024-Q1"), _is_key("month", "2024-13"), _is_key("week", "2023-W53")
    (True, False, False)
    """
    try:
        return wave_key(every, _first_day(every, text)) == text
    except ValueError:
        return False


def _first_day(every: str, text: str) -> date:
    year = int(text[:4])
    if every == "day":
        return date.fromisoformat(text)
    if every == "week":
        return date.fromisocalendar(year, int(text[6:]), 1)
    if every == "month":
        return date(year, int(text[5:]), 1)
    return date(year, 3 * int(text[6:]) - 2 if every == "quarter" else 1, 1)
