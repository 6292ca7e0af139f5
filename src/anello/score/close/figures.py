"""The figures of a closed wave: sums of whole frozen groups, and who asks for them."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np

from anello.model.atoms import Coded, Pooled
from anello.model.chain import Measure
from anello.model.disclosure import Disclosure
from anello.model.topics import fewest
from anello.protect.atoms import Atoms, Cut, cut
from anello.protect.atoms.spread import FEWEST_ATOMS, FEWEST_PEOPLE
from anello.protect.ledger import ATOMS, Candidate, keyed, of_cut
from anello.protect.ledger.audit import SCALE
from anello.stats.moments import Floats

from .persons import Ints, Persons, columns_of

Span = tuple[float, float] | None
FINE = 1000
"""A score that is a mean of several answers counts as one of so many steps between its ends."""
STEPS = {"mean": 0.0, "given": 0.0, "recommend": 2.0, "percent_positive": 1.0, "top_box": 1.0,
         "topic_share": 1.0}  # fmt: skip
"""How many steps the range of a single answer has; 0 stands for whole values."""
LINEAR = ("mean", "index_0_100", "given")


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean of whole groups: of one unit, or of several that stand together under one label.

    `code` says that the mean only lies at an end of the scale; `bound` is then that end. `partly`
    says that a mean of several groups, after a merger, holds a coded one or misses some people.
    """

    measure: str
    units: tuple[str, ...]
    label: str
    n: int
    mean: float
    code: Coded = Coded.EXACT
    bound: float | None = None
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """What closing a wave gave: figures, who may ask for them, and the cut, which never leaves.

    `places` are today's units, or those that stand together, and `place` (G,) is the one to which
    each group of the cut belongs: a merger adds whole groups up and cuts none. `shut` marks the
    places of which nothing is shown.
    """

    wave: str
    figures: tuple[Figure, ...]
    candidates: tuple[Candidate, ...]
    people: str
    cut: Cut = field(repr=False)
    places: tuple[Pooled, ...]
    place: Ints
    shut: tuple[bool, ...]

    @property
    def group(self) -> Ints:
        """Return the group of each row (N,), -1 for none and for one whose place is shut."""
        atom, owner = self.cut.atom, self.cut.atoms.group
        if not len(owner):
            return np.full(len(atom), -1)
        group = np.where(np.array(self.shut)[self.place], -1, np.arange(len(self.place)))
        return np.where(atom >= 0, group[owner[atom]], -1)


def close(
    persons: Persons,
    measures: Sequence[Measure],
    spans: Mapping[str, Span],
    paths: Sequence[tuple[str, ...]],
    disclosure: Disclosure,
    seed: bytes,
    name: str,
    known: Mapping[str, str],
    blocked: AbstractSet[str] = frozenset(),
) -> Close:
    """Cut the people of a wave and return the figures of the measures without a weight.

    `paths` lead from the top of the hierarchy to each of `persons.units`, as they did when the wave
    was cut first; `known` are the forms in which columns were told before. A second form of the
    same answers is a figure only of groups of many atoms, and of none in which another form of them
    stands at an end of the scale. The figure of a unit that merged since is the sum of its groups.
    A place with one of the `blocked` units of today has no figure. Where there is no figure at all,
    the cut asks alone, so that weighted means and topics after it stay those of the same groups.
    """
    measures = [m for m in measures if m.weight is None]
    scales = [_scale(m, persons.scores[m.key], spans[m.key]) for m in measures]
    inside = [
        np.clip(persons.scores[m.key], s[0], s[1]) for m, s in zip(measures, scales, strict=True)
    ]
    made = cut(
        np.column_stack(inside) if inside else np.zeros((persons.count, 0)),
        persons.unit,
        paths,
        np.zeros(persons.count, np.int64),
        seed,
        wave=name,
        items=[m.key for m in measures],
        low=[s[0] for s in scales],
        high=[s[1] for s in scales],
        step=[s[2] for s in scales],
        k=disclosure.k,
        fewest=[fewest(m.scoring, disclosure) for m in measures],
        present=np.ones(persons.count, bool),
    )
    people = _people(persons, seed, name)
    first, second = _forms(measures, known)
    told = _figures(made.atoms, first)
    more = _pooled(made, _figures(made.atoms, second), told, second, measures)
    candidates = [
        _candidate(made, people, one, some, persons, seed, paths)
        for one, some in ((first, told), (second, more))
        if some
    ]
    if not candidates and made.atoms.groups:
        candidates = [_candidate(made, people, (), (), persons, seed, paths)]
    names = _named(made.atoms.groups, persons.today)
    places, place = _today(made.atoms.groups, names)
    figures = regrouped((*told, *more), names, persons.today)
    open_ = tuple(f for f in figures if not blocked & set(f.units))
    shut = tuple(not blocked.isdisjoint(p.units) for p in places)
    return Close(name, open_, tuple(candidates), people, made, places, place, shut)


