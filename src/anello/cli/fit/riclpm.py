"""`anello fit riclpm`: panel models of two measures."""

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


@click.command(help=helped("Who leads whom: RI-CLPM, CLPM or dynamic panel model of two measures."))
@click.argument("measures")
@click.argument("file", type=A_PATH)
@click.option("--id", "unit", help=helped("The column of the unit, for long rows."))
@click.option("--wave", help=helped("The column of the wave, for long rows."))
@click.option("--model", type=click.Choice(["riclpm", "clpm", "dpm"]), default="riclpm")
@click.option(
    "--equal-lags/--free-lags",
    "equal",
    default=True,
    show_default=True,
    help=helped("Lags are the same in every wave, or each its own."),
)
@click.option("--estimator", type=click.Choice(["ML", "MLR"]), default="ML")
@language_option
@json_option
def riclpm(measures: str, file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        print_fit(room("store.fit_riclpm").fit_riclpm(measures, str(file), **said), as_json)
