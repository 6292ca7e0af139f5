"""What somebody with the staff list knows: who stood where, and what else the list says of them."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """One line of the list: a person in one wave, and the values of the list's columns.

    `release` names the one release that the line tells of, empty for all. `answered` is None where
    nobody knows.
    """

    person: str
    wave: str
    values: tuple[str, ...]
    release: str = ""
    answered: bool | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """The list; its first column is the unit, the others are what else is known of people."""

    posts: tuple[Post, ...]

    def of(self, wave: str, release: str) -> tuple[Post, ...]:
        """Return those on the list of a wave and release who are not known to have kept silent."""
        return tuple(
            p
            for p in self.posts
            if p.wave == wave and p.release in ("", release) and p.answered is not False
        )


def column(posts: Collection[Post], units: Collection[str]) -> int | None:
    """Return the first column of the list that knows all these units; None when none does.

    A release may be cut by teams and another by shifts: each by a column of its own.
    """
    width = min((len(p.values) for p in posts), default=0)
    for at in range(width):
        if set(units) <= {p.values[at] for p in posts}:
            return at
    return None