Names = Mapping[tuple[str, ...], tuple[str, ...]]
"""The units of today behind the units of each group of the cut; one order for the same units."""


def _named(groups: Sequence[Pooled], today: Mapping[str, str]) -> Names:
    first: dict[frozenset[str], tuple[str, ...]] = {}
    found = {g.units: tuple(dict.fromkeys(today[u] for u in g.units)) for g in groups}
    return {units: first.setdefault(frozenset(names), names) for units, names in found.items()}


def _today(groups: Sequence[Pooled], names: Names) -> tuple[tuple[Pooled, ...], Ints]:
    """Return the units of today behind groups of the cut, and which of them each group has."""
    named = [names[g.units] for g in groups]
    places = tuple(dict.fromkeys(named))
    at = {units: i for i, units in enumerate(places)}
    return tuple(Pooled((), units) for units in places), np.array([at[n] for n in named], np.int64)


def regrouped(figures: Sequence[Figure], names: Names, today: Mapping[str, str]) -> list[Figure]:
    """Return the figures of today's units: sums of the figures of whole groups, never a new cut.

    A coded group enters with the middle of its code, so that the sum tells no more than the code.
    """
    found: dict[tuple[str, tuple[str, ...]], list[Figure]] = {}
    for f in figures:
        found.setdefault((f.measure, names[f.units]), []).append(f)
    return [_sum(units, some, today) for (_, units), some in found.items()]


def _sum(names: tuple[str, ...], some: Sequence[Figure], today: Mapping[str, str]) -> Figure:
    there = {u for f in some for u in f.units}
    missing = {u for u, name in today.items() if name in names} - there
    one, label = some[0], " + ".join(names)
    if len(some) == 1:
        return replace(one, units=names, label=label, partly=bool(missing))
    n = sum(f.n for f in some)
    mean = sum(f.n * f.mean for f in some) / n
    partly = bool(missing) or any(f.code for f in some)
    return Figure(one.measure, names, label, n, mean, partly=partly)


def _scale(m: Measure, scores: Floats, span: Span) -> tuple[float, float, float]:
    """Return lowest and highest score and the step between scores; infinite ends for none."""
    if span is None:
        return -np.inf, np.inf, 1.0
    low, high = span
    fine = (high - low) / FINE
    if len(m.items) > 1 or m.scoring not in (*STEPS, "index_0_100"):
        return low, high, fine
    if m.scoring == "index_0_100" and m.low is not None and m.high is not None:
        return low, high, (high - low) / (m.high - m.low)
    steps = STEPS.get(m.scoring, 0.0)
    if steps:
        return low, high, (high - low) / steps
    there = scores[np.isfinite(scores)]
    return low, high, 1.0 if (there == np.floor(there)).all() else fine


def form(m: Measure) -> str:
    """Return in which form a measure tells its answers: which sum of them, or which share."""
    kind = "sum" if m.scoring in LINEAR else m.scoring
    return f"{kind} of {' + '.join(sorted(columns_of([m])))}"


