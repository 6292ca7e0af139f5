"""`anello fit sem`: structural equation models."""

from pathlib import Path
from typing import Any

import click

from anello.cli.answer import (
    A_PATH,
    answering,
    helped,
    json_option,
    language_option,
    print_fit,
    room,
)


@click.command(help=helped("Structural equation model in lavaan's syntax, one or two levels."))
@click.argument("model")
@click.argument("file", type=A_PATH)
@click.option("--kind", type=click.Choice(["sem", "cfa", "growth", "lavaan"]), default="sem")
@click.option("--cluster", help=helped("The column of the unit, for two levels."))
@click.option("--missing", type=click.Choice(["listwise", "fiml"]), default="listwise")
@click.option("--estimator", type=click.Choice(["ML", "MLR", "MLM"]), default="ML")
@click.option("--group", help=helped("The column of groups to compare."))
@click.option("--equal", default="", help=helped("loadings,intercepts: equal in all groups."))
@click.option("--random-x", is_flag=True, help=helped("Covariates are random, not fixed."))
@click.option("--modification", is_flag=True, help=helped("What one more parameter would bring."))
@language_option
@json_option
def sem(model: str, file: Path, equal: str, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        same = tuple(name.strip() for name in equal.split(",") if name.strip())
        fit_sem = room("store.fit_sem").fit_sem
        print_fit(fit_sem(model, str(file), equal=same, **said), as_json)
