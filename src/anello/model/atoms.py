"""The nouns of frozen groups: which teams stand together, and what one cell tells."""

from dataclasses import dataclass
from enum import IntEnum


class Coded(IntEnum):
    """Whether a cell tells its mean, or only that the mean lies at one end of the scale."""

    LOW = -1
    EXACT = 0
    HIGH = 1


@dataclass(frozen=True, slots=True)
class Pooled:
    """Units whose answers are published together, and the place in the hierarchy they share.

    A unit that answered enough stands alone. `home` is the path from the top down to the deepest
    node that holds all of them, so a figure of that node, or of one above, may add them.

    >>> Pooled(("North", "Rome 1"), ("Rome 1",)).label
    'Rome 1'
    >>> Pooled(("North",), ("Rome 1", "Rome 2")).label
    'Rome 1 + Rome 2'
    """

    home: tuple[str, ...]
    units: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return the names of the units that stand together."""
        return " + ".join(self.units)

    @property
    def together(self) -> bool:
        """Return whether more than one unit stands behind the figure."""
        return len(self.units) > 1
