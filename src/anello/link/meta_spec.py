"""What a meta-analysis is asked for, in one line: `r ~ contact | country/study, n=ni`.

    spec      formula [| [cluster /] study] {, key = column}
    formula   outcome ~ moderators, as in every model here: + - * : log( ) I( ) factor( ), 0 or 1
    key       n; v or se; ai bi ci di; rxx ryy

`measure` says what the outcome is and which keys it needs (`NEEDED`).
"""

import re
from dataclasses import dataclass, replace

from anello.model.errors import FormulaError
from anello.stats.mixed.formula import Formula, parse

ROW = "row of the file"
KEYS = ("n", "v", "se", "ai", "bi", "ci", "di", "rxx", "ryy")
NEEDED = {
    "cor": ("n",),
    "zcor": ("n",),
    "gen": ("v",),
    "rr": ("ai", "bi", "ci", "di"),
    "or": ("ai", "bi", "ci", "di"),
}
COUNTED = ("rr", "or")
COLUMN = re.compile(r"\s*(\w+)\s*=\s*(?:`([^`]+)`|([^\W\d][\w.]*))\s*")


@dataclass(frozen=True, slots=True)
class Spec:
    """A specification taken apart; `study` and `cluster` are columns or None."""

    text: str
    formula: Formula
    measure: str
    study: str | None
    cluster: str | None
    columns: dict[str, str]


def read_spec(text: str, measure: str) -> Spec:
    """Take a specification apart.

    Raises `FormulaError` for a measure, key or sign that is not known, and for a key that the
    measure needs and the line does not give.

    >>> spec = read_spec("r ~ contact | country/study, n=ni", "cor")
    >>> spec.cluster, spec.study, spec.columns
    ('country', 'study', {'n': 'ni'})
    """
    if measure not in NEEDED:
        raise FormulaError(
            "{measure!r} is not a measure of effect here; known are {known}.",
            measure=measure,
            known=", ".join(NEEDED),
        )
    model, *options = _split(text, ",")
    formula, *place = _split(model, "|")
    columns = dict(_option(text, part) for part in options)
    _complete(text, measure, columns)
    cluster, study = _place(text, place)
    return Spec(text, _formula(text, formula), measure, study, cluster, columns)


def _split(text: str, sign: str) -> list[str]:
    """Split at a sign that stands outside parentheses and backticks."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == "`"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if letter == sign and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _option(text: str, part: str) -> tuple[str, str]:
    found = COLUMN.fullmatch(part)
    if found is None or found[1] not in KEYS:
        raise FormulaError(
            "After a comma stands key=column, with a key among {keys}; {part!r} is not."
            "\n  {formula}",
            keys=", ".join(KEYS),
            part=part.strip(),
            formula=text,
        )
    return found[1], found[2] or found[3]


def _complete(text: str, measure: str, columns: dict[str, str]) -> None:
    missing = [key for key in NEEDED[measure] if key not in columns]
    if measure == "gen" and "se" in columns:
        missing = []
    if missing:
        raise FormulaError(
            "The measure {measure!r} needs the column of {key!r}: add `, {key}=column`."
            "\n  {formula}",
            measure=measure,
            key=missing[0],
            formula=text,
        )


def _place(text: str, place: list[str]) -> tuple[str | None, str | None]:
    names = [name.strip().strip("`") for part in place for name in _split(part, "/")]
    if len(place) > 1 or len(names) > 2 or not all(names):
        raise FormulaError(
            "After the bar stands `study`, or `cluster/study` for three levels.\n  {formula}",
            formula=text,
        )
    study = names[-1] if names else None
    return (names[0] if len(names) == 2 else None), study


def _formula(text: str, formula: str) -> Formula:
    """Read the formula; the reader of mixed models wants a group, so each row is one."""
    try:
        found = parse(f"{formula} + (1 | `{ROW}`)")
    except FormulaError as error:
        error.values["formula"] = text
        raise
    if len(found.random) > 1:
        raise FormulaError(
            "A meta-analysis has no (x | group); write `cluster/study` after a bar for three "
            "levels.\n  {formula}",
            formula=text,
        )
    return replace(found, text=text)
