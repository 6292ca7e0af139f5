"""How a wave of a source was read, so that the ledger knows its rows under another name."""

from pathlib import Path

from anello.listen.sources.base import Rows
from anello.model.chain import Chain
from anello.protect.ledger import Reading, keyed

STUDY = ""
"""All waves of a study are one: whatever its source is called, its rows are known again."""


def reading(rows: Rows, chain: Chain, folder: Path, wave: str, seed: bytes) -> Reading:
    """Return from where and by which rule a wave of a source was read, by the chain in `folder`."""
    source = rows.source
    path = source.path
    place = path if "://" in path else str((folder / path).resolve())
    waves = chain.waves
    column = (source.wave or waves.column).lower()
    period = next((p for p in waves.periods if p.key == wave), None)
    return Reading(
        keyed(seed, place, source.table, source.sheet),
        keyed(seed, column, waves.every, bool(waves.periods)),
        wave,
        "" if period is None else period.opens.isoformat(),
        "" if period is None else period.closes.isoformat(),
        tuple((keyed(seed, c.lower()), keyed(seed, c.lower(), v)) for c, v in source.where),
        keyed(seed, place, source.table, source.sheet, rows.state),
    )
