"""Where and when: units with their history, and waves in order."""

from dataclasses import dataclass
from datetime import date

from .errors import ChainFileError
from .words import Words


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
                        path=("units", "merges", i), unit=source, first=seen[source],
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
                    path=("waves", "periods", i), wave=wave.key,
                )
        ordered = sorted(self.periods, key=lambda w: w.opens)
        for before, after in zip(ordered, ordered[1:], strict=False):
            if after.opens <= before.closes:
                raise ChainFileError(
                    "the wave {second!r} opens on {opens}, before {first!r} closes on {closes}.",
                    path=("waves", "periods", self.periods.index(after)),
                    second=after.key, opens=after.opens, first=before.key, closes=before.closes,
                )

    def sort(self, keys: set[str]) -> tuple[str, ...]:
        """Return wave keys in time order.

        >>> from .words import Words
        >>> many = Plural(Words("", ""), Words("", ""))
        >>> Waves("year", many).sort({"10", "9"})
        ('9', '10')
        """
        if self.periods:
            listed = [w.key for w in sorted(self.periods, key=lambda w: w.opens)]
        else:
            listed = list(self.order)
        if listed:
            return tuple(k for k in listed if k in keys)
        numeric = all(k.lstrip("-").isdigit() for k in keys)
        return tuple(sorted(keys, key=int if numeric else None))  # type: ignore[arg-type]
