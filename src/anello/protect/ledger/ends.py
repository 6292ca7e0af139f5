"""The last day of a promise: after it nothing leaves, and the private ledger is destroyed."""

from datetime import date
from pathlib import Path

from anello.model.errors import RefusedError
from anello.model.promise import Promise, seal_of

from . import private, public
from .audit import Verdict, refused
from .held import DESTROYED
from .lock import locked
from .public import Chain, Row

ENDS = "ends"


def over(chain: Chain, promise: Promise, day: date) -> Verdict | None:
    """Refuse after the last day of a promise; a clock set back opens nothing again."""
    seen = date.fromisoformat(chain.rows[-1].day) if chain.rows else day
    if max(day, seen) <= promise.ends:
        return None
    return refused(
        "the last day of the promise of {campaign}, {day}, is over; nothing more of it leaves.",
        campaign=promise.campaign,
        day=promise.ends.isoformat(),
    )


def ended(chain: Chain, wave: str, day: date) -> Verdict | None:
    """Refuse after the first last day that was promised of a wave; no later promise moves it."""
    ends = [str(r.values[ENDS]) for r in chain.rows if r.wave == wave and ENDS in r.values]
    last = min(ends, default=day.isoformat())
    if max(day.isoformat(), chain.rows[-1].day if chain.rows else "") <= last or not ends:
        return None
    return refused(
        "the last day that was promised of wave {wave}, {day}, is over; nothing more of it leaves.",
        wave=wave,
        day=last,
    )


def destroy(folder: Path, wave: str, day: date) -> Row:
    """Destroy the private ledger of a wave and write that it is gone; nothing more of it leaves.

    The line is written first, so that a crash between the two leaves the wave closed, not open.
    """
    with locked(folder):
        chain = public.read(folder)
        row = Row(0, day.isoformat(), wave, DESTROYED, "", True, "")
        chain = public.append(folder, chain, row)
        path = private.path_of(folder, wave)
        if path.exists():
            path.unlink()
            public.sync_folder(path.parent)
    return chain.rows[-1]


def end(folder: Path, promise: Promise, day: date) -> tuple[Row, ...]:
    """Destroy the private ledger of every wave that was released under a promise, once it is over.

    Raises `RefusedError` while the last day is not over. Waves that are destroyed already stay so.
    """
    chain = public.read(folder)
    if over(chain, promise, day) is None:
        raise RefusedError(
            "the weights of {campaign!r} are kept through {day}; nothing was destroyed.",
            campaign=promise.campaign,
            day=promise.ends.isoformat(),
        )
    gone = {r.wave for r in chain.rows if r.kind == DESTROYED}
    waves = dict.fromkeys(r.wave for r in chain.rows if r.seal == seal_of(promise) and r.allowed)
    return tuple(destroy(folder, wave, day) for wave in waves if wave not in gone)
