"""`anello moments`: the sums of a file for one model, to be sent in the place of its rows."""

from pathlib import Path

import click

from .answer import A_PATH, answering, helped, json_option, language_option, print_fit, room


@click.command(help=helped("Write the sums that a mixed model needs of a file, and no row."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--out", type=A_PATH, required=True, help=helped("The new file of moments."))
@click.option(
    "--k",
    type=click.IntRange(min=5),
    default=5,
    show_default=True,
    help=helped("Groups of fewer rows stay behind."),
)
@language_option
@json_option
def moments(formula: str, file: Path, out: Path, k: int, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        print_fit(room("store.shipped").ship(formula, file, out, k), as_json)
