"""How a verb answers: its language, its JSON, its errors, and the room it calls."""

import json
import locale
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from anello.model.errors import AnelloError, OutputError, SourceError
from anello.model.words import LANGUAGES, say


def _spoken() -> str:
    """Return the language of the person: ANELLO_LANG, else that of the machine, else English."""
    wanted = os.environ.get("ANELLO_LANG") or locale.setlocale(locale.LC_MESSAGES, None) or ""
    wanted = wanted if wanted not in ("C", "POSIX") else os.environ.get("LANG", "")
    return "it" if wanted.lower().startswith("it") else "en"


HERE = _spoken()
A_PATH = click.Path(path_type=Path)
Verb = Callable[..., None]
ENGINES = ("duckdb", "_duckdb", "pyarrow", "sqlite3")


def helped(text: str) -> str:
    """Return a help text in the language of the person."""
    return say(text, HERE)


def language_option(verb: Verb) -> Verb:
    """Give a verb `--lang`."""
    told = helped("Language of the answer: en or it.")
    return click.option("--lang", default=HERE, show_default=True, help=told)(verb)


def json_option(verb: Verb) -> Verb:
    """Give a verb `--json`."""
    told = helped("Print the result as JSON.")
    return click.option("--json", "as_json", is_flag=True, help=told)(verb)


def room(name: str) -> Any:
    """Return a room by name, loaded when it is called for, so that `--help` answers at once."""
    return import_module(f"anello.{name}")


@contextmanager
def answering(language: str, as_json: bool = False, code: int | None = None) -> Iterator[None]:
    """Turn an error into one sentence on standard error and its exit code.

    SQLite says by an error of its own that it was interrupted.
    """
    if language not in LANGUAGES:
        text = say("Speak `en` or `it`; {language!r} is not known.", HERE, language=language)
        click.echo(text, err=True)
        raise click.exceptions.Exit(2)
    try:
        yield
    except AnelloError as error:
        if as_json:
            click.echo(json.dumps({"error": error.text(language)}, ensure_ascii=False))
        click.echo(error.text(language), err=True)
        raise click.exceptions.Exit(error.exit_code if code is None else code) from None
    except BrokenPipeError:
        raise
    except Exception as error:
        if str(error) == "interrupted" and type(error).__name__ == "OperationalError":
            raise KeyboardInterrupt from None
        refused = _refused(error)
        if refused is None:
            raise
        if as_json:
            click.echo(json.dumps({"error": refused.text(language)}, ensure_ascii=False))
        click.echo(refused.text(language), err=True)
        raise click.exceptions.Exit(2) from None


def _refused(error: Exception) -> AnelloError | None:
    """Return what the machine or an engine refuses, None for a fault of the program.

    A damaged file may be found out by the engine that reads it only in the middle of its work.
    """
    engine = type(error).__module__.partition(".")[0] in ENGINES
    if isinstance(error, MemoryError) or (engine and "Out of Memory" in str(error)):
        return AnelloError("The memory of this machine is not enough for these data.")
    if isinstance(error, OSError):
        return OutputError(
            "{file} cannot be used: {reason}.",
            file=error.filename or "-",
            reason=error.strerror or error,
        )
    if engine and "out of range" in str(error).lower():
        return SourceError("A number of the file is infinite or too large; remove its row.")
    if engine:
        reason = (str(error).strip().splitlines() or ["?"])[0].rstrip(".")
        return SourceError("The data cannot be read: {reason}. Look at the file.", reason=reason)
    return None


def print_json(value: object) -> None:
    """Print strict JSON."""
    click.echo(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False))


def print_lines(lines: list[str]) -> None:
    """Print lines."""
    for line in lines:
        click.echo(line)


def print_fit(fitted: dict[str, Any], as_json: bool) -> None:
    """Print what a model found, as JSON or as lines."""
    if as_json:
        print_json(fitted)
    else:
        print_lines(room("report.terminal").fit_lines(fitted))
