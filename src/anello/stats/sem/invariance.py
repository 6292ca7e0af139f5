"""Do groups answer the same questions in the same way? Three fits, each asking more."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from .fit import Fitted, fit
from .indices import tail
from .rows import Wish
from .sample import Sample
from .syntax import Syntax
from .table import Table, table

STEPS: dict[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
}
WORST = -0.01


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its fit and how it changed from the step before (NaN for the first).

    `holds` asks that CFI falls by at most .01 (Cheung & Rensvold, 2002); means may be compared
    across groups only where the scalar step holds.
    """

    name: str
    chisq: float
    df: int
    cfi: float
    rmsea: float
    delta_chisq: float
    delta_df: int
    delta_p: float
    delta_cfi: float
    holds: bool
    converged: bool


def invariance(
    syntax: Syntax, wish: Wish, sample: Callable[[Table], Sample], estimator: str = "ML"
) -> tuple[Step, ...]:
    """Return the configural, metric and scalar steps of a model with groups.

    `sample` makes the data of a table: the steps share them, so that they can be compared.
    """
    steps: list[Step] = []
    for name, equal in STEPS.items():
        shape = table(syntax, replace(wish, equal=equal, means=True))
        steps.append(_step(name, fit(shape, sample(shape), estimator), steps))
    return tuple(steps)


def _step(name: str, found: Fitted, before: list[Step]) -> Step:
    now, nan = found.fit, float("nan")
    if not before:
        ok = found.converged
        return Step(name, now.chisq, now.df, now.cfi, now.rmsea, nan, 0, nan, nan, ok, ok)
    last = before[-1]
    chisq, df, cfi = now.chisq - last.chisq, now.df - last.df, now.cfi - last.cfi
    holds = found.converged and last.holds and cfi >= WORST
    return Step(
        name,
        now.chisq,
        now.df,
        now.cfi,
        now.rmsea,
        chisq,
        df,
        tail(chisq, df),
        cfi,
        holds,
        found.converged,
    )
