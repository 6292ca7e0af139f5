"""Where and when: units with their history, and waves in order."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from .errors import ChainFileError
from .words import Words

NUMBER = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Plural:
    """A noun in both languages, for one and for many: one Trust, many Trusts."""

    one: Words
    many: Words


@dataclass(frozen=True, slots=True)
class Merge:
    """From wave `since` on, the units in `sources` are called `into` (one source: a rename).

    Waves before `since` keep the old names when `backdate` is False (the merged unit starts new);
    when True, earlier rows of the old units are pooled under the new name.
    """

    sources: tuple[str, ...]
    into: str
    since: str
    backdate: bool = True


@dataclass(frozen=True, slots=True)
class Units:
    """How units are called and told apart: the column, its parents and its dated mergers."""

    column: str
    label: Plural
    name: str | None = None
    peers: str | None = None
    hierarchy: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for i, merge in enumerate(self.merges):
            for source in merge.sources:
                if source in seen and seen[source] != merge.into:
                    raise ChainFileError(
                        "the unit {unit!r} merges twice: into {first!r} and into {second!r}; "
                        "keep one.",
                        path=("units", "merges", i),
                        unit=source,
                        first=seen[source],
                        second=merge.into,
                    )
                seen[source] = merge.into


@dataclass(frozen=True, slots=True)
class Wave:
    """One period of listening, both days included."""

    key: str
    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Waves:
    """How waves are read: a column of keys, or a column of dates cut by `every` or by `periods`.

    `every` is one of `day week month quarter year`. Keys sort as numbers when all are numbers,
    else as text, unless `order` lists them.
    """

    column: str
    label: Plural
    every: str | None = None
    periods: tuple[Wave, ...] = ()
    order: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for i, wave in enumerate(self.periods):
            if wave.closes < wave.opens:
                raise ChainFileError(
                    "the wave {wave!r} closes before it opens.",
                    path=("waves", "periods", i),
                    wave=wave.key,
                )
        ordered = sorted(self.periods, key=lambda w: w.opens)
        for before, after in pairwise(ordered):
            if after.opens <= before.closes:
                raise ChainFileError(
                    "the wave {second!r} opens on {opens}, before {first!r} closes on {closes}.",
                    path=("waves", "periods", self.periods.index(after)),
                    second=after.key,
                    opens=after.opens,
                    first=before.key,
                    closes=before.closes,
                )

    def sort(self, keys: set[str]) -> tuple[str, ...]:
        """Return the waves from the first met to the last, in time order, missing ones included.

        A year in which nothing was measured keeps its place, or a lag of one wave would leap it.

        >>> from .words import Words
        >>> many = Plural(Words("", ""), Words("", ""))
        >>> Waves("year", many).sort({"2019", "2021"})
        ('2019', '2020', '2021')
        >>> Waves("month", many).sort({"01", "10", "09"})[-2:]
        ('09', '10')
        >>> Waves("day", many, every="quarter").sort({"2023-Q4", "2024-Q2"})
        ('2023-Q4', '2024-Q1', '2024-Q2')
        """
        if self.periods:
            return _span([w.key for w in sorted(self.periods, key=lambda w: w.opens)], keys)
        if self.order:
            return _span(list(self.order), keys)
        if self.every is not None and keys:
            return tuple(_calendar(self.every, min(keys), max(keys)))
        spelt = {int(k): k for k in keys if NUMBER.fullmatch(k)}
        if len(spelt) < len(keys) or not spelt:
            return tuple(sorted(keys))
        first, last = min(spelt), max(spelt)
        every = range(first, last + 1) if last - first < 4 * len(spelt) else sorted(spelt)
        return tuple(spelt.get(k, str(k)) for k in every)


def _span(listed: list[str], keys: set[str]) -> tuple[str, ...]:
    met = [i for i, key in enumerate(listed) if key in keys]
    return tuple(listed[met[0] : met[-1] + 1]) if met else ()


def _calendar(every: str, first: str, last: str) -> list[str]:
    """Return every calendar key from first to last; keys of one kind sort as text."""
    out: list[str] = []
    day = _first_day(every, first)
    while (key := wave_key(every, day)) <= last:
        if not out or out[-1] != key:
            out.append(key)
        day += timedelta(days=1 if every in ("day", "week") else 27)
    return out


def wave_key(every: str, day: date) -> str:
    """Return the key of the wave in which a day falls.

    >>> [wave_key(e, date(2024, 2, 1)) for e in ("day", "week", "month", "quarter", "year")]
    ['2024-02-01', '2024-W05', '2024-02', '2024-Q1', '2024']
    """
    week = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{week.year}-W{week.week:02d}",
        "month": f"{day.year:04d}-{day.month:02d}",
        "quarter": f"{day.year:04d}-Q{(day.month + 2) // 3}",
        "year": f"{day.year:04d}",
    }[every]


def _first_day(every: str, key: str) -> date:
    year = int(key[:4])
    if every == "day":
        return date.fromisoformat(key)
    if every == "week":
        return date.fromisocalendar(year, int(key[6:]), 1)
    if every == "month":
        return date(year, int(key[5:]), 1)
    return date(year, 3 * int(key[6:]) - 2 if every == "quarter" else 1, 1)
