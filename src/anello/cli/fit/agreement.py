"""`anello fit agreement`: agreement and reliability of a scale."""

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


@click.command(help=helped("Agreement and reliability of one scale inside groups."))
@click.argument("file", type=A_PATH)
@click.option("--items", required=True, help=helped("Columns, separated by commas."))
@click.option("--group", required=True, help=helped("The column of the unit."))
@click.option("--low", type=float, required=True, help=helped("Lowest answer."))
@click.option("--high", type=float, required=True, help=helped("Highest answer."))
@language_option
@json_option
def agreement(
    file: Path, items: str, group: str, low: float, high: float, lang: str, as_json: bool
) -> None:
    with answering(lang, as_json):
        columns = [name.strip() for name in items.split(",") if name.strip()]
        fit_agreement = room("score.fit_agreement").fit_agreement
        fitted = fit_agreement(str(file), items=columns, group=group, low=low, high=high)
        print_fit(fitted, as_json)
