"""The rows of a file as a structural model asks for them: columns, groups, sums, samples."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from anello.model.errors import ModelError, SourceError
from anello.stats.sem.fit import ESTIMATORS
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import Syntax
from anello.stats.sem.language.table import Table, table
from anello.stats.sem.likelihood.fiml import fiml
from anello.stats.sem.likelihood.sample import Sample
from anello.stats.sem.likelihood.single import single
from anello.stats.sem.likelihood.two_level import two_level
from anello.stats.sem.likelihood.two_level_missing import two_level_missing

from .files import File
from .sem_sums import (
    Columns,
    cluster_pattern_rows,
    cluster_sums,
    complete_sums,
    groups,
    opened,
    pattern_rows,
    rows_of,
)

LONGEST = 1 << 20
"""Signs of a model in a file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked beside model and file."""

    kind: str = "sem"
    cluster: str | None = None
    missing: str = "listwise"
    estimator: str = "ML"
    group: str | None = None
    equal: tuple[str, ...] = ()
    random_x: bool = False
    modification: bool = False


def text_of(model: str) -> str:
    """Return the model's text: of the file of that name, if there is one."""
    path = Path(model)
    if "\n" in model or len(model) > 1000:
        return model
    if _is_file(path):
        return _read(path)
    if not re.search(r"[~=:]", model) and model.strip():
        raise SourceError("There is no file {file}.", file=path)
    return model


def _is_file(path: Path) -> bool:
    """Return whether there is such a file; a formula too long for a name is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LONGEST + 1)
    except UnicodeDecodeError:
        text = "\0"
    if len(text) > LONGEST or "\0" in text:
        raise SourceError(
            "{file} holds no model: a model is a text in UTF-8 of at most {limit} KB.",
            file=path,
            limit=LONGEST >> 10,
        )
    return text


def sensible(asked: Asked) -> None:
    """Raise `ModelError` for options that are unknown or do not go together."""
    if asked.missing not in ("listwise", "fiml"):
        raise ModelError(
            "Missing values are handled by listwise or fiml; {name!r} is not known.",
            name=asked.missing,
        )
    if asked.estimator not in ESTIMATORS:
        raise ModelError(
            "The estimator {name!r} is not known; use ML, MLR or MLM.", name=asked.estimator
        )
    if asked.estimator == "MLM" and (asked.cluster or asked.missing == "fiml"):
        raise ModelError("MLM needs complete rows without clusters; use MLR.")


@dataclass(frozen=True, eq=False)
class Data:
    """Sums of a file: `sample` lays them out as a table of the same columns needs them."""

    labels: tuple[str, ...]
    rows: int
    sample: Callable[[Table], Sample]


def gathered(syntax: Syntax, file: File, asked: Asked) -> Data:
    """Return what the rows of a file say about a model; they are scanned once."""
    draft = table(syntax, wish(asked, syntax.most))
    columns = _columns(draft, asked)
    file = opened(file, columns)
    labels = _in_order(groups(file, columns), syntax)
    return Data(labels, rows_of(file), _summed(file, columns, labels, asked))


def _summed(
    file: File, columns: Columns, labels: tuple[str, ...], asked: Asked
) -> Callable[[Table], Sample]:
    robust = asked.estimator != "ML"
    if asked.cluster and asked.missing == "fiml":
        pairs = tuple(cluster_pattern_rows(file, columns, g, robust=robust) for g in labels)
        return lambda found: two_level_missing(found, pairs)
    if asked.cluster:
        clustered = tuple(cluster_sums(file, columns, g, robust=robust) for g in labels)
        return lambda found: two_level(found, clustered)
    if asked.missing == "fiml":
        patterns = tuple(pattern_rows(file, columns, g, robust=robust) for g in labels)
        return lambda found: fiml(found, patterns)
    whole = tuple(complete_sums(file, columns, g, robust=robust) for g in labels)
    return lambda found: single(found, whole, centred=asked.estimator == "MLM")


def wish(asked: Asked, count: int) -> Wish:
    """Return how a text shall be read for so many groups."""
    levels = 2 if asked.cluster else 1
    means = True if asked.missing == "fiml" else None
    return Wish(asked.kind, count, levels, asked.equal, means, asked.random_x)


def _in_order(found: tuple[str, ...], syntax: Syntax) -> tuple[str, ...]:
    """Return the groups in the order of the model's blocks, where these bear their names."""
    return syntax.groups if set(syntax.groups) == set(found) else found


def _columns(draft: Table, asked: Asked) -> Columns:
    by_level: dict[int, dict[str, None]] = {1: {}, 2: {}}
    for (_, level), role in draft.blocks.items():
        by_level[level] |= dict.fromkeys(role.observed)
    given = {r.lhs for r in draft.rows if r.given and r.own_variance}
    within = tuple(by_level[1])
    between = tuple(name for name in by_level[2] if name not in by_level[1])
    return Columns(
        within,
        between,
        asked.cluster or "",
        asked.group or "",
        tuple(n for n in within if n in given),
    )
