"""The rows of one group and level: what the text says, and what its kind adds."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan, nan

from .roles import Roles
from .rows import KINDS, Row, Wish
from .syntax import Statement, Syntax
from .words import refuse


@dataclass(frozen=True, slots=True)
class Block:
    """Writes the rows of one group and level."""

    syntax: Syntax
    wish: Wish
    role: Roles
    group: int
    level: int
    means: bool
    above: tuple[str, ...]

    def rows(self, statements: list[Statement]) -> list[Row]:
        rows = {self.key(s.lhs, s.op, s.rhs): self.said(s) for s in statements}
        first = self.first(statements)
        for row in self.automatic():
            key = self.key(row.lhs, row.op, row.rhs)
            if key not in rows and self.key(row.rhs, row.op, row.lhs) not in rows:
                rows[key] = row
        if KINDS[self.wish.kind].automatic:
            self.scale(rows, first)
        for statement in statements:
            self.modify(rows[self.key(statement.lhs, statement.op, statement.rhs)], statement)
        return list(rows.values())

    def key(self, lhs: str, op: str, rhs: str) -> tuple[str, str, str]:
        return lhs, op, rhs

    def said(self, s: Statement) -> Row:
        return Row(s.lhs, s.op, s.rhs, self.group, self.level, user=True, place=s.place)

    def row(self, lhs: str, op: str, rhs: str, value: float = nan, given: bool = False) -> Row:
        free = isnan(value) and not given
        return Row(lhs, op, rhs, self.group, self.level, free, value, given=given)

    def first(self, statements: list[Statement]) -> list[tuple[str, str]]:
        """Return the first indicator of each latent."""
        found: dict[str, str] = {}
        for s in statements:
            if s.op == "=~":
                found.setdefault(s.lhs, s.rhs)
        return list(found.items())

    def automatic(self) -> Iterator[Row]:
        role = self.role
        if KINDS[self.wish.kind].automatic:
            for name in (*role.explained, *role.latent):
                yield self.row(name, "~~", name)
            for names in (role.latent_x, role.outcomes):
                yield from (self.row(a, "~~", b) for a, b in _pairs(names))
        fixed = not self.wish.random_x
        for name in role.given:
            yield self.row(name, "~~", name, given=fixed)
        for a, b in _pairs(role.given):
            yield self.row(a, "~~", b, given=fixed)
        if self.means:
            yield from (self.intercept(name) for name in (*role.observed, *role.latent))

    def intercept(self, name: str) -> Row:
        kind = KINDS[self.wish.kind]
        if name in self.role.latent:
            later = self.group > 1 and "intercepts" in self.wish.equal
            free = kind.latent_means or (later and "means" not in self.wish.equal)
            return self.row(name, "~1", "", nan if free else 0.0)
        if name in self.above:
            return self.row(name, "~1", "", 0.0)
        if name in self.role.given:
            return self.row(name, "~1", "", given=not self.wish.random_x)
        return self.row(name, "~1", "", nan if kind.observed_means else 0.0)

    def scale(self, rows: dict[tuple[str, str, str], Row], first: list[tuple[str, str]]) -> None:
        """Fix first loadings at 1, and the residual of a single indicator at 0."""
        for latent, indicator in first:
            rows[latent, "=~", indicator].free = False
            rows[latent, "=~", indicator].value = 1.0
            rows[latent, "=~", indicator].marker = True
            alone = sum(key[0] == latent and key[1] == "=~" for key in rows) == 1
            own = rows.get((indicator, "~~", indicator))
            if alone and own is not None and not own.user:
                own.free, own.value = False, 0.0

    def modify(self, row: Row, statement: Statement) -> None:
        asked = statement.asked
        values = (*asked.fixed, *asked.start, *asked.label)
        for said in (asked.fixed, asked.start, asked.label):
            if values and len(said) not in (0, 1, self.wish.groups):
                refuse(
                    self.syntax.text,
                    statement.place,
                    "{found} values are given for {wanted} groups.",
                    found=len(said),
                    wanted=self.wish.groups,
                )
        if asked.fixed:
            row.value = self.mine(asked.fixed)
            row.free = isnan(row.value)
            row.marker = False
        if asked.start and not isnan(self.mine(asked.start)):
            row.start = self.mine(asked.start)
            row.value = row.value if row.free else row.start
        if asked.label:
            row.label = asked.label[self.group - 1 if len(asked.label) > 1 else 0]
        if asked.equal:
            row.label = self.twin(asked.equal, statement)

    def mine(self, values: tuple[float, ...]) -> float:
        return values[self.group - 1 if len(values) > 1 else 0]

    def twin(self, name: str, statement: Statement) -> str:
        """Return the label of the parameter that this one shall equal, giving it one if needed."""
        for other in self.syntax.statements:
            if f"{other.lhs}{other.op}{other.rhs}" == name:
                other.asked.label = other.asked.label or (name,)
                return other.asked.label[0]
        refuse(self.syntax.text, statement.place, "There is no parameter {name}.", name=name)


def _pairs(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for i, a in enumerate(names):
        yield from ((a, b) for b in names[i + 1 :])
