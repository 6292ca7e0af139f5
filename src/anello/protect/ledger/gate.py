"""The gate before every number of people: under a lock, audited, written, then let go."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from anello.model.errors import AnelloError, AuditError, RefusedError
from anello.model.promise import Promise, seal_of
from anello.protect.atoms.spread import FEWEST_PEOPLE

from . import private, public
from .audit import Verdict, added, audit, identity, refused
from .candidate import Candidate, Ledger
from .ends import ENDS, ended, over
from .held import held
from .joint import Told, joint
from .lock import locked
from .private import Key, NoKey, Places
from .public import Chain, Row
from .reading import Reading
from .reading import told as read_as

READING = "reading"
FLOORS = ("splits", "comments", "live", "matched")
"""What a promise says beside its scores; none of it is lowered for a wave."""


def gate(
    folder: Path,
    candidates: Sequence[Candidate],
    promise: Promise,
    day: date,
    key: Key | None = None,
) -> tuple[Row, ...]:
    """Return the lines of the ledger that allow the candidates, all of them, or raise.

    `folder` is the one ledger of the organisation. Every refusal is written too, before
    `RefusedError` is raised with the reason: `AuditError` where these figures tell too much, and
    not the wave, its answers or its promise stand in the way. What was allowed before is allowed
    again under its old line, for it tells nothing new. Whatever goes wrong on the way, also a full
    disk, is a refusal: no audit, no number.
    """
    used = NoKey() if key is None else key
    try:
        with locked(folder):
            return _gate(folder, candidates, promise, day, used)
    except AnelloError:
        raise
    except Exception as error:
        raise RefusedError(
            "the ledger cannot be kept ({reason}); without it no number leaves.",
            reason=getattr(error, "strerror", None) or error,
        ) from error


def _gate(
    folder: Path, candidates: Sequence[Candidate], promise: Promise, day: date, key: Key
) -> tuple[Row, ...]:
    if not candidates:
        raise RefusedError("nothing was handed to the gate; without an audit no number leaves.")
    chain = public.read(folder)
    first: dict[str, Ledger] = {}
    ledgers: dict[str, Ledger] = {}
    fresh: list[tuple[Candidate, Row]] = []
    old: list[Row] = []
    for c in candidates:
        if c.wave not in ledgers:
            ledgers[c.wave] = _held(folder, chain, c, promise, day, key)
        first.setdefault(c.wave, ledgers[c.wave])
        ledger, before = ledgers[c.wave], _before(chain, c)
        barred = (
            over(chain, promise, day)
            or ended(chain, c.wave, day)
            or _promised(chain, ledger, promise)
            or _renamed(chain, c)
            or identity(ledger, c)
            or (_moved(ledger, c) if before is None else None)
        )
        verdict = barred or Verdict(True, "")
        if barred is None and before is None:
            verdict = _audited(folder, chain, c, ledgers, key)
        row = _row(c, verdict, promise, day)
        if not verdict.allowed:
            public.append(folder, chain, row)
            raise (AuditError if barred is None else RefusedError)(
                verdict.sentence, **verdict.values
            )
        if before is None:
            fresh.append((c, row))
        else:
            old.append(before)
        ledgers[c.wave] = added(ledger, c)
    for wave, known in first.items():
        _placed(folder, wave, known, ledgers[wave], key)
    return (*old, *_written(folder, chain, fresh, key))


def _held(
    folder: Path, chain: Chain, c: Candidate, promise: Promise, day: date, key: Key
) -> Ledger:
    """Return what was released of a wave; that it cannot be read is a refusal, and is written."""
    try:
        return held(folder, chain, c.wave, key)
    except RefusedError as error:
        row = _row(c, refused(error.sentence, wave=c.wave), promise, day)
        public.append(folder, chain, row)
        raise


def _audited(
    folder: Path, chain: Chain, c: Candidate, ledgers: dict[str, Ledger], key: Key
) -> Verdict:
    """Return the verdict over everything released of the wave, and of others with the same rows.

    Rows of other waves are read only where a study reads some of the same.
    """
    alone = audit(ledgers[c.wave], c)
    if not alone.allowed or c.reading is None:
        return alone
    read = {
        r.wave: read_as(str(r.values[READING]))
        for r in chain.rows
        if r.allowed and r.wave != c.wave and READING in r.values
    }
    near = _near(c.reading, read)
    if not any(found.study for found in (c.reading, *near.values())):
        return alone
    for wave in near:
        if wave not in ledgers:
            ledgers[wave] = held(folder, chain, wave, key)
    asked = Told(c.reading, added(ledgers[c.wave], c))
    others = [Told(found, ledgers[wave]) for wave, found in near.items()]
    verdict = joint(asked, others)
    return replace(verdict, values=alone.values | verdict.values)


def _near(asked: Reading, read: Mapping[str, Reading]) -> dict[str, Reading]:
    """Return what was read of the same files, and of the files of those, and so on."""
    near: dict[str, Reading] = {}
    fresh = [asked]
    while fresh:
        found = {
            wave: other
            for wave, other in read.items()
            if wave not in near and any(other.near(one) for one in fresh)
        }
        near |= found
        fresh = list(found.values())
    return near


def _placed(folder: Path, wave: str, before: Ledger, after: Ledger, key: Key) -> None:
    """Keep where the rows of a wave stand now, unless that is known."""
    for state, at in after.places.items():
        known = before.places.get(state)
        if known is None or not np.array_equal(known, at):
            vault = private.read(folder, wave)
            private.append(folder, wave, vault, Places(state, at).packed(key))


def _written(
    folder: Path, chain: Chain, fresh: Sequence[tuple[Candidate, Row]], key: Key
) -> tuple[Row, ...]:
    first = len(chain.rows)
    for c, row in fresh:
        vault = private.read(folder, c.wave)
        vault = private.append(folder, c.wave, vault, private.packed(c, key))
        chain = public.append(folder, chain, replace(row, private=vault.hashes[-1]))
    return chain.rows[first:]


def _before(chain: Chain, c: Candidate) -> Row | None:
    return next((r for r in chain.rows if r.allowed and r.digest == c.digest), None)


def _row(c: Candidate, verdict: Verdict, promise: Promise, day: date) -> Row:
    return Row(
        0,
        day.isoformat(),
        c.wave,
        c.kind,
        c.what,
        verdict.allowed,
        verdict.sentence,
        verdict.values | (_noted(c, promise) if verdict.allowed else {}),
        c.people,
        c.digest,
        "",
        seal_of(promise),
        promise.scores,
        {name: digest for name, _, digest in c.columns},
    )


def _noted(c: Candidate, promise: Promise) -> dict[str, str | int | float]:
    """Return what an allowed line keeps for later ones: last day, floors, and how it was read."""
    read = {} if c.reading is None else {READING: c.reading.text}
    floors = {name: int(getattr(promise, name)) for name in FLOORS}
    return {ENDS: promise.ends.isoformat(), **floors, **read}


def _promised(chain: Chain, ledger: Ledger, promise: Promise) -> Verdict | None:
    """Refuse a promise that is lower than one under which something of the wave left."""
    rows = [r for r in chain.rows if r.wave == ledger.wave and r.allowed]
    was = {"scores": ledger.k}
    was |= {name: max((int(r.values.get(name, 0)) for r in rows), default=0) for name in FLOORS}
    for name, k in was.items():
        if (now := int(getattr(promise, name))) < k:
            return refused(
                "wave {wave} was promised groups of at least {k}; {now} would lower the promise.",
                wave=ledger.wave,
                k=k,
                now=now,
            )
    return None


def _moved(ledger: Ledger, c: Candidate) -> Verdict | None:
    """Refuse rows without a person that may have changed places: nobody knows whose they are."""
    read = c.reading
    if read is None or not read.study or c.person is not None or not ledger.places:
        return None
    if c.at is not None and read.state in ledger.places:
        return None
    return refused(
        "the rows of {wave} are known by their place, and the file has changed since; name the "
        "column of the `person` under `roles` of the study.",
        wave=c.wave,
    )


def _renamed(chain: Chain, c: Candidate) -> Verdict | None:
    told = {name: digest for name, _, digest in c.columns}
    other = [
        r.wave
        for r in chain.rows
        if r.allowed and r.wave != c.wave and c.people and _same(r, c, told)
    ]
    if not other:
        return None
    return refused("these answers were released before, as wave {wave}.", wave=other[0])


def _same(row: Row, c: Candidate, told: dict[str, str]) -> bool:
    """Return whether a line speaks of the same answers; in few rows they may agree by chance.

    Of one file the readings say so: all people and the women among them are no two waves.
    """
    if row.people == c.people:
        return True
    shared = row.columns.keys() & told.keys()
    if shared and c.reading is not None and READING in row.values:
        other = read_as(str(row.values[READING]))
        if other.near(c.reading) and not other.apart(c.reading):
            return True
    people = c.weights.shape[1] if c.atom is None else len(c.atom)
    many = people >= FEWEST_PEOPLE
    return many and bool(shared) and all(row.columns[name] == told[name] for name in shared)
