"""The promise on paper: a sealed file, its check, and the first page that everybody reads."""

import json
import os
from pathlib import Path

from anello.model.errors import OutputError, RefusedError, unread, unwritten
from anello.model.promise import (
    Promise,
    Reader,
    Secrecy,
    Sight,
    canonical,
    from_values,
    raised,
    seal_of,
)
from anello.model.words import say

LONGEST = 100_000
"""No promise has more bytes; a longer file is not read further, and is then no JSON."""


def write(promise: Promise, path: Path, before: Promise | None = None) -> str:
    """Write a promise with its seal to a new file and return the seal.

    `before` is the promise it follows; a weaker one is refused. An existing file is never replaced.
    """
    if before is not None:
        raised(before, promise)
    seal = seal_of(promise)
    told = {
        "promise": json.loads(canonical(promise)),
        "seal": seal,
        "before": None if before is None else seal_of(before),
    }
    try:
        _whole(path, json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    except OSError as error:
        raise OutputError(
            "{file} cannot be written: {reason}.", file=path, reason=unwritten(error)
        ) from None
    return seal


def _whole(path: Path, text: str) -> None:
    """Write a new file whole, or leave none: a full disk takes no name."""
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise


def read(path: Path) -> tuple[Promise, str, str | None]:
    """Return the promise of a file, its seal, and the seal it follows; refuse a broken seal."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(LONGEST).decode())
    except OSError as error:
        raise RefusedError(
            "{file} cannot be read: {reason}.", file=path, reason=unread(error)
        ) from None
    except (ValueError, RecursionError):
        raise RefusedError("{file} is no promise: it is not JSON.", file=path) from None
    if not isinstance(told, dict) or set(told) != {"promise", "seal", "before"}:
        raise RefusedError("{file} is no promise: it has no seal.", file=path)
    promise = from_values(told["promise"])
    if seal_of(promise) != told["seal"]:
        raise RefusedError(
            "the seal of {file} is broken: its lines were changed after it was sealed.", file=path
        )
    before = told["before"]
    return promise, str(told["seal"]), before if isinstance(before, str) else None


def verify(path: Path, before: Path | None = None) -> str:
    """Return the seal of a file that holds, and that lowers nothing of the file before it."""
    promise, seal, follows = read(path)
    if before is not None:
        old, old_seal, _ = read(before)
        if follows != old_seal:
            raise RefusedError("{file} does not follow {before}.", file=path, before=before)
        raised(old, promise)
    return seal


def first_page(promise: Promise, language: str = "en") -> tuple[str, ...]:
    """Return the sentences of the first page, made from the object that the gate enforces."""
    return (
        _who(promise.secrecy, language),
        say(
            "No average is shown of fewer than {scores} people, no share of favourable or "
            "unfavourable answers of fewer than {splits}, no comment of fewer than {comments}.",
            language,
            scores=promise.scores,
            splits=promise.splits,
            comments=promise.comments,
        ),
        say(
            "While the questions are open nobody sees results; only how many have answered in all, "
            "rounded, from {live} people on.",
            language,
            live=promise.live,
        ),
        say(
            "The same people are compared over time only when they are at least {matched}.",
            language,
            matched=promise.matched,
        ),
        say(
            "Rolling samples are shown only from {invited} people invited.",
            language,
            invited=promise.invited,
        ),
        *_readers(promise, language),
        say(
            "Your answers and comments are destroyed on {ends} at the latest.",
            language,
            ends=promise.ends.isoformat(),
        ),
        say(
            "This promise can be raised and never lowered. What you write in your own words may "
            "tell who you are; and if all your colleagues but you put their answers together, "
            "they can work out yours.",
            language,
        ),
        say("Seal of this promise: {seal}", language, seal=seal_of(promise)),
    )


def _who(secrecy: Secrecy, language: str) -> str:
    if secrecy is Secrecy.CONFIDENTIAL:
        return say(
            "Confidential: you sign in, so the system can tell which answers are yours; nobody who "
            "reads results can.",
            language,
        )
    if secrecy is Secrecy.TOKEN:
        return say(
            "Token: you draw a code that cannot be traced to you; with it you answer, and nobody "
            "can tell which answers are yours.",
            language,
        )
    return say(
        "Card: you take a sealed card without a number from the pile; nobody knows which card is "
        "yours.",
        language,
    )


def _readers(promise: Promise, language: str) -> list[str]:
    return [
        say(
            "{reader}: {sights}.",
            language,
            reader=_reader(reader, language),
            sights=", ".join(_sight(s, language) for s in sights),
        )
        for reader, sights in promise.sees
        if sights
    ]


def _reader(reader: Reader, language: str) -> str:
    names = {
        Reader.STAFF: say("Everybody who works here sees", language),
        Reader.REPRESENTATIVE: say("Your representatives see", language),
        Reader.MANAGER: say("Managers see", language),
        Reader.ANALYST: say("Those who analyse the results see", language),
        Reader.BOARD: say("The board sees", language),
    }
    return names[reader]


def _sight(sight: Sight, language: str) -> str:
    names = {
        Sight.ORGANISATION: say("the results of the whole organisation", language),
        Sight.OWN_UNIT: say("the results of their own unit", language),
        Sight.ALL_UNITS: say("the results of every unit", language),
        Sight.SPLITS: say("favourable and unfavourable shares", language),
        Sight.COMMENTS: say("masked comments, shuffled", language),
    }
    return names[sight]
