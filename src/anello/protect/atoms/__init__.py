"""Frozen groups of at least k, cut at wave close: every published figure is a sum of them."""

from .cells import Cells, Scale, forced
from .cut import Atoms, Cut, cut
from .pooling import pool
from .splits import Split, splits
from .views import Figure, estimates, means, regrouped, response

__all__ = [
    "Atoms",
    "Cells",
    "Cut",
    "Figure",
    "Scale",
    "Split",
    "cut",
    "estimates",
    "forced",
    "means",
    "pool",
    "regrouped",
    "response",
    "splits",
]
