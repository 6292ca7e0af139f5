"""`anello fit reliability`: the reliability of a scale in a diary."""

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


@click.command(help=helped("Reliability of a diary's scale, between persons and of change."))
@click.argument("file", type=A_PATH)
@click.option("--items", required=True, help=helped("Columns, separated by commas."))
@click.option("--person", required=True, help=helped("The column of the person."))
@click.option("--time", required=True, help=helped("The column of the occasion."))
@language_option
@json_option
def reliability(file: Path, items: str, person: str, time: str, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        columns = [name.strip() for name in items.split(",") if name.strip()]
        found = room("store.fit_reliability").fit_reliability(
            str(file), items=columns, person=person, time=time
        )
        print_fit(found, as_json)
