"""May it leave? A pure answer from the ledger and a candidate, with the reason in words."""

from dataclasses import dataclass, field, replace

import numpy as np

from anello.protect.atoms.spread import FEWEST_ATOMS, FEWEST_PEOPLE, apart

from .candidate import ATOMS, MODEL, SORTS, Candidate, Floats, Ints, Ledger
from .span import centred, leverage

MOST = 0.5
"""The leverage at which what was released tells more about a person than about the others."""
TENTH = 0.1
SAME = 1e-9
SCALE = "scale of "
"""Before the name of a column: the ends between which a mean of it is told, or coded."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed, or refused for a reason: an English sentence with `{names}` and their values."""

    allowed: bool
    sentence: str
    values: dict[str, str | int | float] = field(default_factory=dict)


def refused(sentence: str, /, **values: str | int | float) -> Verdict:
    """Return a refusal in words."""
    return Verdict(False, sentence, values)


def audit(ledger: Ledger, candidate: Candidate) -> Verdict:
    """Return whether a candidate may leave, given everything released of its wave.

    Refused is: another wave or other people than the ledger's; a wave whose private ledger is gone;
    a second cut; a figure that is no union of whole atoms; residuals, fitted values, scores, minima
    and all else that is not on the list of `SORTS`; fewer than k people behind a statistic, by
    its own word or by its weights; a variance that was told before of all but a few of them; and
    any person's leverage of .5 or more: the diagonal of the projection on the span of all released
    statistics and atoms. Nothing is read or written.
    """
    found = identity(ledger, candidate) or _shape(ledger, candidate)
    if found is None and candidate.kind == ATOMS:
        found = _whole(ledger, candidate)
    elif found is None:
        found = _model(ledger.k, candidate)
    found = found or _beside(ledger, candidate)
    if found is not None:
        return found
    most = float(leverage(added(ledger, candidate)).max(initial=0.0))
    if not most < MOST - 1e-9:
        return refused(
            "with what was released of this wave before, it would tell {share} % of one "
            "person's answer; less than half may be told.",
            share=round(100 * most),
        )
    return Verdict(True, "", {"leverage": round(most, 3)})


def added(ledger: Ledger, candidate: Candidate) -> Ledger:
    """Return the ledger as it stands after a candidate."""
    told = {name: (form, digest) for name, form, digest in candidate.columns} | ledger.columns
    at, read = candidate.at, candidate.reading
    known = replace(
        ledger,
        people=candidate.people,
        columns=_in_order(ledger.columns, told),
        person=candidate.person if ledger.person is None else ledger.person,
        places=ledger.places | ({} if at is None or read is None else {read.state: at}),
    )
    if candidate.kind == ATOMS:
        ways = ledger.ways or candidate.ways
        return replace(known, atoms=candidate.atoms, atom=candidate.atom, ways=ways)
    weights, count = candidate.weights, len(candidate.weights)
    about = candidate.about or ("",) * count
    silent = candidate.silent if len(candidate.silent) else np.zeros(weights.shape, bool)
    if len(ledger.weights):
        weights = np.vstack((ledger.weights, weights))
        silent = np.vstack((ledger.silent, silent))
    return replace(known, weights=weights, about=(*ledger.about, *about), silent=silent)


