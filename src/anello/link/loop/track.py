"""Which figures of a pair are followed over time: units, waves, and what is left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.chain import Link
from anello.store.panel import Panel

from ..rows import chosen

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEW_IN_WAVE = 5
MOST_WAVES = 10
WHOLE = 0.995


@dataclass(frozen=True)
class Track:
    """Figures of source `x` and target `y`, units x waves, NaN where missing.

    `waves` are the keys of waves at equal distance; `left_out` counts waves that have both and
    are not among them, `partial` the figures that cover only a part of their period. Every unit
    has both measures at least once.
    """

    x: Array
    y: Array
    waves: tuple[str, ...]
    left_out: int
    partial: int

    @property
    def units(self) -> int:
        """Return the number of units."""
        return len(self.x)

    @property
    def n(self) -> int:
        """Return in how many cells both measures are known."""
        return int(np.sum(np.isfinite(self.x) & np.isfinite(self.y)))


def track(panel: Panel, link: Link) -> Track:
    """Return the longest run of waves in which at least five units have both measures.

    Of runs equally long the latest counts; of a run the latest waves: ten at most, and so few
    that two columns for each wave stay below the number of units. Figures that cover a part of
    their period count as missing.
    """
    keep = chosen(panel, link)
    x, cut_x = whole(panel, link.source, keep)
    y, cut_y = whole(panel, link.target, keep)
    both = np.isfinite(x) & np.isfinite(y)
    there = both.sum(axis=0) >= FEW_IN_WAVE
    run = _longest(there)
    for waves in range(min(len(run), MOST_WAVES), -1, -1):
        used = run[len(run) - waves :]
        units = both[:, used].any(axis=1)
        if waves <= 3 or 2 * waves < units.sum():
            break
    return Track(
        x[units][:, used],
        y[units][:, used],
        tuple(panel.waves[t] for t in used),
        int(there.sum()) - len(used),
        cut_x + cut_y,
    )


def whole(panel: Panel, key: str, keep: Mask | None = None) -> tuple[Array, int]:
    """Return the figures of a measure that cover their whole period, and how many do not."""
    values = panel.mean[key] if keep is None else np.where(keep, panel.mean[key], np.nan)
    covered = panel.coverage.get(key)
    if covered is None:
        return values, 0
    part = np.isfinite(values) & (covered < WHOLE)
    return np.where(part, np.nan, values), int(part.sum())


def _longest(there: Mask) -> list[int]:
    best: list[int] = []
    run: list[int] = []
    for t, known in enumerate(there):
        run = [*run, t] if known else []
        best = run if len(run) >= len(best) else best
    return best
