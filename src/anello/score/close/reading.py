"""How a wave of a source was read, so that the ledger knows its rows under another name."""

import os

from anello.listen.sources.base import Rows
from anello.model.chain import Chain
from anello.protect.ledger import Keeper, Reading, keyed

STUDY = ""
"""All waves of a study are one: whatever its source is called, its rows are known again."""
CODED = ("spss", "limesurvey")
"""Kinds in which one value has a code and a label: `where` may name a row by either."""


def reading(rows: Rows, chain: Chain, wave: str, keeper: Keeper) -> Reading:
    """Return from where and by which rule a wave of a source was read."""
    seed, source, waves = keeper.seed(), rows.source, chain.waves
    column = (source.wave or waves.column).lower()
    period = next((p for p in waves.periods if p.key == wave), None)
    where = () if rows.origin.kind in CODED else source.where
    return Reading(
        _places(rows, keeper),
        keyed(seed, column, waves.every, bool(waves.periods)),
        wave,
        "" if period is None else period.opens.isoformat(),
        "" if period is None else period.closes.isoformat(),
        tuple((keyed(seed, c.lower()), keyed(seed, c.lower(), v)) for c, v in where),
        keyed(seed, rows.origin.state),
    )


def _places(rows: Rows, keeper: Keeper) -> tuple[str, ...]:
    """Return every name by which a file or table would be known again, each a keyed digest.

    Its path, its path seen from the ledger, which stays when both are moved, and its bytes.
    """
    origin, seed = rows.origin, keeper.seed()
    ledger = keeper.folder.resolve()
    seen = (os.path.relpath(p, ledger) for p in origin.places if "://" not in p)
    names = {*origin.places, *seen, *origin.contents}
    return tuple(sorted(keyed(seed, name, part) for name in names for part in origin.parts))
