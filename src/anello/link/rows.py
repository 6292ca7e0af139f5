"""The rows of one link: a figure of a unit in a wave, source and target side by side."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anello.model.chain import Link
from anello.model.errors import ModelError
from anello.store.panel import Panel

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Unit x wave rows that have the source, the target and every control.

    `unit` and `wave` point into the panel; `wave` is that of the target and of the controls, the
    source is read `lag` waves before. `cells` is n x (2 + controls): target, source, controls.
    `people` is how many respondents stand behind a row (1 for unit-level figures). `peer` codes
    the group inside which units are compared, all 0 when the link names none.
    """

    unit: Codes
    wave: Codes
    cells: Array
    people: Array
    peer: Codes
    persons: bool = False

    def keep(self, mask: NDArray[np.bool_]) -> "Rows":
        """Return the rows where `mask` is true."""
        return replace(
            self,
            unit=self.unit[mask],
            wave=self.wave[mask],
            cells=self.cells[mask],
            people=self.people[mask],
            peer=self.peer[mask],
        )

    def beside(self, control: Array) -> "Rows":
        """Return the rows with one more control."""
        return replace(self, cells=np.column_stack([self.cells, control]))

    @property
    def n(self) -> int:
        """Return rows, or the answers behind them where a measure comes from persons."""
        return round(float(np.nansum(self.people)))

    @property
    def waves(self) -> int:
        """Return in how many distinct waves the target was met."""
        return len(np.unique(self.wave))


def rows_of(panel: Panel, link: Link) -> Rows:
    """Return the rows that one link has, in the order unit, wave.

    Raises `ModelError` when the link names a column of units that the panel does not have, or a
    group to which no unit belongs.
    """
    _check_groups(panel, link)
    source = shift(panel.mean[link.source], link.lag)
    controls = [panel.mean[name] for name in link.controls]
    stacked = np.stack([panel.mean[link.target], source, *controls], axis=-1)
    known = np.all(np.isfinite(stacked), axis=-1) & chosen(panel, link)
    unit, wave = np.nonzero(known)
    peer = np.zeros(len(unit), dtype=np.int64)
    if link.peers is not None:
        labels = group_of_units(panel, link.peers)[unit]
        peer = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    people, persons = _people(panel, link, known)
    return Rows(unit, wave, stacked[known], people, peer, persons)


def _check_groups(panel: Panel, link: Link) -> None:
    for column in (*(c for c, _ in link.only), *([link.peers] if link.peers else [])):
        if column not in panel.groups or not (panel.groups[column] != "").any():
            raise ModelError(
                "the link {formula!r} groups units by {column!r}, but no source has that column "
                "with a value in it.",
                formula=link.formula,
                column=column,
            )
    for column, value in link.only:
        there = sorted({str(label) for label in panel.groups[column].flat} - {""})
        if value not in there:
            raise ModelError(
                "the link {formula!r} keeps the units whose {column!r} is {value!r}, but there is "
                "none; it holds: {values}. Correct `only`.",
                formula=link.formula,
                column=column,
                value=value,
                values=", ".join(there[:8]),
            )


def shift(values: Array, lag: int) -> Array:
    """Return units x waves values moved `lag` waves later; the first waves become NaN.

    >>> shift(np.array([[1.0, 2.0, 3.0]]), 1).tolist()
    [[nan, 1.0, 2.0]]
    """
    out = np.full_like(values, np.nan)
    out[:, lag:] = values[:, : max(values.shape[1] - lag, 0)]
    return out


def chosen(panel: Panel, link: Link) -> NDArray[np.bool_]:
    """Return units x waves: True where the unit belongs to those the link speaks of.

    A label counts in the wave in which it stands; where a wave has none, the unit's own last
    known label is taken.
    """
    keep = np.ones((len(panel.units), len(panel.waves)), dtype=bool)
    for column, value in link.only:
        labels = panel.groups[column]
        known = np.where(labels == "", group_of_units(panel, column)[:, None], labels)
        keep &= known == value
    return keep


def group_of_units(panel: Panel, column: str) -> NDArray[np.object_]:
    """Return each unit's last known label, "" where it never had one."""
    labels = panel.groups[column]
    out = np.full(len(panel.units), "", dtype=object)
    for t in range(labels.shape[1]):
        out = np.where(labels[:, t] != "", labels[:, t], out)
    return out


def _people(panel: Panel, link: Link, known: NDArray[np.bool_]) -> tuple[Array, bool]:
    """Return the respondents behind each row: the fewer of two where both sides are persons."""
    counts = []
    if link.target in panel.persons:
        counts.append(panel.n[link.target][known])
    if link.source in panel.persons:
        counts.append(shift(panel.n[link.source], link.lag)[known])
    if not counts:
        return np.ones(int(known.sum())), False
    return np.fmin.reduce(counts), True
