"""A unit that is chosen on the form proves nothing; more answers than people prove a fault."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Overfull:
    """A unit with more answers than people who may answer: nothing of it is released."""

    unit: str
    answers: int
    eligible: int


def overfull(answers: Mapping[str, int], eligible: Mapping[str, int]) -> tuple[Overfull, ...]:
    """Return the units to block, in order of name; a unit that nobody knows has nobody in it.

    A unit that is not overfull may still hold answers of other units' people: a token says that
    somebody may answer once, not where. Numbers are before any band.

    >>> overfull({"Shop 1": 13, "Shop 2": 9}, {"Shop 1": 12, "Shop 2": 9})
    (Overfull(unit='Shop 1', answers=13, eligible=12),)
    """
    return tuple(
        Overfull(unit, n, eligible.get(unit, 0))
        for unit, n in sorted(answers.items())
        if n > eligible.get(unit, 0)
    )
