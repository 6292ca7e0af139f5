"""`anello fit counter`: the mood of the staff of a shift and the answers of its customers."""

from pathlib import Path
from typing import Any

import click

from anello.cli.answer import A_PATH, answering, helped, print_fit, room

from .shift_options import shift_options


@click.command(
    help=helped("The smile at the counter: whether the mood that staff bring reaches customers.")
)
@click.argument("staff", type=A_PATH)
@click.argument("customers", type=A_PATH, required=False)
@click.option("--customer", required=True, help=helped("The column of the customers' answer."))
@click.option("--cluster", type=click.Choice(["auto", "site"]), default="auto")
@shift_options
def counter(staff: Path, customers: Path | None, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        other = None if customers is None else str(customers)
        print_fit(room("store.fit_contagion").fit_counter(str(staff), other, **said), as_json)
