"""Who stands behind each figure, as far as the attacker knows: units, or persons of a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .figure import Figure
from .programme import People
from .staff import Staff, column


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A unit of which nobody knows the people, or one person of the staff list.

    `version` tells apart what one release and another say of the same place and wave: where they
    differ, other people stand behind them, or the same with other answers.
    """

    name: str
    version: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure and its parts; `persons` says that they are persons, `all_answered` that they are
    known to have answered."""

    figure: Figure
    parts: frozenset[Part]
    persons: bool = False
    all_answered: bool = False

    @property
    def people(self) -> tuple[int, int | None]:
        """Return how many people there are at least and at most, None when no list tells."""
        if not self.persons:
            return 0, None
        return len(self.parts) if self.all_answered else 0, len(self.parts)


def behind(figures: Sequence[Figure], staff: Staff | None) -> tuple[Behind, ...]:
    """Return who stands behind each figure of one measure and wave, told apart by version.

    A figure of everybody has no parts when no staff list tells them.
    """
    found = tuple(_base(f, figures, staff) for f in figures)
    contested = _contested(found)
    return tuple(
        replace(b, parts=frozenset(_version(p, b, contested, found) for p in b.parts))
        for b in found
    )


def _base(figure: Figure, figures: Sequence[Figure], staff: Staff | None) -> Behind:
    posts = () if staff is None else staff.of(figure.wave, figure.release)
    mine = [f.units for f in figures if f.release == figure.release]
    at = column(posts, frozenset().union(*mine)) if posts else None
    if posts and at is None:
        at = column(posts, figure.units)
    if at is None:
        return Behind(figure, frozenset(Part(u) for u in figure.units))
    kept = [p for p in posts if not figure.units or p.values[at] in figure.units]
    parts = frozenset(Part(p.person) for p in kept)
    return Behind(figure, parts, True, all(p.answered for p in kept))


def _contested(found: Sequence[Behind]) -> dict[frozenset[Part], dict[str, str]]:
    """Return the sets of parts of which releases say different things: release -> which of them."""
    told: dict[frozenset[Part], dict[str, object]] = {}
    for b in found:
        if b.parts:
            told.setdefault(b.parts, {})[b.figure.release] = b.figure.told
    contested = {}
    for parts, by_release in told.items():
        kinds = list(dict.fromkeys(by_release.values()))
        if len(kinds) > 1:
            contested[parts] = {r: str(kinds.index(t)) for r, t in by_release.items()}
    return contested


def _version(
    part: Part, b: Behind, contested: dict[frozenset[Part], dict[str, str]], found: Sequence[Behind]
) -> Part:
    marks = []
    for parts, releases in contested.items():
        if part in parts:
            which = releases.get(b.figure.release, b.figure.release)
            marks.append(("+".join(sorted(p.name for p in parts)), which))
    return replace(part, version=tuple(sorted(marks)))


def classes(behind: Sequence[Behind]) -> tuple[tuple[frozenset[Part], ...], list[tuple[int, ...]]]:
    """Return the classes of parts that stand behind the same figures, and those of each figure."""
    inside: dict[Part, list[int]] = {}
    for row, b in enumerate(behind):
        for part in b.parts:
            inside.setdefault(part, []).append(row)
    by: dict[tuple[int, ...], set[Part]] = {}
    for part in sorted(inside):
        by.setdefault(tuple(inside[part]), set()).add(part)
    found = tuple(frozenset(parts) for parts in by.values())
    rows = [tuple(c for c, at in enumerate(by) if row in at) for row in range(len(behind))]
    return found, rows


def limits(parts: frozenset[Part], behind: Sequence[Behind]) -> People:
    """Return how many people of a class can have answered."""
    mine = [b for b in behind if parts <= b.parts]
    if not all(b.persons for b in mine):
        return People()
    sure = any(b.all_answered for b in mine)
    return People(len(parts) if sure else 0, len(parts))


def places(behind: Sequence[Behind], parts: frozenset[Part]) -> tuple[str, ...]:
    """Return the units of a class; of persons, the places whose figures they stand behind.

    Empty for those whom no place shows.
    """
    mine = [b for b in behind if parts <= b.parts]
    if not any(b.persons for b in mine):
        return tuple(sorted({p.name for p in parts} - {""}))
    return tuple(dict.fromkeys(b.figure.label for b in mine if b.figure.label))


def names(behind: Sequence[Behind], parts: frozenset[Part]) -> tuple[str, ...]:
    """Return the names of a class of persons; none where no list tells them."""
    if not any(b.persons for b in behind if parts <= b.parts):
        return ()
    return tuple(sorted({p.name for p in parts}))