def learned(
    measures: Sequence[Measure], known: Mapping[str, str], flags: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the columns in the order in which the ledger knows or learns of them.

    Those of an earlier release first, then those told for the first time by name, those of a second
    form, those of weighted means, and `flags`, which comments became.
    """
    parts = (*_forms([m for m in measures if m.weight is None], known), measures)
    asked = [*(c for part in parts for c in sorted(columns_of(part))), *flags]
    before = [c for c in known if c in set(asked)]
    return tuple(dict.fromkeys([*before, *asked]))


def told_columns(
    measures: Sequence[Measure], persons: Persons, seed: bytes
) -> tuple[tuple[str, str, str], ...]:
    """Return the columns behind measures with their form and the digest of their answers.

    And their scales: on a wider one a mean at the end would no longer be coded.
    """
    found = {(c, form(m)) for m in measures for c in columns_of([m])}
    scales = {
        (SCALE + c, "", keyed(seed, m.low, m.high))
        for m in measures
        if m.scoring in LINEAR
        for c in columns_of([m])
    }
    told = ((c, f, digest(persons, c, seed)) for c, f in sorted(found))
    return (*told, *sorted(scales))


def _forms(
    measures: Sequence[Measure], known: Mapping[str, str]
) -> tuple[list[Measure], list[Measure]]:
    """Return the measures that tell answers for the first time, and those in a second form."""
    seen = dict(known)
    first: list[Measure] = []
    second: list[Measure] = []
    for m in measures:
        same = all(seen.get(c, form(m)) == form(m) for c in columns_of([m]))
        (first if same else second).append(m)
        for c in columns_of([m]):
            seen.setdefault(c, form(m))
    return first, second


def _figures(atoms: Atoms, wanted: Sequence[Measure]) -> list[Figure]:
    c, keys = atoms.cells, {m.key for m in wanted}
    found: list[Figure] = []
    at = c.group * len(atoms.items) + c.item
    by = np.argsort(at, kind="stable")
    for rows in np.split(by, 1 + np.flatnonzero(np.diff(at[by]))) if len(by) else ():
        item, group = int(c.item[rows[0]]), atoms.groups[int(c.group[rows[0]])]
        if atoms.items[item] not in keys:
            continue
        n, total = int(c.n[rows].sum()), float(c.total[rows].sum())
        code = Coded(int(c.code[rows[0]])) if len(rows) == 1 else Coded.EXACT
        end = {Coded.HIGH: atoms.scale.high[item], Coded.LOW: atoms.scale.low[item]}.get(code)
        bound = None if end is None else float(2 * total / n - end)
        found.append(Figure(atoms.items[item], group.units, group.label, n, total / n, code, bound))
    return found


def _pooled(
    made: Cut,
    found: Sequence[Figure],
    told: Sequence[Figure],
    second: Sequence[Measure],
    measures: Sequence[Measure],
) -> list[Figure]:
    """Return the figures of a second form that may leave beside the first."""
    shares = {
        m.key: {o.key for o in measures if set(columns_of([o])) & set(columns_of([m]))}
        for m in second
    }
    coded = {(f.measure, f.units) for f in (*told, *found) if f.code}
    many = {g.units: _many(made, i) for i, g in enumerate(made.atoms.groups)}
    return [
        f
        for f in found
        if many[f.units] and not any((o, f.units) in coded for o in shares[f.measure])
    ]


def _many(made: Cut, group: int) -> bool:
    mine = made.atoms.group == group
    people = int(made.atoms.people[mine].sum())
    return int(mine.sum()) >= FEWEST_ATOMS and people >= FEWEST_PEOPLE


def _candidate(
    made: Cut,
    people: str,
    measures: Sequence[Measure],
    figures: Sequence[Figure],
    persons: Persons,
    seed: bytes,
    ways: Sequence[tuple[str, ...]],
) -> Candidate:
    kept = {f.units for f in figures}
    groups = [i for i, g in enumerate(made.atoms.groups) if g.units in kept]
    held = np.where(made.atom >= 0, made.atoms.group[made.atom], -1)
    unions = tuple(np.flatnonzero(held == g) for g in groups)
    asked = of_cut(made, people, ", ".join(m.key for m in measures))
    return Candidate(
        asked.wave,
        ATOMS,
        asked.what,
        people,
        atoms=asked.atoms,
        atom=asked.atom,
        unions=unions,
        columns=told_columns(measures, persons, seed),
        ways=tuple(ways),
    )


def _people(persons: Persons, seed: bytes, wave: str) -> str:
    """Return the digest that says whose answers the wave holds: how many of which unit."""
    names = repr((wave, persons.units, np.bincount(persons.unit).tolist()))
    return hmac.new(seed, names.encode(), hashlib.sha256).hexdigest()


def digest(persons: Persons, column: str, seed: bytes) -> str:
    """Return the digest of a column's answers by unit, whatever their order inside a unit."""
    values = persons.answers[column]
    by = np.lexsort((values, persons.unit))
    told = np.nan_to_num(values[by], nan=-9e99)
    mac = hmac.new(seed, repr(persons.units).encode(), hashlib.sha256)
    mac.update(persons.unit[by].astype("<i8").tobytes() + told.astype("<f8").tobytes())
    return mac.hexdigest()
