"""A synthetic staff of 400 in 20 units, three waves, with leavers and movers; no product code."""

from dataclasses import dataclass

import numpy as np

WAVES = 3
MEANS = np.array([3.6, 4.3, 3.1, 3.9])
"""Four items; the second is one that nearly everybody likes."""


@dataclass(frozen=True)
class Staff:
    """Unit of each person and wave (-1: gone), four demographics, answers (wave, person, item)."""

    unit: np.ndarray
    demographics: np.ndarray
    answers: np.ndarray

    def there(self, wave: int) -> np.ndarray:
        """Return who gave at least one answer."""
        return np.flatnonzero(~np.isnan(self.answers[wave]).all(axis=1))


def paths(units: int = 20) -> list[tuple[str, ...]]:
    return [(f"region {u // 5}", f"unit {u:02}") for u in range(units)]


def staff(seed: int, people: int = 400, units: int = 20) -> Staff:
    """Return a staff: 6 % leavers and 5 % movers a wave, 85 % response, 3 % of items left out."""
    rng = np.random.default_rng(seed)
    weight = rng.lognormal(0, 0.5, units)
    unit = np.empty((WAVES, people), int)
    unit[0] = rng.choice(units, people, p=weight / weight.sum())
    for wave in range(1, WAVES):
        unit[wave] = unit[wave - 1]
        moved = rng.random(people) < 0.05
        unit[wave][moved] = rng.integers(0, units, moved.sum())
        unit[wave][rng.random(people) < 0.06] = -1
        unit[wave][unit[wave - 1] < 0] = -1
    demographics = np.stack([rng.integers(0, v, people) for v in (2, 3, 4, 5)], axis=1)
    climate = rng.normal(0, 0.35, (units, len(MEANS)))
    person = rng.normal(0, 0.6, (people, len(MEANS)))
    answers = np.full((WAVES, people, len(MEANS)), np.nan)
    for wave in range(WAVES):
        noise = rng.normal(0, 0.7, (people, len(MEANS)))
        value = np.clip(np.rint(MEANS + climate[unit[wave]] + person + noise), 1, 5)
        out = (unit[wave] < 0) | (rng.random(people) > 0.85)
        value[rng.random(value.shape) < 0.03] = np.nan
        value[out] = np.nan
        answers[wave] = value
    return Staff(unit, demographics, answers)
