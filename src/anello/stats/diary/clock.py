"""Time as steps: days and prompts of a day become whole numbers on one axis."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ..moments import Floats

Texts = NDArray[np.object_]


def days(column: Sequence[object]) -> Floats:
    """Return days as numbers: numbers as they are, dates as days, other texts in sorted order.

    A missing day is NaN.

    >>> days(["2025-03-30", "2025-04-01", None]).tolist()
    [0.0, 2.0, nan]
    >>> days(["3", "1"]).tolist(), days(["mon", "tue"]).tolist()
    ([3.0, 1.0], [0.0, 1.0])
    """
    known = [v for v in column if v is not None and v == v]
    for read in (_number, _day):
        found = {v: read(v) for v in set(known)}
        if known and all(v is not None for v in found.values()):
            least = min(v for v in found.values() if v is not None) if read is _day else 0.0
            values = {v: number - least for v, number in found.items() if number is not None}
            break
    else:
        values = {v: float(i) for i, v in enumerate(sorted(set(known), key=str))}
    return np.array([values.get(v, np.nan) for v in column], dtype=np.float64)


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _day(value: object) -> float | None:
    try:
        return float(date.fromisoformat(str(value)[:10]).toordinal())
    except ValueError:
        return None


def prompts(column: Sequence[object]) -> tuple[Floats, tuple[str, ...]]:
    """Return the place of each prompt in its day (0, 1, ...) and the prompts in order.

    Numbers stand in their order, words in the order in which the data bring them.

    >>> prompts(["before work", "bedtime", "before work"])
    (array([0., 1., 0.]), ('before work', 'bedtime'))
    """
    known = list(dict.fromkeys(v for v in column if v is not None and v == v))
    if known and all(_number(v) is not None for v in known):
        known.sort(key=lambda v: _number(v) or 0.0)
    place = {v: float(i) for i, v in enumerate(known)}
    found = np.array([place.get(v, np.nan) for v in column], dtype=np.float64)
    return found, tuple(map(str, known))


def on_one_axis(day: Floats, prompt: Floats, count: int, night: float = 1.0) -> Floats:
    """Return the time in steps: prompts of a day are one step apart, the night takes `night`.

    >>> on_one_axis(np.array([1.0, 1.0, 2.0]), np.array([0.0, 2.0, 0.0]), 3, night=2).tolist()
    [4.0, 6.0, 8.0]
    """
    return np.asarray(day * (count - 1 + night) + prompt)
