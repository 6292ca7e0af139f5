"""The parameter table: what a model's text says, and what it leaves to the rules of its kind."""

from dataclasses import dataclass, replace
from math import isnan

from anello.model.errors import ModelError

from .block import Block
from .roles import Roles, roles
from .rows import KINDS, Row, Wish
from .syntax import Equation, Statement, Syntax

EQUAL = (
    "loadings",
    "intercepts",
    "means",
    "regressions",
    "residuals",
    "residual.covariances",
    "lv.variances",
    "lv.covariances",
)


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a model; `blocks` holds the roles by group and level, both counted from 1.

    Free rows of one label share an `index` into the vector of parameters; `free` names it.
    """

    rows: tuple[Row, ...]
    blocks: dict[tuple[int, int], Roles]
    equations: tuple[Equation, ...]
    free: tuple[str, ...]
    groups: int
    levels: int
    means: bool
    text: str = ""

    def of(self, group: int, level: int) -> tuple[Row, ...]:
        """Return the rows of one block."""
        return tuple(r for r in self.rows if (r.group, r.level) == (group, level))


def table(syntax: Syntax, wish: Wish) -> Table:
    """Return the parameter table of a model.

    The rules are those of lavaan's functions of the same name: the first loading of a latent is
    1, residuals and exogenous latents vary and go together, given variables are fixed at the data.
    """
    _check(syntax, wish)
    listed = syntax.statements
    means = wish.means or wish.kind == "growth" or wish.groups > 1 or wish.levels > 1
    means = means or any(s.op == "~1" for s in listed)
    means = means or bool({"intercepts", "means"} & set(wish.equal))
    rows: list[Row] = []
    blocks: dict[tuple[int, int], Roles] = {}
    for group in range(1, wish.groups + 1):
        parts = [_block(syntax, group, level) for level in range(1, wish.levels + 1)]
        found = [roles(part) for part in parts]
        for level, (part, role) in enumerate(zip(parts, found, strict=True), 1):
            above = found[1].observed if level == 1 and len(found) == 2 else ()
            block = Block(syntax, wish, role, group, level, bool(means), above)
            rows += block.rows(part)
            blocks[group, level] = role
    if wish.groups > 1 and wish.equal:
        _share(rows, wish, blocks)
    free = _number(rows)
    return Table(
        tuple(rows),
        blocks,
        syntax.equations,
        free,
        wish.groups,
        wish.levels,
        bool(means),
        syntax.text,
    )


def _check(syntax: Syntax, wish: Wish) -> None:
    if wish.kind not in KINDS:
        raise ModelError(
            "The kind {kind!r} is not known; use sem, cfa, growth or lavaan.", kind=wish.kind
        )
    for name in wish.equal:
        if name not in EQUAL:
            raise ModelError(
                "{name!r} cannot be held equal; use one of: {known}.",
                name=name,
                known=", ".join(EQUAL),
            )
    if len(syntax.levels) not in (0, wish.levels):
        raise ModelError(
            "The model has {found} levels and the data {wanted}: give a cluster column with "
            "level: 1 and level: 2, or neither.",
            found=len(syntax.levels),
            wanted=wish.levels,
        )
    if wish.levels == 2 and not syntax.levels:
        raise ModelError("With a cluster column the model needs the lines level: 1 and level: 2.")
    if syntax.groups and len(syntax.groups) != wish.groups:
        raise ModelError(
            "The model has {found} group blocks and the data {wanted} groups.",
            found=len(syntax.groups),
            wanted=wish.groups,
        )


def _block(syntax: Syntax, group: int, level: int) -> list[Statement]:
    named = syntax.groups[group - 1] if syntax.groups else ""
    on = syntax.levels[level - 1] if syntax.levels else ""
    return [s for s in syntax.statements if s.group in ("", named) and s.level == on]


def _share(rows: list[Row], wish: Wish, blocks: dict[tuple[int, int], Roles]) -> None:
    """Give the rows of later groups the labels of the first, for what shall be equal."""
    first = {(r.level, r.lhs, r.op, r.rhs): (n, r) for n, r in enumerate(rows, 1) if r.group == 1}
    for row in rows:
        found = first.get((row.level, row.lhs, row.op, row.rhs))
        if row.group == 1 or found is None or not row.free or not found[1].free:
            continue
        if _kind_of(row, blocks[row.group, row.level]) in wish.equal and not row.label:
            number, twin = found
            twin.label = twin.label or f".p{number}."
            row.label = twin.label


def _kind_of(row: Row, role: Roles) -> str:
    latent = row.lhs in role.latent
    if row.op == "~~":
        if row.lhs == row.rhs:
            return "lv.variances" if latent else "residuals"
        both = latent and row.rhs in role.latent
        return "lv.covariances" if both else "residual.covariances"
    if row.op == "~1":
        return "means" if latent else "intercepts"
    return "loadings" if row.op == "=~" else "regressions"


def _number(rows: list[Row]) -> tuple[str, ...]:
    """Number the free parameters, those of one label together; return their names."""
    free: list[str] = []
    known: dict[str, int] = {}
    fixed = {r.label: r.value for r in rows if r.label and not r.free and not isnan(r.value)}
    for row in rows:
        if row.free and row.label in fixed:
            row.free, row.value = False, fixed[row.label]
        if not row.free:
            continue
        if row.label and row.label in known:
            row.index = known[row.label]
            continue
        row.index = len(free)
        known[row.label or f" {row.index}"] = row.index
        free.append(row.name)
    return tuple(free)


def unlabelled(found: Table) -> Table:
    """Return the table without its equations, as a baseline needs it."""
    return replace(found, equations=())
