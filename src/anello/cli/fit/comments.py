"""`anello fit comments`: topics and sentiment of free text."""

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


@click.command(help=helped("Topics and sentiment of comments in English and Italian."))
@click.argument("file", type=A_PATH)
@click.option("--text", required=True, help=helped("The column of the comments."))
@click.option("--language", help=helped("The column of their language; else it is told by words."))
@click.option("--labels", help=helped("The column of what people said: sentiments or topics."))
@click.option("--unit", help=helped("The column of the unit."))
@click.option("--corrections", type=A_PATH, help=helped("A file of what people corrected."))
@click.option("--vectors", is_flag=True, help=helped("Add the vectors of the [text] extra."))
@click.option("--examples", default=0, help=helped("Masked comments to show for each topic."))
@language_option
@json_option
def comments(file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        fitted = room("score.text.fit_comments").fit_comments(file, **said)
        if not as_json:
            del fitted["comments"]
        print_fit(fitted, as_json)
