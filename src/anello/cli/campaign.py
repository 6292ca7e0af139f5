"""`anello campaign`: open a campaign with its keys, close it, end it."""

from pathlib import Path
from typing import Any

import click

from anello.model.words import say, say_n

from .answer import A_PATH, answering, helped, json_option, language_option, print_json, print_lines
from .answer import room as _room


@click.group(help=helped("Open a campaign with its keys, close it, and end it on its last day."))
def campaign() -> None:
    """Hold the verbs of a campaign."""


@campaign.command("open", help=helped("Make a campaign's folder and keys from a sealed promise."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@click.option("--promise", type=A_PATH, required=True, help=helped("The sealed promise."))
@language_option
@json_option
def open_(folder: Path, promise: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        made = _room("protect.campaign").open_(folder, promise)
        if as_json:
            print_json(_opened(made))
        else:
            print_lines(
                [
                    say("Opened: {folder}. Keep {keys} out of every backup.", lang,
                        folder=folder, keys=folder / "keys"),
                    say("On every invitation and poster stands: {hash}", lang, hash=made.hash),
                    say("Answers and comments are destroyed on {ends} at the latest.", lang,
                        ends=made.promise.ends.isoformat()),
                ]
            )  # fmt: skip


def _opened(made: Any) -> dict[str, Any]:
    return {
        "folder": str(made.folder),
        "campaign": made.promise.campaign,
        "secrecy": made.promise.secrecy.value,
        "ends": made.promise.ends.isoformat(),
        "seal": made.seal,
        "hash": made.hash,
    }


@campaign.command(help=helped("Take no more answers, destroy the tokens, write the answers' file."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@language_option
@json_option
def close(folder: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        done = _room("protect.campaign").close(folder)
        reason = None if done.reason is None else done.reason.text(lang)
        if as_json:
            file = None if done.file is None else str(done.file)
            print_json(
                {"campaign": done.campaign, "closed": done.day.isoformat(),
                 "answers": done.answers, "file": file, "reason": reason}
            )  # fmt: skip
            return
        told = say_n(
            "Closed with {n} answer; the tokens and cards are destroyed.",
            "Closed with {n} answers; the tokens and cards are destroyed.",
            done.answers,
            lang,
        )
        why = say("No file of answers: {reason}", lang, reason=reason)
        file = say("Written: {file}. Name it as a source of a chain.", lang, file=done.file)
        print_lines([told, file if done.file else why])


@campaign.command(help=helped("Destroy the key of the answers once their last day is over."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@language_option
@json_option
def end(folder: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        proof = _room("protect.campaign").end(folder)
        values = {
            "campaign": proof.campaign,
            "what": proof.what,
            "key": proof.key_id,
            "due": proof.due.isoformat(),
            "destroyed": proof.destroyed.isoformat(),
            "proof": proof.hash,
        }
        if as_json:
            print_json(values)
        else:
            print_lines(
                [
                    say("The key of {campaign} was destroyed on {destroyed}; it was due after "
                        "{due}. No answer can be read any more, in no copy.", lang, **values),
                    say("Key: {key}", lang, **values),
                    say("Proof: {proof}", lang, **values),
                ]
            )  # fmt: skip
