"""`anello promise`: the sealed promise of a campaign, its first page, and its check."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from anello.model.promise import LEAST, Promise, Secrecy, canonical
from anello.model.words import say

from .answer import A_PATH, answering, helped, json_option, language_option, print_json, print_lines
from .answer import room as _room


@click.group(help=helped("Show, verify or seal the promise to the people who answer."))
def promise() -> None:
    """Hold the verbs of the promise."""


@promise.command(help=helped("Show the first page that everybody reads, from the sealed object."))
@click.argument("file", type=A_PATH)
@language_option
@json_option
def show(file: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        paper = _room("protect.promise")
        found, seal, before = paper.read(file)
        page = list(paper.first_page(found, lang))
        if as_json:
            print_json(
                {"canonical": canonical(found), "seal": seal, "before": before, "page": page}
            )
        else:
            print_lines(page)


@promise.command(help=helped("Verify that a promise is as it was sealed, and lowers nothing."))
@click.argument("file", type=A_PATH)
@click.option("--before", type=A_PATH, help=helped("The promise that it follows."))
@language_option
@json_option
def verify(file: Path, before: Path | None, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        seal = _room("protect.promise").verify(file, before)
        if as_json:
            print_json({"seal": seal, "holds": True})
        else:
            click.echo(say("The promise holds. Seal: {seal}", lang, seal=seal))


@promise.command(help=helped("Seal a promise into a new file; a weaker successor is refused."))
@click.argument("file", type=A_PATH)
@click.option("--campaign", required=True, help=helped("The name of the campaign."))
@click.option(
    "--secrecy",
    type=click.Choice([s.value for s in Secrecy]),
    required=True,
    help=helped("How far the system can know who answered."),
)
@click.option(
    "--ends",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help=helped("The day on which answers and comments are destroyed."),
)
@click.option("--scores", type=int, default=LEAST["scores"], show_default=True)
@click.option("--splits", type=int, default=LEAST["splits"], show_default=True)
@click.option("--comments", type=int, default=LEAST["comments"], show_default=True)
@click.option("--before", type=A_PATH, help=helped("The promise that it follows."))
@language_option
@json_option
def seal(
    file: Path,
    before: Path | None,
    ends: datetime,
    secrecy: str,
    lang: str,
    as_json: bool,
    **said: Any,
) -> None:
    with answering(lang, as_json):
        paper = _room("protect.promise")
        old = None if before is None else paper.read(before)[0]
        made = paper.write(Promise(secrecy=Secrecy(secrecy), ends=ends.date(), **said), file, old)
        if as_json:
            print_json({"file": str(file), "seal": made})
        else:
            click.echo(say("Sealed: {file}. Seal: {seal}", lang, file=file, seal=made))
