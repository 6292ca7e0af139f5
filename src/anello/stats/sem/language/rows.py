"""One row of the parameter table, the kinds of models, and how a text shall be read."""

from dataclasses import dataclass
from math import nan


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of model adds by itself: variances, covariances, the scale of its latents."""

    automatic: bool
    observed_means: bool
    latent_means: bool


KINDS = {
    "sem": Kind(True, True, False),
    "cfa": Kind(True, True, False),
    "growth": Kind(True, False, True),
    "lavaan": Kind(False, False, False),
}


@dataclass(slots=True)
class Row:
    """One parameter: free, or fixed at `value` (NaN: at what the data say, for given variables).

    A `marker` is the loading that was fixed at 1 to give its latent a scale.
    """

    lhs: str
    op: str
    rhs: str
    group: int
    level: int
    free: bool = True
    value: float = nan
    start: float = nan
    label: str = ""
    given: bool = False
    user: bool = False
    marker: bool = False
    place: int = 0
    index: int = -1

    @property
    def own_variance(self) -> bool:
        """Return whether this is a variance."""
        return self.op == "~~" and self.lhs == self.rhs

    @property
    def name(self) -> str:
        """Return how the row is written in a model's text."""
        return f"{self.lhs} {self.op} {self.rhs}".rstrip()


@dataclass(frozen=True, slots=True)
class Wish:
    """How a text shall be read: its kind, its groups, what they share, whether means matter."""

    kind: str = "sem"
    groups: int = 1
    levels: int = 1
    equal: tuple[str, ...] = ()
    means: bool | None = None
    random_x: bool = False
