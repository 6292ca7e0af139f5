"""Whose ledger it is, and which promise holds: from the chain file, the environment, the place."""

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from anello.listen.sources.base import Rows
from anello.model.chain import Chain
from anello.model.errors import RefusedError
from anello.model.promise import LEAST, Promise, Secrecy
from anello.protect import campaign
from anello.protect import promise as promises
from anello.protect.campaign_key import of_promise
from anello.protect.ledger import Keeper

LEDGER = "ANELLO_LEDGER"
"""The environment variable that names the organisation's ledger where the chain file does not."""
FLOORS = ("splits", "comments", "live", "matched")


def promised(chain: Chain, folder: Path) -> Chain:
    """Return the chain with the floors of its promise where they are higher than its own.

    Paths count from `folder`. Raises `RefusedError` when the seal of the promise is broken.
    """
    if chain.promise is None:
        return chain
    promise, own = promises.read(folder / chain.promise)[0], chain.disclosure
    higher = {name: max(getattr(own, name), getattr(promise, name)) for name in FLOORS}
    return replace(chain, disclosure=replace(own, k=max(own.k, promise.scores), **higher))


def given_under(chain: Chain, folder: Path, sources: Iterable[Rows]) -> None:
    """Raise `RefusedError` for answers in a campaign's folder that the chain reads without it.

    The promise under which they were given lies beside them; paths count from `folder`.
    """
    named = None if chain.promise is None else (folder / chain.promise).resolve()
    for place in (Path(p) for rows in sources for p in rows.origin.places if "://" not in p):
        own = place.parent / campaign.PROMISE
        if (place.parent / campaign.PUBLIC).is_file() and own.is_file() and own != named:
            raise RefusedError(
                "the answers in {file} were given under the promise beside them; name it in the "
                "chain file, `promise: {promise}` under `confidentiality`.",
                file=place.name,
                promise=os.path.relpath(own, folder),
            )


def keeping(chain: Chain, folder: Path, ledger: Path | None = None) -> Keeper:
    """Return the keeper of `ledger`, of the chain's own, of the environment's, or of the place's.

    Without a word of anybody the ledger lies beside the chain file. Where no promise is named, the
    chain's own floors are what the ledger holds it to. Where the promise is that of a campaign's
    folder, the private ledger is closed with the campaign's key and ends with it.
    """
    path = folder / chain.promise if chain.promise else None
    promise = _unspoken(chain) if path is None else promises.read(path)[0]
    key = None if path is None else of_promise(path)
    named = folder / chain.ledger if chain.ledger else None
    told = os.environ.get(LEDGER)
    place = ledger or named or (Path(told) if told else folder / "ledger")
    return Keeper(place, promise, date.today(), key)


def _unspoken(chain: Chain) -> Promise:
    own = chain.disclosure
    floors = {name: max(getattr(own, name), LEAST[name]) for name in FLOORS}
    return Promise(chain.key, Secrecy.CONFIDENTIAL, date.max, scores=own.k, **floors)
