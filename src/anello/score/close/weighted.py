"""Weighted means of whole groups: no sum of atoms, so each person's share in them is audited."""

from collections.abc import Mapping, Sequence

import numpy as np

from anello.model.chain import Measure
from anello.model.disclosure import Disclosure
from anello.model.topics import fewest
from anello.protect.ledger import MODEL, Candidate
from anello.protect.ledger.audit import MOST, behind
from anello.stats.moments import Floats

from .figures import Close, Figure, Span, told_columns
from .persons import Ints, Persons

LARGEST = 50_000_000
"""The most weights that are audited at once: groups x people."""


def weighted(
    persons: Persons,
    measures: Sequence[Measure],
    spans: Mapping[str, Span],
    made: Close,
    disclosure: Disclosure,
    seed: bytes,
) -> tuple[tuple[Figure, ...], tuple[Candidate, ...]]:
    """Return the weighted means that may leave, and one candidate for each measure.

    A mean of too few, one of which a single person carries half or more, or one that leaves
    somebody on one side of the middle of the scale, is no figure; nor is one of several groups,
    after a merger, of which any is none, since the others were told before.
    """
    figures: list[Figure] = []
    candidates: list[Candidate] = []
    for m in (m for m in measures if m.weight is not None):
        found, rows = _of_measure(persons, m, spans[m.key], made, fewest(m.scoring, disclosure))
        if not found:
            continue
        figures += found
        names = tuple(f"{m.key}: {f.label}" for f in found)
        counts = tuple(f.n for f in found)
        sorts = ("mean",) * len(rows)
        asked = Candidate(
            made.wave,
            MODEL,
            m.key,
            made.people,
            names,
            sorts,
            np.array(rows),
            counts,
            columns=told_columns([m], persons, seed),
        )
        candidates.append(asked)
    return tuple(figures), tuple(candidates)


def _of_measure(
    persons: Persons, m: Measure, span: Span, made: Close, least: int
) -> tuple[list[Figure], list[Floats]]:
    x, w = persons.scores[m.key], persons.weights[m.key]
    group = made.group
    used = np.isfinite(x) & np.isfinite(w) & (w > 0)
    figures: list[Figure] = []
    rows: list[Floats] = []
    for i, told in enumerate(made.places):
        parts = [np.flatnonzero(used & (group == g)) for g in np.flatnonzero(made.place == i)]
        if (len(rows) + 1) * persons.count > LARGEST:
            break
        if not all(_sound(at, x, w, span, made, least) for at in parts):
            continue
        at = np.concatenate(parts)
        row = np.zeros(persons.count)
        row[at] = w[at] / w[at].sum()
        figures.append(Figure(m.key, told.units, told.label, len(at), float(row[at] @ x[at])))
        rows.append(row)
    return figures, rows


def _sound(at: Ints, x: Floats, w: Floats, span: Span, made: Close, least: int) -> bool:
    """Return whether the weighted mean of some people of a group tells of nobody alone."""
    if len(at) < least or _sided(x[at], w[at], span):
        return False
    carried = w[at] ** 2 / (w[at] ** 2).sum() + 1.0 / made.cut.atoms.people[made.cut.atom[at]]
    return behind(w[at]) >= least and bool(carried.max() < MOST)


def _sided(x: Floats, w: Floats, span: Span) -> bool:
    """Return whether the weighted sum leaves somebody on one side of the middle of the scale."""
    if span is None:
        return False
    low, high = span
    room = min(float(w @ (high - x)), float(w @ (x - low))) / float(w.max())
    return room < (high - low) / 2
