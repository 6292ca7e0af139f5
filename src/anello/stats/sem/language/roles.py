"""What each variable of a block is: latent or observed, explained or given."""

from collections.abc import Iterable
from dataclasses import dataclass

from .syntax import Statement


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of one block, each tuple in the order of first appearance.

    `latent_x` are explained by nothing; `outcomes` are explained and explain nothing (their
    residuals go together unless said otherwise); `given` are observed, explain others, are
    explained by nothing and have no variance, covariance or mean of their own in the text.
    """

    latent: tuple[str, ...]
    observed: tuple[str, ...]
    latent_x: tuple[str, ...]
    outcomes: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def explained(self) -> tuple[str, ...]:
        """Return the observed variables that are not given."""
        return tuple(name for name in self.observed if name not in self.given)


def roles(statements: Iterable[Statement]) -> Roles:
    """Sort the variables of one block into their roles."""
    listed = tuple(statements)
    latent = _names(s.lhs for s in listed if s.op == "=~")
    indicators = _names(s.rhs for s in listed if s.op == "=~")
    explained = _names(s.lhs for s in listed if s.op == "~")
    explain = _names(s.rhs for s in listed if s.op == "~")
    own = [s for s in listed if s.op in ("~~", "~1")]
    extra = _names(name for s in own for name in (s.lhs, s.rhs) if name)
    every = _names((*indicators, *explained, *explain, *extra))
    observed = tuple(name for name in every if name not in latent)
    ends = tuple(n for n in explained if n not in explain and n not in indicators)
    return Roles(
        latent=latent,
        observed=observed,
        latent_x=tuple(n for n in latent if n not in explained and n not in indicators),
        outcomes=_names((*(n for n in latent if n in ends), *ends)),
        given=tuple(
            n
            for n in explain
            if n in observed and n not in (*explained, *indicators) and n not in extra
        ),
    )


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
