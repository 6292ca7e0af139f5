"""The customers of a study's shifts, from a source of their own, and whether they meet the staff.

What customers said is joined to the staff by site, day and shift. Two files that never meet are
refused here, before anything is fitted: nearly always one of them writes a day or a shop otherwise.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import ibis
from ibis.backends.duckdb import Backend as DuckDB

from ..model.chain import Chain, Grain
from ..model.errors import SourceError
from ..model.study import Study
from .sources.base import AT
from .study_rows import ROLE, Asked, StudyRows, asked

LOST = (
    "{n} row of customers without site or day was left out.",
    "{n} rows of customers without site or day were left out.",
)
SHOWN = 3
Place = tuple[str, ...]


def beside(
    study: Study, staff: StudyRows, chain: Chain, folder: Path, db: DuckDB, numbers: Sequence[str]
) -> StudyRows:
    """Return the staff's rows with those of their customers; raises one clear `SourceError`.

    A source with `grain: person` has one row a customer; of another one each shift is one row, and
    a shift that stands twice is refused.
    """
    if study.customers is None:
        return staff
    source, roles = chain.source(study.customers.source), study.customers.roles
    name = f"customers {study.key}"
    found = asked(Asked(source, roles[0][1], roles, tuple(numbers), (), name, LOST), folder, db)
    if source.grain is Grain.UNIT:
        _once(found, roles)
    _meet(study, staff, found)
    return replace(staff, customers=found)


def _once(found: StudyRows, roles: Sequence[tuple[str, str]]) -> None:
    table, names = found.rows.table, [ROLE + role for role, _ in roles]
    sizes = table.group_by(names).aggregate(n=table.count())
    doubled = sizes.filter(sizes.n > 1).order_by(names).limit(1).to_pyarrow().to_pylist()
    for cell in doubled:
        if None in (cell[n] for n in names):
            continue
        same = ibis.and_(*(table[n] == cell[n] for n in names))
        rows = found.stack.first(table.mutate(unit=table[names[0]], wave=names[0]), same, most=2)
        raise found.stack.error(
            rows[0],
            "{file}, row {row} and row {second}: the shift {shift} stands twice. Keep one row, or "
            "write `grain: person` at the source if each row is a customer.",
            "{file}: the shift {shift} stands twice. Keep one row, or write `grain: person` at the "
            "source if each row is a customer.",
            shift=", ".join(repr(cell[n]) for n in names),
            **({"second": found.stack.row(rows[1])} if AT in table.columns else {}),
        )


def _meet(study: Study, staff: StudyRows, customers: StudyRows) -> None:
    """Raise `SourceError` unless staff and customers have a shift in common; say what differs."""
    assert study.customers is not None
    roles = study.customers.roles
    here, there = (_places(rows, [role for role, _ in roles]) for rows in (staff, customers))
    if here & there:
        return
    files = {"file": _name(customers), "staff": _name(staff)}
    for i, (role, column) in enumerate(roles):
        own, theirs = ({place[i] for place in places} for places in (here, there))
        if not own & theirs:
            raise SourceError(
                "{file}, column {column!r}: no value ({values}) stands in the column {own!r} of "
                "{staff} ({others}), so customers and staff never meet. Write the `{role}` alike "
                "in both, or name another column under `roles` of `customers`.",
                **files,
                column=column,
                values=_some(theirs),
                own=study.column(role),
                others=_some(own),
                role=role,
            )
    raise SourceError(
        "{file} and {staff} have no shift in common: {names} agree one by one, but never in one "
        "row. Look whether both are of the same weeks and write the same shift alike.",
        **files,
        names=", ".join(column for _, column in roles),
    )


def _places(rows: StudyRows, roles: Sequence[str]) -> set[Place]:
    table = rows.rows.table
    found = table.select(**{r: table[ROLE + r] for r in roles}).distinct().to_pyarrow()
    pairs = zip(*(found[r].to_pylist() for r in roles), strict=True)
    return {place for place in pairs if None not in place}


def _name(rows: StudyRows) -> str:
    return rows.stack.sheets[0].name


def _some(values: set[str]) -> str:
    """Return the first values in order, as they are written."""
    shown = sorted(values)[:SHOWN]
    return ", ".join(v[:40] for v in shown) + (", ..." if len(values) > SHOWN else "") or "-"
