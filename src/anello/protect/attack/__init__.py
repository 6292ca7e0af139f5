"""The attacker: what single answers follow from released figures, by algebra and by bounds."""

from .attack import attack
from .figure import Figure, exactly, rounded, sums
from .found import Attacked, Case, Finding, Kind, Row
from .scale import Scale, from_values
from .staff import Post, Staff

__all__ = [
    "Attacked",
    "Case",
    "Figure",
    "Finding",
    "Kind",
    "Post",
    "Row",
    "Scale",
    "Staff",
    "attack",
    "exactly",
    "from_values",
    "rounded",
    "sums",
]
