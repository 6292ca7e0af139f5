"""What customers said on each shift, from a source of their own."""

from dataclasses import dataclass

import numpy as np

from anello.listen.study_rows import ROLE, StudyRows
from anello.model.chain import Grain
from anello.stats.contagion.shifts import Texts
from anello.stats.moments import Floats

PLACE = ("site", "day", "shift")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Served:
    """The customers of a study; their figures leave the engine as one mean a shift."""

    rows: StudyRows

    def of(self, where: tuple[Texts, Texts, Texts], column: str) -> Floats:
        """Return the mean of a column on the shift of each row of the staff, NaN without one.

        `where` is (site, day, shift); a study without sites has one, called "-".
        """
        means = {place: mean for place, (mean, _) in self._shifts(column).items()}
        return np.array([means.get(p, np.nan) for p in zip(*where, strict=True)], dtype=np.float64)

    def answers(self, where: tuple[Texts, Texts, Texts], column: str) -> int | None:
        """Return how many customers answered on the staff's shifts; None where rows are figures."""
        if self.rows.rows.source.grain is not Grain.PERSON:
            return None
        met = set(zip(*where, strict=True))
        return sum(n for place, (_, n) in self._shifts(column).items() if place in met)

    def _shifts(self, column: str) -> dict[Key, tuple[float, int]]:
        table = self.rows.rows.table
        roles = [r for r in PLACE if ROLE + r in table.columns]
        known = table.filter(table[column].notnull())
        cells = known.group_by([ROLE + r for r in roles]).aggregate(
            mean=known[column].mean(), n=known.count()
        )
        found = {}
        for row in cells.to_pyarrow().to_pylist():
            site, day, shift = (row.get(ROLE + role, "-") for role in PLACE)
            # Twelve digits: an engine may add in any order, and the same rows say the same.
            found[site, day, shift] = float(f"{row['mean']:.12g}"), int(row["n"])
        return found
