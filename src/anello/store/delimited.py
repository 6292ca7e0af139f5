"""Text with one record a line and a sign between its columns: which sign it is."""

import csv
import io
from collections.abc import Collection, Sequence

from anello.model.errors import SourceError

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 2_000_000
LOOKED_AT = 4
MOST_COLUMNS = 20_000

Records = list[list[str]]


def sniff(
    text: str, among: Sequence[str] = DELIMITERS, wanted: Collection[str] = ()
) -> tuple[str, Records]:
    """Return the sign between the columns, and the first records that it gives.

    It is the one with which most of the wanted columns are found in the first record; then one
    that parts every record alike; then the one that gives most columns. A name may hold any of
    the signs between quotation marks. Raises `csv.Error` when no sign gives one record.

    >>> sniff("shop;sales\\nRoma;1,5\\n")[0]
    ';'
    >>> sniff("a|b,c|d|e\\n1,2\\n")[0], sniff("a|b,c|d|e\\n1,2\\n", wanted=["b,c"])[0]
    (',', '|')
    """
    choices = _choices(text, among)
    sought = frozenset(wanted)

    def fit(choice: tuple[str, Records]) -> tuple[int, bool, int]:
        records = choice[1]
        names = [name.strip() for name in records[0]] if records else []
        alike = len(names) > 1 and {len(record) for record in records} == {len(names)}
        return len(sought.intersection(names)), alike, len(names)

    return max(choices, key=fit)


def _choices(text: str, among: Sequence[str]) -> list[tuple[str, Records]]:
    """Return the signs that give records; with another a wide header may be one endless name."""
    found, fault = list[tuple[str, Records]](), csv.Error()
    for sign in among:
        try:
            found.append((sign, first_records(text, sign)))
        except csv.Error as error:
            fault = error
    if not found:
        raise fault
    return found


def check_width(file: str, header: Sequence[str]) -> None:
    """Raise `SourceError` for a header of more columns than any table has."""
    if len(header) > MOST_COLUMNS:
        raise SourceError(
            "{file} has {n} columns; at most {most} are read. Is the table lying on its side?",
            file=file,
            n=len(header),
            most=MOST_COLUMNS,
        )


def first_records(text: str, delimiter: str) -> Records:
    """Return the first records that are not blank; a faulty one ends them."""
    found: Records = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record:
                found.append(record)
            if len(found) == LOOKED_AT:
                break
    except csv.Error:
        if not found:
            raise
    return found
