"""Moments of published examples as text: what a fit needs, without a single row."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anello.stats.mixed.design import Design, Kind, design
from anello.stats.mixed.formula import parse
from anello.stats.moments import Moments
from anello.store.files import loaded, open_file
from anello.store.moments_file import moments

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """A model of a published data set; `file` lies in the folder of reference data."""

    name: str
    file: str
    formula: str


SLEEP = "action_proof/sleepstudy.csv"
ARMY = "multilevel_workgroups/bh1996.csv"
EXAMPLES = (
    Example("sleepstudy", SLEEP, "Reaction ~ Days + (Days | Subject)"),
    Example("sleepstudy_apart", SLEEP, "Reaction ~ Days + (Days || Subject)"),
    Example("wellbeing_hours", ARMY, "WBEING ~ HRS + G.HRS + (1 | GRP)"),
    Example("wellbeing_leaders", ARMY, "WBEING ~ HRS + LEAD + G.HRS + (LEAD | GRP)"),
    *(
        Example(f"null_{name.lower()}", ARMY, f"{name} ~ 1 + (1 | GRP)")
        for name in ("HRS", "LEAD", "COHES", "WBEING")
    ),
)


def raw(example: Example, folder: Path) -> tuple[Moments, Design]:
    """Return moments and design from the rows."""
    read = parse(example.formula)
    file = open_file(folder / example.file)
    found = design(read, file.kinds, {})
    return moments(loaded(file, found.reads), found), found


def write(example: Example, found: Moments, model: Design) -> None:
    """Store moments as JSON beside this file."""
    plain = {
        "formula": model.formula,
        "kinds": dict.fromkeys(model.reads, "number"),
        "columns": found.columns,
        "shift": found.shift.tolist(),
        "groups": found.groups.tolist(),
        "by_group": found.by_group.tolist(),
        "total": found.total.tolist(),
        "dropped": found.dropped,
    }
    (HERE / f"{example.name}.moments.json").write_text(json.dumps(plain) + "\n")


def read(example: Example) -> tuple[Moments, Design]:
    """Return moments and design as they were stored."""
    plain = json.loads((HERE / f"{example.name}.moments.json").read_text())
    kinds = {name: Kind(kind) for name, kind in plain["kinds"].items()}
    arrays = (np.array(plain[k]) for k in ("shift", "groups", "by_group", "total"))
    found = Moments(tuple(plain["columns"]), *arrays, dropped=plain["dropped"])
    return found, design(parse(plain["formula"]), kinds, {})
