"""From where a wave's answers were read, and whether two readings can hold the same people."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One wave as it was read: the places of its rows, the rule of its waves, and which rows.

    `places` are all names of what was opened; two readings that share one are of the same source.
    A study reads all waves at once: its `wave` is "". `opens` and `closes` are the first and last
    day of a wave that is a period. `where` are the columns and values that rows must have. `state`
    names the bytes that were read: in the same state a row stands at the same place. All names are
    keyed digests, save the wave's.
    """

    places: tuple[str, ...]
    rule: str
    wave: str
    opens: str = ""
    closes: str = ""
    where: tuple[tuple[str, str], ...] = ()
    state: str = ""

    @property
    def study(self) -> bool:
        """Return whether it is of all waves at once."""
        return not self.wave

    @property
    def text(self) -> str:
        """Return the reading as a line of the ledger keeps it."""
        return json.dumps(asdict(self), sort_keys=True)

    def apart(self, other: "Reading") -> bool:
        """Return whether no row can stand in both.

        >>> all_ = Reading(("p",), "year", "2025")
        >>> women, men = (Reading(("p",), "year", "2025", where=(("sex", v),)) for v in "fm")
        >>> women.apart(men), women.apart(all_), all_.apart(Reading(("p",), "year", "2026"))
        (True, False, True)
        """
        if not self.near(other) or self.filtered(other):
            return True
        if self.rule != other.rule:
            return False
        if self.opens and other.opens:
            return self.closes < other.opens or other.closes < self.opens
        return self.wave != other.wave

    def near(self, other: "Reading") -> bool:
        """Return whether both were read from the same file or table."""
        return not set(self.places).isdisjoint(other.places)

    def filtered(self, other: "Reading") -> bool:
        """Return whether `where` alone keeps their rows apart."""
        wanted = dict(other.where)
        return any(wanted.get(column, value) != value for column, value in self.where)


def told(text: str) -> Reading:
    """Return a reading from a line of the ledger."""
    found = json.loads(text)
    where = tuple((c, v) for c, v in found["where"])
    return Reading(**found | {"places": tuple(found["places"]), "where": where})


def keyed(seed: bytes, *words: object) -> str:
    """Return a digest of words that nobody can try out without the secret."""
    return hmac.new(seed, repr(words).encode(), hashlib.sha256).hexdigest()[:32]
