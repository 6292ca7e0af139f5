"""`anello fit lmm`: linear mixed models."""

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


@click.command(help=helped("Linear mixed model, as lme4 would name its terms."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--ml", is_flag=True, help=helped("Maximum likelihood, not REML."))
@click.option(
    "--df",
    type=click.Choice(["satterthwaite", "kr", "none"]),
    default="satterthwaite",
    help=helped("Degrees of freedom; kr is Kenward-Roger."),
)
@click.option(
    "--robust", type=click.Choice(["CR2"]), help=helped("Cluster-robust standard errors.")
)
@click.option(
    "--ci",
    type=click.Choice(["wald", "profile"]),
    default="wald",
    help=helped("Intervals; profile also gives those of the variance components."),
)
@click.option("--weights", help=helped("A column of weights: more weight, less noise."))
@click.option("--blups", is_flag=True, help=helped("The effect of every group, shrunken."))
@click.option(
    "--unit-level",
    metavar="COLUMN",
    multiple=True,
    help=helped("A column that must not vary inside a group; may be repeated."),
)
@click.option("--predict", help=helped("A file of new rows to predict."))
@language_option
@json_option
def lmm(formula: str, file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        print_fit(room("store.fit_lmm").fit_lmm(formula, str(file), **said), as_json)
