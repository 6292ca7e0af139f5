"""`anello fit`: one model from one file of rows, for a person who already holds them."""

from pathlib import Path
from typing import Any

import click

from .answer import (
    A_PATH,
    answering,
    helped,
    json_option,
    language_option,
    print_json,
    print_lines,
    room,
)


@click.group(help=helped("Fit one model to a file of rows that you already hold."))
def fit() -> None:
    """Hold the models."""


@fit.command(help=helped("Linear mixed model, as lme4 would name its terms."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--ml", is_flag=True, help=helped("Maximum likelihood, not REML."))
@language_option
@json_option
def lmm(formula: str, file: Path, ml: bool, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        _print_fit(room("store.fit_lmm").fit_lmm(formula, str(file), ml=ml), as_json)


@fit.command(help=helped("Meta-analysis of the effects of many studies."))
@click.argument("spec")
@click.argument("file", type=A_PATH)
@click.option(
    "--method", default="REML", show_default=True, help=helped("REML, PM, DL, ML, FE ...")
)
@click.option("--knapp-hartung", is_flag=True, help=helped("Standard errors after Knapp-Hartung."))
@click.option(
    "--measure", default="gen", show_default=True, help=helped("gen, cor, zcor, rr or or.")
)
@language_option
@json_option
def meta(
    spec: str,
    file: Path,
    method: str,
    knapp_hartung: bool,
    measure: str,
    lang: str,
    as_json: bool,
) -> None:
    with answering(lang, as_json):
        fit_meta = room("link.fit_meta").fit_meta
        fitted = fit_meta(
            spec, str(file), method=method, knapp_hartung=knapp_hartung, measure=measure
        )
        _print_fit(fitted, as_json)


@fit.command(help=helped("Agreement and reliability of one scale inside groups."))
@click.argument("file", type=A_PATH)
@click.option("--items", required=True, help=helped("Columns, separated by commas."))
@click.option("--group", required=True, help=helped("The column of the unit."))
@click.option("--low", type=float, required=True, help=helped("Lowest answer."))
@click.option("--high", type=float, required=True, help=helped("Highest answer."))
@language_option
@json_option
def agreement(
    file: Path, items: str, group: str, low: float, high: float, lang: str, as_json: bool
) -> None:
    with answering(lang, as_json):
        columns = [name.strip() for name in items.split(",") if name.strip()]
        fit_agreement = room("score.fit_agreement").fit_agreement
        fitted = fit_agreement(str(file), items=columns, group=group, low=low, high=high)
        _print_fit(fitted, as_json)


@fit.command(help=helped("Structural equation model in lavaan's syntax, one or two levels."))
@click.argument("model")
@click.argument("file", type=A_PATH)
@click.option("--kind", type=click.Choice(["sem", "cfa", "growth", "lavaan"]), default="sem")
@click.option("--cluster", help=helped("The column of the unit, for two levels."))
@click.option("--missing", type=click.Choice(["listwise", "fiml"]), default="listwise")
@click.option("--estimator", type=click.Choice(["ML", "MLR", "MLM"]), default="ML")
@click.option("--group", help=helped("The column of groups to compare."))
@click.option("--equal", default="", help=helped("loadings,intercepts: equal in all groups."))
@click.option("--random-x", is_flag=True, help=helped("Covariates are random, not fixed."))
@language_option
@json_option
def sem(model: str, file: Path, equal: str, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        same = tuple(name.strip() for name in equal.split(",") if name.strip())
        fit_sem = room("store.fit_sem").fit_sem
        _print_fit(fit_sem(model, str(file), equal=same, **said), as_json)


def _print_fit(fitted: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(fitted)
    else:
        print_lines(room("report.terminal").fit_lines(fitted))
