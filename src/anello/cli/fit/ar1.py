"""`anello fit ar1`: the inertia of one variable of a diary."""

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


@click.command(help=helped("Inertia: AR(1) around a latent mean of each person, gaps included."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--person", required=True, help=helped("The column of the person."))
@click.option("--time", help=helped("The column of time, in steps."))
@click.option("--day", help=helped("The column of the day; a date or a number."))
@click.option("--prompt", help=helped("The column of the prompt inside a day."))
@click.option(
    "--night",
    default="1",
    show_default=True,
    help=helped("Steps from the last prompt of a day to the next, or `break`."),
)
@click.option("--reml", is_flag=True, help=helped("REML, not maximum likelihood."))
@language_option
@json_option
def ar1(formula: str, file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        print_fit(room("store.fit_ar1").fit_ar1(formula, str(file), **said), as_json)
