"""Lists of words, stems and phrases, looked up longest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .tokens import tokens

V = TypeVar("V")


@dataclass(frozen=True)
class Entries(Generic[V]):
    """What each entry stands for: whole words, beginnings of words (`late*`), phrases (`a_b`).

    Of several that begin at one word the longest phrase wins, then the whole word, then the
    longest stem.
    """

    whole: dict[tuple[str, ...], V]
    stems: dict[tuple[str, ...], V]
    longest: int
    reach: int

    def at(self, words: Sequence[str], i: int) -> tuple[int, V] | None:
        """Return how many words the entry at place `i` takes, and what it stands for."""
        for size in range(min(self.longest, len(words) - i), 0, -1):
            head, last = tuple(words[i : i + size - 1]), words[i + size - 1]
            if (whole := self.whole.get((*head, last))) is not None:
                return size, whole
            for cut in range(min(len(last), self.reach), 1, -1):
                if (stem := self.stems.get((*head, last[:cut]))) is not None:
                    return size, stem
        return None


def entries(listed: Mapping[str, V] | Iterable[tuple[str, V]]) -> Entries[V]:
    """Return entries as they are written in a data file; the first of two equal ones stays.

    >>> found = entries({"wait*": 1, "long_wait*": 2})
    >>> found.at(["a", "long", "waiting"], 1), found.at(["waits"], 0), found.at(["x"], 0)
    ((2, 2), (1, 1), None)
    """
    pairs = listed.items() if isinstance(listed, Mapping) else listed
    whole: dict[tuple[str, ...], V] = {}
    stems: dict[tuple[str, ...], V] = {}
    for written, value in pairs:
        words = tuple(tokens(written.rstrip("*").replace("_", " ")))
        if words:
            (stems if written.endswith("*") else whole).setdefault(words, value)
    longest = max((len(w) for w in (*whole, *stems)), default=1)
    reach = max((len(w[-1]) for w in stems), default=1)
    return Entries(whole, stems, longest, reach)
