"""What was looked into beside a model of single answers, and why one is not shown."""

from anello.model.disclosure import band
from anello.model.errors import AnelloError
from anello.model.evidence import PASS, WARN, Check
from anello.model.words import Words

FEW = Words("fewer than {least}", "meno di {least}")
SOME = Words("{low} or more", "{low} o più")
LIMITS = ("most", "nodes", "effects", "gigabytes")
"""Values of an error that are no counts of what stands in the rows."""
SAID = ("column", "formula", "caret", "group", "names", "near", "family")
"""Values of an error that come from the formula or a header, never from a row."""


def too_few(text: str, least: int) -> Check:
    """Return that a formula has too few persons with complete rows to be shown."""
    return Check(
        "few_persons",
        WARN,
        "{formula}: fewer than {least} people have complete rows, so nothing of it is shown.",
        (("formula", text), ("least", least)),
    )


def not_fitted(text: str, error: AnelloError, least: int) -> Check:
    """Return why a formula could not be fitted, without anything that stands in single rows.

    Rows are counted in bands; what a row holds, and levels by name, are left out.
    """
    told = {k: _shown(k, v, text, least) for k, v in error.values.items()}
    again = type(error)(error.sentence, **told)
    return Check(
        "not_fitted",
        WARN,
        "{formula} was not fitted: {reason}",
        (("formula", text), ("reason", Words(again.text("en"), again.text("it")))),
    )


def _shown(name: str, value: object, text: str, least: int) -> object:
    if isinstance(value, int | float):
        return value if name in LIMITS else _counted(int(value), least)
    return value if name in SAID or str(value) in text else "..."


def _counted(rows: int, least: int) -> Words:
    if rows < least:
        return Words(FEW.en.format(least=least), FEW.it.format(least=least))
    low = band(rows)[0]
    return Words(SOME.en.format(low=low), SOME.it.format(low=low))


def no_rest(text: str) -> Check:
    """Return that the search did not end, so that no number of a formula is shown."""
    return Check(
        "not_converged",
        WARN,
        "{formula}: the search for the best fit did not come to rest, so nothing of it is shown; "
        "let less vary.",
        (("formula", text),),
    )


def flat(text: str) -> Check:
    """Return that a spread is zero or a correlation one."""
    return Check(
        "singular",
        WARN,
        "{formula}: a spread between groups is estimated at zero, or a correlation at one; these "
        "rows cannot tell how much the groups differ.",
        (("formula", text),),
    )


def few_groups(text: str, *, guarded: bool) -> Check:
    """Return that few groups stand behind a formula; `guarded` when its intervals allow for it."""
    values = (("formula", text),)
    if guarded:
        return Check(
            "few_groups",
            PASS,
            "{formula}: some group has fewer than 30 levels; the intervals are made for few.",
            values,
        )
    return Check(
        "few_groups",
        WARN,
        "{formula}: some group has fewer than 30 levels; of what does not vary inside it the "
        "intervals are too short.",
        values,
    )


def repeated(text: str, person: str) -> Check:
    """Return that rows of one person are taken as if they were of several."""
    return Check(
        "repeated",
        WARN,
        "{formula}: people have several rows, but nothing holds those of one together, so the "
        "intervals are too short; add (1 | {person}).",
        (("formula", text), ("person", person)),
    )


def products(text: str) -> Check:
    """Return how a column that is multiplied with another is to be read."""
    return Check(
        "products",
        WARN,
        "{formula}: of columns that are multiplied, the number of one is that where the other is "
        "zero.",
        (("formula", text),),
    )


def few_nodes(text: str) -> Check:
    """Return that Laplace's method is too rough for these rows."""
    return Check(
        "few_nodes",
        WARN,
        "{formula}: with more nodes the numbers would move visibly; write `nodes: 25` under "
        "`settings`.",
        (("formula", text),),
    )


def conditional() -> Check:
    """Return that odds are compared inside a group."""
    return Check(
        "conditional",
        PASS,
        "Odds are compared between answers of the same group; over all people together the ratio "
        "lies nearer to 1.",
    )
