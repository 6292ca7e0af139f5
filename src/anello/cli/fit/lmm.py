"""`anello fit lmm`: linear mixed models."""

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


@click.command(help=helped("Linear mixed model, as lme4 would name its terms."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--ml", is_flag=True, help=helped("Maximum likelihood, not REML."))
@language_option
@json_option
def lmm(formula: str, file: Path, ml: bool, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        print_fit(room("store.fit_lmm").fit_lmm(formula, str(file), ml=ml), as_json)
