"""`anello fit invariance`: may groups be compared? Four fits of one model, as a dictionary."""

from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from anello.model.errors import ModelError
from anello.model.words import say
from anello.stats.sem.invariance import Step, invariance
from anello.stats.sem.language.syntax import parse

from .files import open_file
from .fit_sem import finite
from .sem_data import Asked, gathered, sensible, text_of, wish

TWO_SCALAR = 2


def fit_invariance(
    model: str,
    path: str,
    *,
    group: str,
    kind: str = "cfa",
    missing: str = "listwise",
    estimator: str = "ML",
) -> dict[str, Any]:
    """Fit a measurement model to groups of rows with ever more held equal between them.

    Keys: model, kind, estimator, groups, n, dropped, steps (name, chisq, df, cfi, rmsea, the change
    from the step before, `holds`, `converged`, `improper`), verdict (a sentence), notes, seconds.
    Raises `FormulaError`, `SourceError` or `ModelError`, each one sentence.
    """
    started = perf_counter()
    asked = Asked(kind, None, missing, estimator.upper(), group)
    syntax = parse(text_of(model))
    sensible(asked)
    if not any(s.op == "=~" for s in syntax.statements):
        raise ModelError(
            "There is nothing to compare: the model measures no latent variable; write for "
            "example f =~ x1 + x2 + x3."
        )
    data = gathered(syntax, open_file(Path(path)), asked)
    scanned = perf_counter()
    sizes: list[int] = []

    def sample(shape: Any) -> Any:
        found = data.sample(shape)
        sizes.append(found.n)
        return found

    steps = invariance(syntax, wish(asked, len(data.labels)), sample, asked.estimator)
    return {
        "model": "invariance",
        "kind": kind,
        "estimator": asked.estimator,
        "groups": list(data.labels),
        "n": sizes[0],
        "dropped": data.rows - sizes[0],
        "steps": [finite(asdict(step)) for step in steps],
        "verdict": verdict(steps),
        "notes": _notes(steps),
        "seconds": {"scan": scanned - started, "fit": perf_counter() - scanned},
    }


def verdict(steps: tuple[Step, ...]) -> str:
    """Return what the last step that holds allows."""
    held = [step.name for step in steps if step.holds]
    if not all(step.converged for step in steps[: len(held) + 1]):
        return say(
            "Whether the groups may be compared cannot be told: a fit did not come to a solution."
        )
    if len(held) == len(steps):
        return say(
            "Loadings, intercepts and residuals are the same in all groups, as far as these data "
            "tell: means, also of single sums, may be compared."
        )
    if len(held) > TWO_SCALAR:
        return say(
            "Loadings and intercepts are the same in all groups, as far as these data tell: latent "
            "means may be compared."
        )
    if len(held) == TWO_SCALAR:
        return say(
            "Only the loadings are the same in all groups: links may be compared, means must not."
        )
    return say(
        "The groups do not answer these questions in the same way: neither links nor means of "
        "the latent variables may be compared."
    )


def _notes(steps: tuple[Step, ...]) -> list[str]:
    first, out = steps[0], []
    if first.converged and first.cfi < 0.9:
        out.append(
            say(
                "Even the configural model fits badly (CFI {cfi:.3f}): what is compared is a model "
                "that does not describe the groups.",
                cfi=first.cfi,
            )
        )
    improper = next((step.name for step in steps if step.improper), None)
    if improper is not None:
        out.append(
            say(
                "The solution of the step {step} is improper: a variance is negative or a "
                "correlation beyond 1. Its test still holds, its estimates say little.",
                step=improper,
            )
        )
    return out
