"""Numbers drawn many times over that carry their units: euro per shop and week, and no other.

Units are named by the caller: points of a measure, shops, weeks, a currency. They multiply and
divide with the numbers; what cannot be added is not added.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Units = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Quantity:
    """Draws of one number with its units, powers other than 0 in the order of their names.

    >>> slope = Quantity.of(np.array([2.0]), over=("engagement",), under=("sales",))
    >>> (slope * Quantity.of(np.array([3.0]), over=("sales",))).units
    (('engagement', 1),)
    """

    draws: Array
    units: Units = ()

    @classmethod
    def of(cls, draws: Array, over: Iterable[str] = (), under: Iterable[str] = ()) -> "Quantity":
        """Return draws in units `over` per units `under`."""
        return cls(draws, _gathered([(name, 1) for name in over] + [(name, -1) for name in under]))

    def __mul__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.draws * other.draws, _gathered([*self.units, *other.units]))

    def __sub__(self, other: "Quantity") -> "Quantity":
        other.expect(self.units)
        return Quantity(self.draws - other.draws, self.units)

    def expect(self, units: Units) -> "Quantity":
        """Return the quantity itself; raises ValueError when it is in other units.

        >>> Quantity.of(np.ones(1), over=("EUR",), under=("shop", "week")).expect((("EUR", 1),))
        Traceback (most recent call last):
        ...
        ValueError: EUR / shop / week is not EUR
        """
        if self.units != units:
            raise ValueError(f"{written(self.units)} is not {written(units)}")
        return self


def _gathered(parts: Iterable[tuple[str, int]]) -> Units:
    powers: dict[str, int] = {}
    for name, power in parts:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def units(over: Iterable[str] = (), under: Iterable[str] = ()) -> Units:
    """Return units to compare with.

    >>> units(["EUR"], ["shop", "week"])
    (('EUR', 1), ('shop', -1), ('week', -1))
    """
    return _gathered([(name, 1) for name in over] + [(name, -1) for name in under])


def written(of: Units) -> str:
    """Return units as a person writes them.

    >>> written((("EUR", 1), ("shop", -1), ("week", -2)))
    'EUR / shop / week / week'
    """
    over = [name for name, power in of for _ in range(max(power, 0))]
    under = [name for name, power in of for _ in range(max(-power, 0))]
    return " / ".join([" ".join(over) or "1", *under])
