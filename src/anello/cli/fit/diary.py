"""`anello fit diary`: inside a person and between persons."""

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


@click.command(help=helped("A diary: what goes with what inside a person, and between persons."))
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
@click.option("--centring", type=click.Choice(["manifest", "latent"]), default="manifest")
@click.option("--slopes", type=click.Choice(["random", "fixed"]), default="random")
@click.option("--ml", is_flag=True, help=helped("Maximum likelihood, not REML."))
@click.option(
    "--confounder",
    type=float,
    default=0.3,
    show_default=True,
    help=helped("Correlation with x and y of something that nobody asked about."),
)
@language_option
@json_option
def diary(formula: str, file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        print_fit(room("store.fit_diary").fit_diary(formula, str(file), **said), as_json)
