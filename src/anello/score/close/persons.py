"""The answers of one wave, read once at its close: the only rows of persons that leave an engine.

They stay in memory until the wave is cut into groups, and no longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from anello.listen.sources.base import AT, GIVEN
from anello.model.chain import Measure
from anello.stats.moments import Floats

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Persons:
    """N rows of one wave: `unit` (N,) points into `units`; NaN where nothing was answered.

    A unit is the one that was given with the answer, whatever it merged into since: `home` (N,)
    points into `homes`, today's units.
    `answers` are the columns as they were given, `scores` and `weights` are by measure. The order
    of the rows follows from their content alone, so another export of the same answers gives the
    same order; rows of one content stand as in the file. `at` (N,) is the place there, if any.
    """

    wave: str
    units: tuple[str, ...]
    unit: Ints
    homes: tuple[str, ...]
    home: Ints
    answers: dict[str, Floats]
    scores: dict[str, Floats]
    weights: dict[str, Floats]
    at: Ints | None = None

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return len(self.unit)

    @property
    def today(self) -> dict[str, str]:
        """Return the unit of today for each unit that was given."""
        pairs = zip(self.unit.tolist(), self.home.tolist(), strict=True)
        return {self.units[u]: self.homes[h] for u, h in set(pairs)}


def columns_of(measures: Sequence[Measure]) -> tuple[str, ...]:
    """Return the columns of answers that measures read, each once."""
    return tuple(dict.fromkeys(item.column for m in measures for item in m.items))


def persons(
    scored: ir.Table,
    measures: Sequence[Measure],
    wave: str,
    first: Sequence[str],
) -> Persons:
    """Read the rows of a wave from a table with `unit`, `wave`, scores and `answer <column>`.

    Rows are sorted by unit, then by the columns of answers, given as `first` in the order in which
    the ledger learns of them, so that what is added later changes nothing.
    """
    found = scored.filter(scored["wave"] == wave).to_pyarrow()
    units, unit = _placed(found, GIVEN if GIVEN in found.column_names else "unit")
    homes, home = _placed(found, "unit")
    answers = {c: _floats(found, f"answer {c}") for c in first}
    scores = {m.key: _floats(found, m.key) for m in measures}
    weights = {m.key: _floats(found, f"{m.key}__w") for m in measures if m.weight is not None}
    rest = [*(scores[k] for k in sorted(scores)), *(weights[k] for k in sorted(weights))]
    at = found[AT].to_numpy().astype(np.int64) if AT in found.column_names else None
    last = [] if at is None else [at]
    by = np.lexsort([*last, *rest[::-1], *(answers[c] for c in reversed(first)), unit])
    return Persons(
        wave,
        units,
        unit[by],
        homes,
        home[by],
        {c: v[by] for c, v in answers.items()},
        {m: v[by] for m, v in scores.items()},
        {m: v[by] for m, v in weights.items()},
        None if at is None else at[by],
    )


def _placed(table: pa.Table, column: str) -> tuple[tuple[str, ...], Ints]:
    """Return the sorted names of a column, and which of them each row has."""
    names = table[column].to_pylist()
    known = tuple(sorted(set(names)))
    place = {name: i for i, name in enumerate(known)}
    return known, np.array([place[name] for name in names], np.int64)


def _floats(table: pa.Table, name: str) -> Floats:
    """Return a column as numbers, none of them a zero below zero: engines differ in its sign."""
    values = table[name].to_numpy(zero_copy_only=False)
    return np.asarray(values, np.float64) + 0.0