def _in_order(
    first: dict[str, tuple[str, str]], told: dict[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    return {**first, **{name: told[name] for name in told if name not in first}}


def identity(ledger: Ledger, c: Candidate) -> Verdict | None:
    """Return why a candidate speaks of other answers than its wave's, or of a closed one."""
    if c.wave != ledger.wave or not c.people:
        return refused("it does not say which people of which wave it speaks of.")
    if ledger.closed:
        return refused(
            "the private ledger of wave {wave} is destroyed; nothing more of it leaves.",
            wave=ledger.wave,
        )
    if ledger.people and c.people != ledger.people:
        return refused(
            "it speaks of other people than what was released of wave {wave} before; the "
            "difference would be single persons.",
            wave=ledger.wave,
        )
    if ledger.k < 5:
        return refused("no promise of at least 5 stands behind it.")
    scales = {n: d for n, (_, d) in ledger.columns.items() if n.startswith(SCALE)}
    for name, _, digest in c.columns:
        if name.startswith(SCALE) and scales.setdefault(name, digest) != digest:
            return refused(
                "{column} was told on another scale; a mean at the end of the one is told on the "
                "other.",
                column=name.removeprefix(SCALE),
            )
        if name in ledger.columns and ledger.columns[name][1] != digest:
            return refused(
                "the answers in {column} are not those that were released of wave {wave} before; "
                "the difference would be single persons.",
                column=name,
                wave=c.wave,
            )
    return None


def _shape(ledger: Ledger, c: Candidate) -> Verdict | None:
    if c.kind == ATOMS:
        return None if c.atom is not None and c.atoms and c.atom.ndim == 1 else _unreadable()
    w = c.weights
    told = len(c.names) == len(c.sorts) == len(c.members) == len(w)
    if c.kind != MODEL or w.ndim != 2 or not len(w) or not w.shape[1] or not told:
        return _unreadable()
    count = w.shape[1] if ledger.atom is None else len(ledger.atom)
    if w.shape[1] != count or (len(ledger.weights) and ledger.weights.shape[1] != w.shape[1]):
        return _unreadable()
    if not np.isfinite(w).all() or not np.abs(w).max(axis=1).all():
        return _unreadable()
    if c.person is not None and (c.person.shape != (count,) or c.person.min() < 0):
        return _unreadable()
    if len(ledger.weights) and not _alike(ledger.person, c.person):
        return _unreadable()
    return None


def _alike(one: Ints | None, other: Ints | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


def _unreadable() -> Verdict:
    return refused("its weights are missing or cannot be read; without an audit no number leaves.")


def _whole(ledger: Ledger, c: Candidate) -> Verdict | None:
    atom = c.atom
    if atom is None:
        return _unreadable()
    if ledger.atoms and ledger.atoms != c.atoms:
        return refused(
            "wave {wave} was cut before; a second cut of the same answers shows single ones.",
            wave=c.wave,
        )
    if len(ledger.weights) and ledger.weights.shape[1] != len(atom):
        return _unreadable()
    if ledger.atom is not None and not np.array_equal(ledger.atom, atom):
        return _unreadable()
    size = np.bincount(atom[atom >= 0])
    if size[size > 0].min(initial=ledger.k) < ledger.k:
        return refused("a group of the cut has fewer than {k} people.", k=ledger.k)
    for rows in c.unions:
        if not len(rows) or rows.min() < 0 or rows.max() >= len(atom) or (atom[rows] < 0).any():
            return _unreadable()
        held = np.bincount(atom[np.unique(rows)], minlength=len(size))
        if len(np.unique(rows)) != len(rows) or ((held > 0) & (held != size)).any():
            return refused("a figure of it is no sum of whole groups of the cut.")
    return _second_form(ledger, c, atom)


def _second_form(ledger: Ledger, c: Candidate, atom: Ints) -> Verdict | None:
    """Refuse a second form of the same answers for groups that are not many atoms together.

    With n, sum and a second sum of one small group most sets of answers are determined.
    """
    other = [n for n, form, _ in c.columns if ledger.columns.get(n, (form, ""))[0] != form]
    if not other:
        return None
    if c.unions and apart(atom, c.unions):
        return None
    return refused(
        "the answers in {column} were told in another form; both together need {atoms} groups of "
        "the cut and {people} people.",
        column=other[0],
        atoms=FEWEST_ATOMS,
        people=FEWEST_PEOPLE,
    )


def _model(k: int, c: Candidate) -> Verdict | None:
    other = sorted(set(c.sorts) - SORTS)
    if other:
        return refused("{sort} tells of single persons and never leaves.", sort=other[0])
    for name, members, w in zip(c.names, c.members, c.weights, strict=True):
        carried = w if c.person is None else np.sqrt(np.bincount(c.person, w**2))
        if min(members, behind(carried)) < k:
            return refused("fewer than {k} people stand behind {name}.", k=k, name=name)
    return None


def _beside(ledger: Ledger, c: Candidate) -> Verdict | None:
    """Refuse a variance that is one told before, but for the people of a few groups of the cut.

    The difference of the two would be the squares of those groups, and with their sums the answers.
    """
    asked = [i for i, sort in enumerate(c.sorts) if sort == "variance"]
    if ledger.atom is None or not asked or not len(ledger.weights):
        return None
    size = np.bincount(ledger.atom[ledger.atom >= 0])
    before = centred(ledger.weights.copy(), ledger.atom)
    for i, row in zip(asked, centred(c.weights[asked], ledger.atom), strict=True):
        scale = np.abs(row).max(initial=0.0) * SAME
        other = _of_atoms(np.abs(before - row) > scale, ledger.atom)
        told = _of_atoms(np.abs(before) > scale, ledger.atom)
        shared = (told & ~other).any(axis=1)
        few = (other.sum(axis=1) < FEWEST_ATOMS) | (other @ size < FEWEST_PEOPLE)
        if (shared & few & other.any(axis=1)).any():
            return refused(
                "{name} was told before of other people; the few who are in one and not in the "
                "other would be told of.",
                name=c.names[i],
            )
    return None


def _of_atoms(marked: np.ndarray, atom: Ints) -> np.ndarray:
    """Return which atoms hold somebody marked, for each row (R, N)."""
    found = np.zeros((len(marked), int(atom.max(initial=-1)) + 1), bool)
    rows, people = np.nonzero(marked & (atom >= 0))
    found[rows, atom[people]] = True
    return found


def behind(weights: Floats) -> int:
    """Return how many people stand behind a statistic, on the side where they are fewer.

    Those count who carry at least a tenth of the weight of the one who carries most on their side;
    a side with less than a tenth of the weight of the other is left to the leverage.

    >>> behind(np.full(5, 0.2)), behind(np.array([1, -0.25, -0.25, -0.25, -0.25]))
    (5, 1)
    """
    sides = [np.maximum(side, 0.0) for side in (weights, -weights)]
    most = max(float(side.sum()) for side in sides)
    counts = [
        int((side >= TENTH * side.max()).sum())
        for side in sides
        if side.sum() >= TENTH * most and most > 0
    ]
    return min(counts, default=0)
