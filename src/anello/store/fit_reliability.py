"""`anello fit reliability`: how reliable a scale of a diary is, between persons and within."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anello.model.errors import ModelError, SourceError
from anello.stats.mixed.several.fit import spreads
from anello.stats.scales.diary_reliability import Parts, crossed, nested

from .files import File, literal, open_file, quoted
from .fit_several import fitted_file
from .lmm_result import finite

CROSSED = (
    "answer ~ 1 + (1|person) + (1|time) + (1|item) + (1|person:time) + (1|person:item) "
    "+ (1|time:item)"
)
PARTS = ("person", "time", "item", "person:time", "person:item", "time:item", "Residual")
NESTED = "answer ~ 1 + (1|person) + (1|person:time)"


def fit_reliability(path: str, *, items: list[str], person: str, time: str) -> dict[str, Any]:
    """Return RkF, R1R, RkR, Rc, RkRn and Rcn with their variance components, by REML.

    On complete data without a component below zero they are those of the analysis of variance. A
    missing answer leaves out that answer alone; `occasions` is then the mean number per person.
    Raises `SourceError` for a missing column, `ModelError` for fewer than two items or persons.
    """
    file = open_file(Path(path))
    _check(file, [*items, person, time])
    if len(set(items)) < 2:
        raise ModelError("The reliability of a diary needs two items or more.")
    with TemporaryDirectory() as folder:
        long = Path(folder) / "answers.parquet"
        file.connection.execute(_long(file, items, person, time, long))
        persons, times, own, n = _sizes(file, long)
        across = {s.group: s.variance for s in spreads(fitted_file(CROSSED, str(long)))}
        inside = {s.group: s.variance for s in spreads(fitted_file(NESTED, str(long)))}
    parts = Parts(*(across[name] for name in PARTS))
    found = crossed(parts, times, len(items))
    rkrn, rcn = nested(inside["person"], inside["person:time"], inside["Residual"], own, len(items))
    told = {"rkf": found.rkf, "r1r": found.r1r, "rkr": found.rkr, "rc": found.rc}
    return {
        "model": "diary reliability",
        "n": n,
        "persons": persons,
        "occasions": times,
        "occasions_per_person": own,
        "items": len(items),
        **finite(told | {"rkrn": rkrn, "rcn": rcn}),
        "crossed": across,
        "nested": inside,
    }


def _check(file: File, names: list[str]) -> None:
    for name in names:
        if name not in file.kinds:
            raise SourceError(
                "{file} has no column {column!r}; it has: {known}.",
                file=file.path,
                column=name,
                known=", ".join(file.kinds),
            )


def _long(file: File, items: list[str], person: str, time: str, out: Path) -> str:
    """Return the SQL that writes one row for each answer to each item."""
    one = " union all ".join(
        f"select {quoted(person)}::varchar as person, {quoted(time)}::varchar as time, "
        f"{literal(item)} as item, {quoted(item)}::double as answer from {file.name}"
        for item in items
    )
    kept = "answer is not null and person is not null and time is not null"
    return f"copy (select * from ({one}) where {kept}) to {literal(str(out))} (format parquet)"


def _sizes(file: File, long: Path) -> tuple[int, int, float, int]:
    row = file.connection.execute(
        "select count(distinct person), count(distinct time), "
        "count(distinct (person, time)) / nullif(count(distinct person), 0), count(*) "
        f"from read_parquet({literal(str(long))})"
    ).fetchone()
    persons, times, own, n = row or (0, 0, 0.0, 0)
    if persons < 2 or times < 2:
        raise ModelError("The reliability of a diary needs two persons and two occasions or more.")
    return int(persons), int(times), float(own), int(n)
