"""The promise to the people who answer: sealed at launch, raised any time, lowered never."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum

from .errors import RefusedError
from .words import LANGUAGES


class Secrecy(StrEnum):
    """How far the system can know who answered, weakest first."""

    CONFIDENTIAL = "confidential"
    TOKEN = "token"
    CARD = "card"


class Reader(StrEnum):
    """Who may look at results."""

    STAFF = "staff"
    REPRESENTATIVE = "representative"
    MANAGER = "manager"
    ANALYST = "analyst"
    BOARD = "board"


class Sight(StrEnum):
    """What a reader may look at."""

    ORGANISATION = "organisation"
    OWN_UNIT = "own_unit"
    ALL_UNITS = "all_units"
    SPLITS = "splits"
    COMMENTS = "comments"


Sees = tuple[tuple[Reader, tuple[Sight, ...]], ...]
SIGHTS: Sees = ((Reader.STAFF, (Sight.ORGANISATION, Sight.OWN_UNIT)),)
LEAST = {"scores": 5, "splits": 10, "comments": 10, "live": 20, "matched": 30, "invited": 30}


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: fewest people per kind of number, secrecy, retention, who sees what.

    `scores`, `splits`, `comments`, `live`, `matched` and `invited` are the fewest people behind a
    mean, a share of favourable answers, a shown comment, a running count, a view of the same people
    twice, and a rolling sample. `ends` is the day on which answers and comments are destroyed.
    Raises `RefusedError` below the floors of the rule.

    >>> Promise("2026 spring", Secrecy.TOKEN, date(2027, 3, 31)).scores
    5
    """

    campaign: str
    secrecy: Secrecy
    ends: date
    scores: int = LEAST["scores"]
    splits: int = LEAST["splits"]
    comments: int = LEAST["comments"]
    live: int = LEAST["live"]
    matched: int = LEAST["matched"]
    invited: int = LEAST["invited"]
    sees: Sees = SIGHTS
    languages: tuple[str, ...] = LANGUAGES

    def __post_init__(self) -> None:
        if not self.campaign.strip() or not self.campaign.isprintable():
            raise RefusedError("a promise names its campaign, in signs that can be printed.")
        for name, least in LEAST.items():
            n = getattr(self, name)
            if isinstance(n, bool) or not isinstance(n, int) or n < least:
                raise RefusedError(
                    "{name} of at least {least} people is the least that may be promised; not {n}.",
                    name=name,
                    least=least,
                    n=n,
                )
        if not self.languages or not set(self.languages) <= set(LANGUAGES):
            raise RefusedError("a promise speaks English, Italian or both: `en`, `it`.")
        if len({reader for reader, _ in self.sees}) != len(self.sees):
            raise RefusedError("a promise tells once what each reader sees.")
        tidy = tuple(sorted((reader, tuple(sorted(set(seen)))) for reader, seen in self.sees))
        object.__setattr__(self, "sees", tidy)
        object.__setattr__(self, "languages", tuple(sorted(set(self.languages))))


def canonical(promise: Promise) -> str:
    """Return the promise as canonical JSON: keys sorted, no spaces, UTF-8; the text that is sealed.

    >>> canonical(Promise("x", Secrecy.CARD, date(2027, 1, 1)))[:40]
    '{"campaign":"x","comments":10,"ends":"20'
    """
    told = asdict(promise) | {"sees": dict(promise.sees)}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def seal_of(promise: Promise) -> str:
    """Return the seal: SHA-256 of the canonical JSON, in 64 hexadecimal signs."""
    return hashlib.sha256(canonical(promise).encode()).hexdigest()


def lowered(old: Promise, new: Promise) -> tuple[tuple[str, object, object], ...]:
    """Return the lines (name, old, new) that `new` would lower; empty when it may follow.

    A later end, a weaker secrecy, a smaller floor, a reader or sight that was not there, a language
    that goes and another campaign lower the promise.
    """
    found: list[tuple[str, object, object]] = []
    if new.campaign != old.campaign:
        found.append(("campaign", old.campaign, new.campaign))
    order = list(Secrecy)
    if order.index(new.secrecy) < order.index(old.secrecy):
        found.append(("secrecy", old.secrecy.value, new.secrecy.value))
    if new.ends > old.ends:
        found.append(("ends", old.ends, new.ends))
    found += [(n, getattr(old, n), getattr(new, n)) for n in LEAST if _below(old, new, n)]
    seen = dict(old.sees)
    for reader, sights in new.sees:
        if not set(sights) <= set(seen.get(reader, ())):
            before = ", ".join(seen.get(reader, ())) or "-"
            found.append((f"sees.{reader.value}", before, ", ".join(sights)))
    if not set(old.languages) <= set(new.languages):
        found.append(("languages", ", ".join(old.languages), ", ".join(new.languages)))
    return tuple(found)


def _below(old: Promise, new: Promise, name: str) -> bool:
    return bool(getattr(new, name) < getattr(old, name))


def raised(old: Promise, new: Promise) -> Promise:
    """Return `new` when it lowers nothing of `old`; else refuse, naming the first line."""
    lower = lowered(old, new)
    if lower:
        name, before, after = lower[0]
        raise RefusedError(
            "the promise is never lowered: {name} was {before} and would become {after}.",
            name=name,
            before=before,
            after=after,
        )
    return new


def from_values(values: object) -> Promise:
    """Return a promise from the values of its JSON; refuse what is missing or unknown."""
    known = {f.name for f in fields(Promise)}
    if not isinstance(values, dict) or set(values) != known:
        raise RefusedError("the file is no promise: its lines are not those of a promise.")
    try:
        told = dict(values)
        told["secrecy"] = Secrecy(told["secrecy"])
        told["ends"] = date.fromisoformat(told["ends"])
        told["languages"] = tuple(told["languages"])
        told["sees"] = tuple(
            (Reader(r), tuple(Sight(s) for s in v)) for r, v in told["sees"].items()
        )
        return Promise(**told)
    except (ValueError, TypeError, AttributeError):
        raise RefusedError("the file is no promise: a line of it cannot be read.") from None
