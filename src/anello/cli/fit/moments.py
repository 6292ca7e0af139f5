"""`anello fit moments`: a mixed model from files of moments, added up."""

from pathlib import Path

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


@click.command(help=helped("Mixed model from the moments of one or more files, added up."))
@click.argument("files", nargs=-1, required=True, type=A_PATH)
@click.option("--ml", is_flag=True, help=helped("Maximum likelihood, not REML."))
@language_option
@json_option
def moments(files: tuple[Path, ...], ml: bool, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        print_fit(room("store.shipped").fit_shipped(files, ml=ml), as_json)
