"""The staff list of an attack: a CSV with `person`, `unit`, `wave`, and whatever else is known."""

import csv
from pathlib import Path

from anello.model.errors import SourceError, unread
from anello.protect.attack import Post, Staff

YES = {"yes": True, "true": True, "1": True, "sì": True, "si": True}
NO = {"no": False, "false": False, "0": False}
OWN = ("person", "wave", "release", "answered")


def staff(path: Path) -> Staff:
    """Return the staff list of a file.

    `release`, where there is such a column, names the one release a line tells of; `answered` says
    yes or no, empty where nobody knows. All other columns are looked at when a release is cut by
    something else than the unit. Raises `SourceError` for what cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [c.strip() for c in reader.fieldnames or ()]
            lines = [list(line.values())[: len(columns)] for line in reader]
    except (OSError, ValueError, csv.Error) as error:
        raise SourceError(
            "{file} cannot be read: {reason}.", file=path, reason=unread(error)
        ) from None
    for column in ("person", "unit", "wave"):
        if column not in columns:
            raise SourceError(
                "{file} has no column {column!r}; a staff list needs `person`, `unit` and `wave`.",
                file=path,
                column=column,
            )
    known = ["unit", *(c for c in columns if c not in (*OWN, "unit"))]
    posts = (
        _post(path, n, dict(zip(columns, map(_text, line), strict=True)), known)
        for n, line in enumerate(lines, start=2)
    )
    return Staff(tuple(posts))


def _text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _post(path: Path, row: int, line: dict[str, str], known: list[str]) -> Post:
    said = line.get("answered", "").lower()
    if said and said not in YES | NO:
        raise SourceError(
            "{file}, row {row}, column `answered`: {value!r} is neither yes nor no.",
            file=path,
            row=row,
            value=said,
        )
    if not line["person"] or not line["wave"]:
        raise SourceError("{file}, row {row}: no person or no wave.", file=path, row=row)
    return Post(
        line["person"],
        line["wave"],
        tuple(line[c] for c in known),
        line.get("release", ""),
        (YES | NO).get(said),
    )
