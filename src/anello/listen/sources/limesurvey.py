"""LimeSurvey response exports (CSV), with the survey's structure (.lss) if it lies beside."""

from dataclasses import replace
from pathlib import Path

import ibis

from anello.model.errors import SourceError
from anello.model.notes import Note
from anello.store.delimited import DELIMITERS

from . import csv, lss
from .base import Drop, Reading, Sheet

ENDINGS: tuple[str, ...] = (".csv",)
SIGNS = frozenset(("submitdate", "lastpage", "startlanguage"))
ANSWER_CODE = (
    "{file}, row {row}, column {column!r}: {value!r} is not a number. Put the survey's .lss file "
    "beside the export, or export answer codes that are numbers, or list it under `missing`."
)


def claims(path: str) -> bool:
    """Return whether the header holds the columns that every LimeSurvey export begins with."""
    if not path.lower().endswith(ENDINGS):
        return False
    with Path(path).open("rb") as file:
        first = file.read(100_000).splitlines()[:1]
    words = first[0].decode("utf-8", "replace").replace('"', "") if first else ""
    return any(len(SIGNS.intersection(words.split(d))) >= 2 for d in DELIMITERS)


def sheet(path: str, reading: Reading) -> Sheet:
    """Open an export with question codes as headings; answers never submitted are left out.

    With an .lss file beside it, answer codes such as A1 to A5 (or their full texts) become the
    numbers 1 to 5, with a note, and group columns get the answers' texts.
    """
    head = csv.head(Path(path), reading)
    if "submitdate" not in head.header:
        raise SourceError(
            "{file} has no column 'submitdate'. Export the responses again from LimeSurvey with "
            "question codes as headings and every response field.",
            file=head.name,
        )
    if reading.wanted is None:
        return replace(csv.table(head, reading), not_a_number=ANSWER_CODE)
    wider = replace(reading, wanted=reading.wanted | {"submitdate"})
    found = csv.table(head, wider)
    structure = lss.beside(Path(path))
    table, notes = _coded(found.table, structure, reading) if structure else (found.table, ())
    drop = Drop(
        "submitdate",
        frozenset(("", "N/A", "NULL")),
        "{n} row was never submitted and was left out.",
        "{n} rows were never submitted and were left out.",
    )
    return replace(
        found,
        table=table,
        drops=(drop,),
        notes=(*found.notes, *notes),
        also=(structure.path,) if structure else (),
        not_a_number=ANSWER_CODE,
    )


def _coded(
    table: ibis.Table, structure: lss.Structure, reading: Reading
) -> tuple[ibis.Table, tuple[Note, ...]]:
    """Turn answer codes into numbers (items) or texts (groups)."""
    changed, notes = {}, {}
    for name in table.columns:
        answers = structure.answers(name)
        if name in reading.numbers and (numbers := lss.numbered(answers)):
            pairs = [(a.code, n) for a, n in zip(answers, numbers, strict=True)]
            pairs += [(a.text, n) for a, n in zip(answers, numbers, strict=True) if a.text]
            changed[name] = table[name].cases(*pairs, else_=table[name])
            question = name.split("[")[0]
            notes[question] = Note(
                "The answers {first} to {last} of {question} were read as {low} to {high}, "
                "as {file} lists them.",
                first=answers[0].code,
                last=answers[-1].code,
                question=question,
                low=numbers[0],
                high=numbers[-1],
                file=structure.path.name,
            )
        elif name in reading.labelled and answers and all(a.text for a in answers):
            pairs = [(a.code, a.text) for a in answers]
            changed[name] = table[name].cases(*pairs, else_=table[name])
    return table.mutate(**changed), tuple(notes.values())
