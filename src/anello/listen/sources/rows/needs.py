"""Which columns of a source the chain uses, and in which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from anello.model.chain import Chain, Grain, Measure, Source
from anello.model.errors import SourceError

MISSING = ("", "NA", "N/A", "#N/A", "NAN", "NULL", ".")
"""What counts as a missing value in any column, upper or lower case."""

RESERVED = ("unit", "wave", "unit_name")


@dataclass(frozen=True)
class Needs:
    """The columns a chain uses of one source.

    `numbers` must be numeric and present; `texts` are taken where present, and must be present
    when `strict` (the chain has no other source that could hold them). `comments` hold what people
    wrote, `spoken` their language where that column is present, `person` says whose row it is.
    """

    unit: str
    wave: str
    name: str | None = None
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    strict: bool = False
    comments: tuple[str, ...] = ()
    spoken: str | None = None
    person: str | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """Return the columns without which the source cannot be used."""
        more = (self.name, *self.texts) if self.strict else ()
        read = (*self.numbers, *self.comments)
        found = (self.unit, self.wave, self.person, *read, *(c for c, _ in self.where), *more)
        return tuple(dict.fromkeys(c for c in found if c))

    @property
    def wanted(self) -> frozenset[str]:
        """Return every column to look for."""
        return frozenset(c for c in (*self.required, *self.texts, self.name, self.spoken) if c)

    @property
    def labels(self) -> frozenset[str]:
        """Return the columns in which a value label says more than its code."""
        return frozenset((*self.texts, *(c for c, _ in self.where))) - {self.unit, self.wave}


def needs(source: Source, chain: Chain) -> Needs:
    """Return what `chain` uses of `source`."""
    unit = source.unit or chain.units.column
    wave = source.wave or chain.waves.column
    measures = measures_of(source, chain)
    numbers = [n for m in measures for n in numbers_of(m)]
    texts = [chain.units.peers, *chain.units.hierarchy]
    for link in chain.links:
        texts += [link.peers, *(column for column, _ in link.only)]
    kept = [t for t in texts if t and t not in numbers and t.lower() not in _own(unit, wave)]
    found = Needs(
        unit,
        wave,
        chain.units.name,
        tuple(dict.fromkeys(numbers)),
        tuple(dict.fromkeys(kept)),
        source.where,
        source.missing,
        strict=len(chain.sources) == 1,
        comments=comments_of(measures, numbers),
        spoken=chain.comments.language if any(m.reads_text for m in measures) else None,
        person=person_of(source, chain),
    )
    check_names(found)
    return found


def person_of(source: Source, chain: Chain) -> str | None:
    """Return the column that says whose row it is: by the source, or by a study of its rows."""
    if source.grain is not Grain.PERSON or source.person is not None:
        return source.person
    read = [s.key for s in chain.sources if _place(s) == _place(source)]
    named = (s.column("person") for s in chain.studies if s.source in read)
    return next((column for column in named if column is not None), None)


def _place(source: Source) -> tuple[str | None, ...]:
    return source.path, source.table, source.sheet


def _own(unit: str, wave: str) -> set[str]:
    """Return the columns that already come out as `unit` or `wave` under their own name."""
    return {name for name, column in (("unit", unit), ("wave", wave)) if column.lower() == name}


def measures_of(source: Source, chain: Chain) -> tuple[Measure, ...]:
    """Return the measures that are read from `source`."""
    return tuple(m for m in chain.measures if m.source == source.key)


def numbers_of(measure: Measure) -> tuple[str, ...]:
    """Return the columns that a measure needs as numbers."""
    coverage = measure.coverage.column if measure.coverage else None
    found = (
        *(i.column for i in measure.items if not measure.reads_text),
        measure.base,
        measure.response,
        measure.weight,
        coverage,
    )
    return tuple(c for c in found if c)


def comments_of(measures: Sequence[Measure], numbers: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that hold what people wrote."""
    found = (m.items[0].column for m in measures if m.reads_text)
    return tuple(dict.fromkeys(c for c in found if c not in numbers))


def groups_of(chain: Chain) -> list[str]:
    """Return the columns by which a chain tells groups of units apart, each once."""
    named = [chain.units.peers, *(link.peers for link in chain.links)]
    only = [column for link in chain.links for column, _ in link.only]
    return [c for c in dict.fromkeys([*named, *only, *chain.units.hierarchy]) if c]


def facts_of(measures: Sequence[Measure], chain: Chain) -> list[str]:
    """Return the columns that say something of a unit in a wave, beside the measures themselves."""
    bases = [m.base for m in measures if m.base and m.grain is Grain.UNIT]
    response = [m.response for m in measures if m.response]
    covers = [m.coverage.column for m in measures if m.coverage]
    return [*bases, *response, *covers, *groups_of(chain)]


def check_names(needs: Needs) -> None:
    """Raise `SourceError` for a name that is kept, or two that differ only in capital letters."""
    seen: dict[str, str] = {}
    own = (needs.unit, needs.wave, *([needs.name] if needs.name else []))
    for name in (*own, *needs.numbers, *needs.texts, *(column for column, _ in needs.where)):
        taken = name.lower() in RESERVED or name.startswith("__")
        if taken and name in (*needs.numbers, *needs.texts):
            raise SourceError(
                "the column name {column!r} is kept for the product's own use. "
                "Rename that column in the data and in the chain file.",
                column=name,
            )
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise SourceError(
                "the columns {first!r} and {second!r} differ only in capital letters. Rename one.",
                first=other,
                second=name,
            )


def check_columns(name: str, names: tuple[str, ...], needs: Needs) -> None:
    """Raise `SourceError` with the nearest name when a required column is missing from a file."""
    for column in needs.required:
        if column in names:
            continue
        near = get_close_matches(column, names, n=1, cutoff=0.6)
        lower = [n for n in names if n.lower() == column.lower()]
        if near or lower:
            raise SourceError(
                "{file} has no column {column!r}; did you mean {near!r}?",
                file=name,
                column=column,
                near=(lower or near)[0],
            )
        raise SourceError(
            "{file} has no column {column!r}; its columns are: {names}.",
            file=name,
            column=column,
            names=_listed(names),
        )


def _listed(names: tuple[str, ...], most: int = 12) -> str:
    """Return the first names on one line, long ones cut."""
    shown = [" ".join(name.split())[:40] for name in names[:most] if name.strip()]
    return ", ".join(shown) + (" ..." if len(names) > most else "")
