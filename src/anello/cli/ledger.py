"""`anello ledger`: what left, what did not, and why."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from anello.model.errors import RefusedError
from anello.model.words import say, say_n

from .answer import A_PATH, answering, helped, json_option, language_option, print_json, print_lines
from .answer import room as _room


@click.group(
    help=helped("List, verify, explain or end the ledger of everything that was released.")
)
def ledger() -> None:
    """Hold the verbs of the ledger."""


@ledger.command("list", help=helped("List what was released or refused, one line each."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@language_option
@json_option
def list_(folder: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        chain = _read(folder)
        if as_json:
            print_json([asdict(row) for row in chain.rows])
        else:
            print_lines([_line(row, lang) for row in chain.rows] + _torn(chain, lang))


@ledger.command(help=helped("Verify the chain of lines and the private ledger of every wave."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@click.option("--head", default="", help=helped("The hash of a line that you kept."))
@language_option
@json_option
def verify(folder: Path, head: str, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        chain = _read(folder)
        if head and head not in {row.hash for row in chain.rows}:
            raise RefusedError("no line of the ledger has the hash {head}; it was cut.", head=head)
        waves = _room("protect.ledger").faults(folder)
        missing = _room("protect.ledger").untold(folder)
        if missing:
            raise RefusedError(
                "the private ledger holds records of {n} waves of which no line tells: lines were "
                "cut off the ledger, or a run was cut short.",
                n=missing,
            )
        if waves:
            raise RefusedError(
                "the private ledger of wave {wave} is not whole; nothing more of it leaves.",
                wave=", ".join(waves),
            )
        if as_json:
            print_json({"lines": len(chain.rows), "head": chain.head, "torn": chain.torn})
        else:
            print_lines([*_whole(chain, lang), *_torn(chain, lang)])


@ledger.command(help=helped("Say in words what a line of the ledger allowed or refused."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@click.argument("number", type=click.IntRange(1))
@language_option
@json_option
def explain(folder: Path, number: int, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        rows = _read(folder).rows
        if number > len(rows):
            raise RefusedError(
                "the ledger has {n} lines; no line {number}.", n=len(rows), number=number
            )
        row = rows[number - 1]
        if as_json:
            print_json(asdict(row) | {"words": _reason(row, lang)})
        else:
            print_lines([_line(row, lang), _reason(row, lang)])


@ledger.command(help=helped("Destroy the private ledger of a promise whose last day is over."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@click.option("--promise", type=A_PATH, required=True, help=helped("The sealed promise."))
@language_option
@json_option
def end(folder: Path, promise: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        _read(folder)
        promised = _room("protect.promise").read(promise)[0]
        rows = _room("protect.ledger").end(folder, promised, date.today())
        if as_json:
            print_json([asdict(row) for row in rows])
        else:
            none = say("Nothing more to destroy: every wave of this promise is closed.", lang)
            print_lines([_line(row, lang) for row in rows] or [none])


def _read(folder: Path) -> Any:
    room = _room("protect.ledger")
    if not folder.is_dir():
        raise RefusedError("there is no ledger in {folder}.", folder=folder)
    return room.read(folder)


def _line(row: Any, lang: str) -> str:
    told = say("left", lang) if row.allowed else say("refused", lang)
    if row.kind == "destroyed":
        told = say("private ledger destroyed", lang)
    return f"{row.seq}  {row.day}  {row.wave}  {row.what or row.kind}  {told}  {row.hash[:12]}"


def _reason(row: Any, lang: str) -> str:
    if row.kind == "destroyed":
        return say("Nothing more of wave {wave} leaves: its weights are gone.", lang, wave=row.wave)
    if not row.allowed:
        return say("Refused: {reason}", lang, reason=say(row.reason, lang, **row.values))
    return say(
        "Allowed: of no person's answer is more than {share} told, with all that left of wave "
        "{wave} before; less than .5 may be told.",
        lang,
        share=row.values.get("leverage", 0.0),
        wave=row.wave,
    )


def _whole(chain: Any, lang: str) -> list[str]:
    n = len(chain.rows)
    return [
        say_n("{n} line, and the chain is whole.", "{n} lines, and the chain is whole.", n, lang),
        say("Keep this hash: {head}", lang, head=chain.head),
    ]


def _torn(chain: Any, lang: str) -> list[str]:
    if not chain.torn:
        return []
    return [
        say(
            "A last line of {n} bytes was torn by a crash; nothing left on it, and it is dropped.",
            lang,
            n=chain.torn,
        )
    ]
