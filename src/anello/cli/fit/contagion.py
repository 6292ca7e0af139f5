"""`anello fit contagion`: mood that is passed from colleague to colleague during a shift."""

from pathlib import Path
from typing import Any

import click

from anello.cli.answer import A_PATH, answering, helped, print_fit, room

from .shift_options import shift_options


@click.command(
    help=helped("Contagion: whether colleagues' mood before a shift shows after it in others.")
)
@click.argument("file", type=A_PATH)
@click.option("--post", required=True, help=helped("The column of the mood after the shift."))
@click.option("--cluster", type=click.Choice(["auto", "site", "person"]), default="auto")
@shift_options
def contagion(file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        print_fit(room("store.fit_contagion").fit_contagion(str(file), **said), as_json)
