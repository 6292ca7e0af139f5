"""Everything released of a wave, put together from the public and the private ledger."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from anello.model.errors import RefusedError

from . import private, public
from .audit import added
from .candidate import Ledger
from .lock import locked
from .private import Key, NoKey, Places, Vault
from .public import Chain, Row

DESTROYED = "destroyed"


def recall(folder: Path, wave: str, key: Key | None = None) -> Ledger:
    """Return everything released of a wave, as the next candidate will meet it."""
    with locked(folder):
        return held(folder, public.read(folder), wave, NoKey() if key is None else key)


def held(folder: Path, chain: Chain, wave: str, key: Key) -> Ledger:
    """Return everything released of a wave, from both ledgers; refuse when they do not fit."""
    rows = [r for r in chain.rows if r.wave == wave]
    if any(r.kind == DESTROYED for r in rows):
        return Ledger(wave, closed=True)
    vault = private.read(folder, wave)
    if not fits(rows, vault):
        raise RefusedError(
            "the private ledger of wave {wave} is not whole; nothing more of it leaves.", wave=wave
        )
    ledger = Ledger(wave, max((r.k for r in rows if r.allowed), default=5))
    for body in vault.records:
        found = private.unpacked(wave, body, key)
        if isinstance(found, Places):
            ledger = replace(ledger, places=ledger.places | {found.state: found.at})
        else:
            ledger = added(ledger, found)
    return ledger


def fits(rows: Sequence[Row], vault: Vault) -> bool:
    """Return whether every released line of a wave has its private record."""
    return {r.private for r in rows if r.allowed and r.kind != DESTROYED} <= set(vault.hashes)


def faults(folder: Path) -> tuple[str, ...]:
    """Return the waves whose private ledger is not whole; refuse a broken public one."""
    chain = public.read(folder)
    gone = {r.wave for r in chain.rows if r.kind == DESTROYED}
    waves = sorted({r.wave for r in chain.rows} - gone)
    return tuple(
        w
        for w in waves
        if not fits([r for r in chain.rows if r.wave == w], private.read(folder, w))
    )


def untold(folder: Path) -> int:
    """Return of how many waves there are private records, but no line.

    They are left when lines were cut off the public ledger, or by a run that was cut short.
    """
    known = {private.path_of(folder, r.wave) for r in public.read(folder).rows}
    return len(set((folder / private.FOLDER).glob("*.rows")) - known)
