"""SPSS files (.sav, .zsav): numbers stay numbers, labels name groups, user-missing is missing."""

from pathlib import Path
from typing import Any

import pyreadstat

from . import memory
from .base import UNIT_LABEL, Reading, Sheet, empty, unreadable

ENDINGS: tuple[str, ...] = (".sav", ".zsav")


def claims(path: str) -> bool:
    """Return whether a path ends as an SPSS file does."""
    return path.lower().endswith(ENDINGS)


def sheet(path: str, reading: Reading) -> Sheet:
    """Open an SPSS file; row 1 is its first case.

    Codes and ranges declared missing become NULL. A labelled item stays numeric. In columns that
    hold groups the value label stands for its code when labels tell all codes apart; units and
    waves keep their codes, and a unit's label becomes its name.
    """
    name = Path(path).name
    try:
        _, meta = pyreadstat.read_sav(path, metadataonly=True, output_format="dict")
        picked = memory.pick(name, meta.column_names, reading)
        usecols = list(picked) or meta.column_names[:1]
        values, meta_read = pyreadstat.read_sav(path, usecols=usecols, output_format="dict")
    except Exception as error:
        if type(error).__module__.startswith("anello"):
            raise
        raise unreadable(name, error) from None
    if not values or not len(next(iter(values.values()))):
        raise empty(name)
    labels = meta_read.variable_value_labels
    columns = {
        c: _named(values[c], labels.get(c, {})) if c in reading.labelled else values[c]
        for c in usecols
    }
    if labels.get(reading.unit):
        columns[UNIT_LABEL] = _named(values[reading.unit], labels[reading.unit])
    return Sheet(name, tuple(meta.column_names), memory.table(columns), row=lambda at: at + 1)


def _named(values: list[Any], labels: dict[Any, str]) -> list[Any]:
    """Return labels for codes, unless two codes share one label."""
    if len(set(labels.values())) < len(labels):
        return values
    return [labels.get(v, v) for v in values]
