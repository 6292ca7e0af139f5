"""Do groups answer the same questions in the same way? Four fits, each asking more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .chi_square import upper
from .fit import Fitted, fit
from .indices import Fit
from .language.rows import Wish
from .language.syntax import Syntax
from .language.table import Table, table
from .likelihood.sample import Sample

STEPS: dict[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
WORST = -0.01


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its fit and how it changed from the step before (NaN for the first).

    `holds` asks that CFI falls by at most .01 (Cheung & Rensvold, 2002); means may be compared
    across groups only where the scalar step holds. With robust estimators `delta_chisq` is the
    scaled difference (Satorra & Bentler, 2001), NaN where that is negative, and CFI and RMSEA are
    the robust ones. An `improper` solution has a negative variance or an impossible
    correlation; its test still holds (Savalei & Kolenikov, 2008).
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
    delta_rmsea: float
    holds: bool
    converged: bool
    improper: bool = False


def invariance(
    syntax: Syntax,
    wish: Wish,
    sample: Callable[[Table], Sample],
    estimator: str = "ML",
    asked: Sequence[str] = tuple(STEPS),
) -> tuple[Step, ...]:
    """Return the configural, metric, scalar and strict steps of a model with groups.

    `sample` makes the data of a table: the steps share them, so that they can be compared. `asked`
    are the first of the steps, in their order.
    """
    steps: list[Step] = []
    before: Fit | None = None
    for name in asked:
        shape = table(syntax, replace(wish, equal=STEPS[name], means=True))
        found = fit(shape, sample(shape), estimator)
        steps.append(_step(name, found, before, steps[-1] if steps else None))
        before = found.fit
    return tuple(steps)


def _step(name: str, found: Fitted, before: Fit | None, last: Step | None) -> Step:
    now, nan = found.fit, float("nan")
    cfi, rmsea = _of_fit(found)
    if before is None or last is None:
        ok = found.converged
        first = nan, 0, nan, nan, nan
        return Step(name, _test(found), now.df, cfi, rmsea, *first, ok, ok, _improper(found))
    df = now.df - before.df
    chisq = now.chisq - before.chisq
    if found.estimator != "ML":
        chisq = _scaled_difference(before, now, chisq, df)
    holds = found.converged and last.holds and cfi - last.cfi >= WORST
    return Step(
        name,
        _test(found),
        now.df,
        cfi,
        rmsea,
        chisq,
        df,
        upper(chisq, df),
        cfi - last.cfi,
        rmsea - last.rmsea,
        holds,
        found.converged,
        _improper(found),
    )


def _improper(found: Fitted) -> bool:
    return any(code in ("variance", "covariance") for code, _ in found.faults)


def _test(found: Fitted) -> float:
    return found.fit.chisq if found.estimator == "ML" else found.fit.chisq_scaled


def _of_fit(found: Fitted) -> tuple[float, float]:
    if found.estimator == "ML":
        return found.fit.cfi, found.fit.rmsea
    return found.fit.cfi_robust, found.fit.rmsea_robust


def _scaled_difference(before: Fit, now: Fit, chisq: float, df: int) -> float:
    """Return the difference of two scaled tests, NaN where its own scaling is not positive."""
    left = before.df * before.scaling if before.df else 0.0
    scaling = (now.df * now.scaling - left) / df if df else float("nan")
    return chisq / scaling if scaling > 0 else float("nan")
