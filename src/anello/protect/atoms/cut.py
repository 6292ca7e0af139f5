"""At wave close each unit's respondents are cut once into frozen groups of at least k."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.atoms import Pooled
from anello.model.errors import RefusedError

from .cells import Cells, Flags, Floats, Ints, Scale, merge
from .pooling import pool

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Atoms:
    """What may be published of one wave; every number that leaves is a function of `cells`.

    `people` (A,) are the respondents of each atom and stay inside: counts leave in bands.
    `fingerprint` names this cut, without telling who stands in which atom.
    """

    wave: str
    k: int
    items: tuple[str, ...]
    groups: tuple[Pooled, ...]
    group: Ints
    people: Ints
    cells: Cells
    scale: Scale
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The atoms, and beside them what never leaves: the atom of each row, -1 for none."""

    atoms: Atoms
    atom: Ints


def cut(
    answers: Floats,
    unit: Ints,
    paths: Sequence[tuple[str, ...]],
    order: Ints,
    seed: bytes,
    *,
    wave: str,
    items: Sequence[str],
    low: Sequence[float],
    high: Sequence[float],
    k: int = 5,
    fewest: Sequence[int] | None = None,
    step: Sequence[float] | None = None,
    present: Flags | None = None,
    guard: bool = True,
) -> Cut:
    """Return the atoms of one wave from answers of shape (N, I), NaN where a person gave none.

    `unit` (N,) points into `paths`, each the way from the top of the hierarchy to a unit; `order`
    (N,) is a secondary demographic in whole numbers from 0. Within a group of units people stand by
    `order`, equal ones in an order that only the secret `seed` of 32 bytes knows, and are cut into
    floor(n / k) parts of k to 2k - 1. The same rows and seed give the same atoms; another seed for
    the same wave is a second cut, which the ledger refuses. A person who answered no item counts as
    nobody, unless `present` (N,) says who took part: then the same people are cut the same way
    whatever is asked of them. `fewest` is an own floor for each item, `step` the distance between
    the values of each scale (1); a scale without ends is infinite. Raises `RefusedError` for
    answers off the scale, a short seed, or a floor below 5.
    """
    ends = np.asarray(low, float), np.asarray(high, float)
    scale = Scale(*ends, 1.0 if step is None else np.asarray(step, float))
    floors = np.asarray([k] * len(scale.low) if fewest is None else fewest, np.int64)
    _check(answers, unit, order, seed, scale, min([k, *floors.tolist()]), paths)
    asked = ~np.isnan(answers)
    there = asked.any(axis=1) if present is None else present
    size = np.bincount(unit[there], minlength=len(paths))
    held = np.flatnonzero(size)
    pooled = pool(
        [paths[u] for u in held.tolist()], lambda rows: int(size[held[list(rows)]].sum()) >= k
    )
    group_of = np.full(len(paths), -1)
    for g, (_, units) in enumerate(pooled):
        group_of[held[list(units)]] = g
    row_group = np.where(there, group_of[unit], -1)
    rows, atom, starts = _chunks(row_group, order, _noise(seed, wave, len(unit)), k)
    place = np.full(len(unit), -1)
    place[rows] = atom
    if len(starts):
        given = np.add.reduceat(asked[rows], starts, axis=0, dtype=np.int64)
        total = np.add.reduceat(np.where(asked[rows], answers[rows], 0.0), starts, axis=0)
    else:
        given, total = np.zeros((0, len(items)), np.int64), np.zeros((0, len(items)))
    owner = row_group[rows][starts] if len(starts) else np.zeros(0, np.int64)
    cells = merge(given, total, owner, scale, floors, guard=guard)
    people = np.diff(np.append(starts, len(rows)))
    print_ = _fingerprint(seed, wave, place)
    groups = tuple(p for p, _ in pooled)
    return Cut(Atoms(wave, k, tuple(items), groups, owner, people, cells, scale, print_), place)


def _check(
    answers: Floats,
    unit: Ints,
    order: Ints,
    seed: bytes,
    scale: Scale,
    k: int,
    paths: Sequence[object],
) -> None:
    if k < 5:
        raise RefusedError("groups of at least 5 are the least that is promised; not {k}.", k=k)
    if len(seed) != SEED_BYTES:
        raise RefusedError("the secret seed has {n} bytes; it needs 32.", n=len(seed))
    if answers.ndim != 2 or not len(answers) == len(unit) == len(order):
        raise RefusedError("answers, units and order do not have the same rows.")
    if answers.shape[1] != len(scale.low) or len(scale.low) != len(scale.high):
        raise RefusedError("the scale does not have one lowest and highest value for each item.")
    if len(set(paths)) < len(paths) or (
        len(unit) and not 0 <= unit.min() <= unit.max() < len(paths)
    ):
        raise RefusedError(
            "every unit has one place of its own in the hierarchy, and every row one."
        )
    if len(order) and int(order.min()) < 0:
        raise RefusedError("the order of people counts from 0.")
    given = np.nan_to_num(answers, nan=0.0)
    known = ~np.isnan(answers)
    part = (scale.steps == 1.0) & (given != np.floor(given))
    off = known & ((answers < scale.low) | (answers > scale.high) | part)
    if off.any():
        row, item = (int(v) for v in np.argwhere(off)[0])
        raise RefusedError(
            "answer {item} of row {row} is not a whole value of its scale; nothing is cut.",
            item=item + 1,
            row=row + 1,
        )


def _noise(seed: bytes, wave: str, n: int) -> NDArray[np.uint64]:
    key = hmac.new(seed, wave.encode(), hashlib.sha256).digest()
    bits = np.random.Philox(key=np.frombuffer(key[:16], np.uint64))
    return np.asarray(bits.random_raw(n), np.uint64)


def _chunks(group: Ints, order: Ints, noise: NDArray[np.uint64], k: int) -> tuple[Ints, Ints, Ints]:
    """Return rows in the order of their atoms, the atom of each, and where each atom starts."""
    kept = np.flatnonzero(group >= 0)
    if not len(kept):
        return kept, kept, kept
    widest = int(order[kept].max()) + 1
    key = group[kept].astype(np.uint64) * np.uint64(widest) + order[kept].astype(np.uint64)
    bits = max(int(key.max()).bit_length(), 1)
    if bits > 32:
        by = np.lexsort((noise[kept], key))
    else:
        by = np.argsort((key << np.uint64(64 - bits)) | (noise[kept] >> np.uint64(bits)))
    rows = kept[by]
    owner = group[rows]
    size = np.bincount(owner)
    begins = np.concatenate(([0], np.cumsum(size)[:-1]))
    parts = size // k
    before = np.concatenate(([0], np.cumsum(parts)[:-1]))
    rank = np.arange(len(rows)) - begins[owner]
    atom = before[owner] + rank * parts[owner] // size[owner]
    starts = np.flatnonzero(np.append(True, atom[1:] != atom[:-1]))
    return rows, atom, starts


def _fingerprint(seed: bytes, wave: str, place: Ints) -> str:
    mac = hmac.new(seed, wave.encode(), hashlib.sha256)
    mac.update(place.astype("<i8").tobytes())
    return mac.hexdigest()
