"""Asking the ledger: all at once, then part by part; what it refuses is left out, and said."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress

import numpy as np

from anello.model.chain import Measure
from anello.model.errors import AuditError, RefusedError
from anello.model.notes import Note
from anello.model.words import Words
from anello.protect.ledger import Candidate, Keeper, Row

from .agreement import of_items, of_means, of_score, together
from .figures import Close, Figure
from .persons import Persons

PARTS = {"score": of_score, "items": of_items, "means": of_means}
"""What reliability and invariance are told of, the more useful first."""


def admitted(
    made: Close,
    measures: Sequence[Measure],
    more: Sequence[Figure],
    asked: Sequence[Candidate],
    keeper: Keeper,
) -> tuple[tuple[Figure, ...], tuple[Row, ...], tuple[Note, ...]]:
    """Return the figures of a wave that may leave, the lines that allow them, and what is left out.

    `more` are the weighted means that `asked` asks for, measure by measure; those that would tell
    too much are left out. Raises `RefusedError` when the means of whole groups are refused, or when
    the answers are not those of the wave.
    """
    lines = [*keeper.admit(made.candidates)] if made.candidates else []
    kept, notes = list(made.figures), list[Note]()
    labels, wave = {m.key: m.label for m in measures}, made.wave.partition("/")[2]
    for one in asked:
        try:
            lines += keeper.admit([one])
            kept += [f for f in more if f.measure == one.what]
        except AuditError as error:
            reason = Words(error.text("en"), error.text("it"))
            notes.append(Note(REFUSED, measure=labels[one.what], wave=wave, reason=reason))
    return tuple(kept), tuple(lines), tuple(notes)


REFUSED = (
    "The weighted means of {measure} in {wave} are left out, for the ledger refused them: {reason}"
)


def reliable(
    people: Persons,
    measures: Sequence[Measure],
    exact: AbstractSet[tuple[str, str]],
    made: Close,
    keeper: Keeper,
) -> tuple[frozenset[tuple[str, str]], tuple[Row, ...]]:
    """Ask for the reliability of all measures at once, then one by one; return what may leave."""
    asked: dict[tuple[str, str], Candidate] = {}
    for m in measures:
        used = np.array([(u, m.key) in exact for u in people.homes])[people.home]
        for part, of in PARTS.items():
            found = of(people, m, used, made.wave, made.people)
            if found is not None:
                asked[m.key, part] = found
    if not asked:
        return frozenset(), ()
    with suppress(RefusedError):
        return frozenset(asked), keeper.admit([together(list(asked.values()))])
    kept: set[tuple[str, str]] = set()
    lines: list[Row] = []
    for part in PARTS:
        for key in (k for k in asked if k[1] == part):
            with suppress(RefusedError):
                lines += keeper.admit([asked[key]])
                kept.add(key)
    return frozenset(kept), tuple(lines)
