"""What a kind of study is: rows of persons in, coefficients out.

To add a kind: one file `link/studies/<kind>.py` whose module keeps the contract `StudyKind`, one
line in `STUDIES` (`link/studies/__init__.py`), its name in `StudyKind` of `listen/chain_studies.py`
and a row in `docs/reference/chain-file.md`.

What happens, in this order (`anello.run`):

1. `check(study)` raises `ChainFileError` for roles, settings or formulas the kind does not know.
2. `columns(study)` says which columns of the source the formulas read: (numbers, texts). Roles are
   always read, as text. `customers(study)` says which numbers they read of the study's second
   source, if it has one.
3. `listen.study_rows.read` reads them: `StudyRows.rows.table` is an Ibis table with `role_<role>`
   (text) for every role of the study, each number (float64, NULL missing) and each text under its
   own name, and `__at` for `StudyRows.place(at)` -> (file, row).
   A kind that lets the data say what is a number (`RowKind`) reads all as texts first, and
   once more with the `numbers` it then names.
4. `fit(rows, study, disclosure, seed)` returns `StudyFindings`: coefficients, sentences (`told`)
   and doubts, never a person's own result. Call `refused(...)` first: it answers for rows of fewer
   persons than `study_floor(disclosure)`.
5. `protect.release` lets coefficients pass, turns `persons`, `answers` and bands into floors, and
   refuses findings of fewer persons than the floor.
6. The report's section `studies` prints `told`, draws the `effects` that share a `pair` beside one
   another, and prints table, doubts and bands in both languages. A sentence that has the values
   `pair` (the same text as its effects) and `title` (a `Words`) stands in a card with the picture;
   one without them stands above the cards. Labels in sentences are `Words` as values; floats are
   written with two decimals by the report. English sentences are literals at a `Check` or module
   constants; their Italian stands in `model/locale/it/<kind>.po`.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from anello.listen.study_rows import StudyRows
from anello.model.disclosure import Disclosure, study_floor
from anello.model.errors import AnelloError, ChainFileError, SourceError
from anello.model.evidence import BLOCK, Check
from anello.model.study import Study, StudyFindings
from anello.score.close.fits import Fits


class StudyKind(Protocol):
    """One kind of study; deterministic for the same rows, study and seed."""

    def check(self, study: Study) -> None:
        """Raise `ChainFileError` when a role, setting or formula is not of this kind."""
        ...

    def columns(self, study: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns that the formulas read: (numbers, texts)."""
        ...

    def customers(self, study: Study) -> tuple[str, ...]:
        """Return the numbers that the formulas read of the customers' source; often none."""
        ...

    def fit(
        self, rows: StudyRows, study: Study, disclosure: Disclosure, seed: int
    ) -> StudyFindings:
        """Return what the rows say, or findings that say why nothing may be fitted."""
        ...


class RowKind(Protocol):
    """A kind of study that fits models to single rows, beside what every kind offers."""

    def numbers(self, study: Study, rows: StudyRows) -> tuple[str, ...]:
        """Return the columns to be read as numbers, by a look at rows that were read as words."""
        ...

    def fitted(
        self, rows: StudyRows, study: Study, disclosure: Disclosure
    ) -> tuple[StudyFindings, Fits]:
        """Return what `fit` does, with the designs behind every number, for the ledger."""
        ...


def pointed(error: SourceError, study: Study) -> AnelloError:
    """Return a fault about a column that is not there as one of the place that names it."""
    column = error.values.get("column")
    if not error.sentence.startswith("{file} has no column") or not isinstance(column, str):
        return error
    path: tuple[str | int, ...] = ("studies", study.key)
    role = next((role for role, name in study.roles if name == column), None)
    word = re.compile(rf"(?<![\w.]){re.escape(column)}(?![\w.])")
    named = (i for i, text in enumerate(study.formulas) if word.search(text))
    formula = next(named, None)
    if role is not None:
        path = (*path, "roles", role)
    elif formula is not None:
        path = (*path, "formulas", formula)
    return ChainFileError(error.sentence, path=path, **error.values)


def known_roles(study: Study, roles: Mapping[str, bool]) -> None:
    """Raise `ChainFileError` unless the study names every required role and no unknown one.

    `roles` maps the name of a role to whether it is required.
    """
    _known(study, "roles", [role for role, _ in study.roles], list(roles))
    for role, required in roles.items():
        if required and study.column(role) is None:
            raise ChainFileError(
                "the study {study!r} must say which column is its {role!r}, under `roles`.",
                path=("studies", study.key, "roles"),
                study=study.key,
                role=role,
            )


def known_settings(study: Study, settings: Mapping[str, Sequence[str]]) -> None:
    """Raise `ChainFileError` for a setting that is unknown, or a value that is none of its values.

    `settings` maps the name of a setting to its values; no values means any.
    """
    _known(study, "settings", [name for name, _ in study.settings], list(settings))
    for name, value in study.settings:
        if settings[name] and value not in settings[name]:
            raise ChainFileError(
                "`{name}` cannot be {value!r}; known are: {known}.",
                path=("studies", study.key, "settings", name),
                name=name,
                value=value,
                known=", ".join(settings[name]),
            )


def _known(study: Study, section: str, given: list[str], known: list[str]) -> None:
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            raise ChainFileError(
                "a study of kind {kind!r} has no {name!r} under `{section}`; known are: {known}.",
                path=("studies", study.key, section, name),
                kind=study.kind,
                name=name,
                section=section,
                known=", ".join(near or known) or "-",
            )


def refused(study: Study, persons: int, disclosure: Disclosure) -> StudyFindings | None:
    """Return findings without any number when there are fewer persons than the floor, else None."""
    least = study_floor(disclosure)
    if persons >= least:
        return None
    why = Check(
        "few_persons",
        BLOCK,
        "Fewer than {least} people took part, so nothing of this study is shown: "
        "with so few, a number would speak of single persons.",
        (("least", least),),
    )
    return StudyFindings(study.key, study.kind, 0, 0, refused=why)
