"""`anello fit mediation`: how x goes over m to y inside a person."""

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


@click.command(help=helped("1-1-1 mediation in a diary, written y ~ m ~ x."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--person", required=True, help=helped("The column of the person."))
@click.option("--day", help=helped("The column of the day; a date or a number."))
@click.option("--prompt", help=helped("The column of the prompt inside a day."))
@click.option(
    "--by",
    type=click.Choice(["prompt", "day"]),
    default="prompt",
    help=helped("Rows as they are, or one for each day."),
)
@click.option("--slopes", type=click.Choice(["random", "fixed"]), default="random")
@click.option("--draws", type=click.IntRange(100, 10_000_000), default=20_000, show_default=True)
@click.option(
    "--bootstrap",
    type=click.IntRange(0, 1_000_000),
    default=0,
    help=helped("Bootstrap so many times, whole persons at a time."),
)
@click.option("--ml", is_flag=True, help=helped("Maximum likelihood, not REML."))
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@language_option
@json_option
def mediation(formula: str, file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        fit_mediation = room("store.fit_mediation").fit_mediation
        print_fit(fit_mediation(formula, str(file), **said), as_json)
