"""What a check is: one doubt about one link at one level."""

from typing import Protocol

from anello.model.evidence import BLOCK, PASS, WARN, Check

from ..look import Look

__all__ = ["BLOCK", "NOTICEABLE", "PASS", "WARN", "LinkCheck", "shown", "turns"]

NOTICEABLE = 0.05


class LinkCheck(Protocol):
    """A doubt: passed, shown as a warning, or blocking; its name is its key on the shelf."""

    def __call__(self, look: Look) -> Check | None:
        """Return what was found, or None where the doubt does not apply."""
        ...


def shown(**values: object) -> tuple[tuple[str, object], ...]:
    """Return the values of a check: numbers rounded to what a reader needs, measures as keys.

    >>> shown(rate=0.4449, measure="engagement")
    (('rate', 0.44), ('measure', 'engagement'))
    """
    return tuple((k, round(v, 2) if isinstance(v, float) else v) for k, v in values.items())


def turns(before: float, after: float) -> bool:
    """Return whether a standardised estimate turns its sign or loses more than half of its size.

    A change below .05 never counts: near zero every estimate turns.

    >>> turns(0.4, -0.1), turns(0.4, 0.15), turns(0.4, 0.3), turns(0.01, -0.02)
    (True, True, False, False)
    """
    changed = abs(after - before) > NOTICEABLE
    return changed and (before * after < 0 or abs(after) < abs(before) / 2)
