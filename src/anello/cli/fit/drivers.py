"""`anello fit drivers`: which themes go with an outcome."""

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

LEVELS = click.Choice(["pooled", "between", "within"])


@click.command(help=helped("Which themes go with an outcome, in which shares, and how surely."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--unit", help=helped("The column of the unit."))
@click.option("--level", type=LEVELS, default="pooled", show_default=True)
@click.option("--wave", help=helped("The column of the wave, taken out within units."))
@click.option(
    "--bootstrap",
    type=click.IntRange(1, 100_000),
    default=1000,
    show_default=True,
    help=helped("How often units are drawn anew."),
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help=helped("Same seed, same draws."),
)
@language_option
@json_option
def drivers(formula: str, file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        print_fit(room("link.fit_drivers").fit_drivers(formula, str(file), **said), as_json)
