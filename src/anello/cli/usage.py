"""What is told to a person who calls a verb in a way it does not know: one sentence."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from anello.model.words import LANGUAGES, say, say_n

from .answer import HERE
from .shelf import NoSuchVerb


def asked(words: Sequence[str]) -> str:
    """Return the language that the words of a call ask for, else that of the person.

    A call that cannot be understood was never parsed, so its `--lang` is looked for by eye.

    >>> asked(["run", "--lang", "it", "--oot"]), asked(["run", "--lang=it"])
    ('it', 'it')
    """
    pairs = [*pairwise(words), *(w.partition("=")[::2] for w in words)]
    return next((v for name, v in pairs if name == "--lang" and v in LANGUAGES), HERE)


def refuse(error: click.UsageError, words: Sequence[str]) -> None:
    """Tell one sentence on standard error, and as JSON too when the call asks for it."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    language = asked(words)
    sentence = text(error, language)
    if "--json" in words:
        click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
    click.echo(sentence, err=True)


def text(error: click.UsageError, language: str) -> str:
    """Return what is wrong with a call, and where its options are listed."""
    told = _told(error, language)
    if error.ctx is None:
        return told
    return told + " " + say("See: {command} --help", language, command=error.ctx.command_path)


def _told(error: click.UsageError, language: str) -> str:
    if isinstance(error, NoSuchVerb):
        return _unknown_verb(error, language)
    if isinstance(error, click.NoSuchOption):
        return _unknown_option(error, language)
    if isinstance(error, click.MissingParameter) and error.param:
        return _missing(error.param, language)
    if isinstance(error, click.BadParameter) and error.param:
        return _unfit(error.param, language) or error.format_message()
    if isinstance(error, click.BadOptionUsage):
        return _misused(error, language)
    return _superfluous(error, language) or error.format_message()


def _unknown_verb(error: NoSuchVerb, language: str) -> str:
    if not error.near:
        return say("There is no command {verb!r}.", language, verb=error.verb)
    sentence = "There is no command {verb!r}; did you mean {near!r}?"
    return say(sentence, language, verb=error.verb, near=error.near)


def _unknown_option(error: click.NoSuchOption, language: str) -> str:
    if not error.possibilities:
        return say("There is no option {option}.", language, option=error.option_name)
    sentence = "There is no option {option}; did you mean {near}?"
    return say(sentence, language, option=error.option_name, near=error.possibilities[0])


def _missing(param: click.Parameter, language: str) -> str:
    if isinstance(param, click.Argument):
        told = say("The argument {name} is missing.", language, name=_name(param))
    else:
        told = say("The option {name} is missing.", language, name=_name(param))
    if isinstance(param.type, click.Choice):
        told += " " + say("Choose one of: {choices}.", language, choices=_choices(param.type))
    return told


def _unfit(param: click.Parameter, language: str) -> str:
    """Return what a value must be; empty for a type that has no sentence."""
    kind: Any = param.type
    if isinstance(kind, click.Choice):
        sentence = "{name} must be one of: {choices}."
        return say(sentence, language, name=_name(param), choices=_choices(kind))
    if isinstance(kind, click.DateTime):
        return say("{name} must be a date, as in 2024-03-26.", language, name=_name(param))
    if kind.name.startswith("integer"):
        told = say("{name} must be a whole number", language, name=_name(param))
    elif kind.name.startswith("float"):
        told = say("{name} must be a number", language, name=_name(param))
    else:
        return ""
    limits = _limits(kind, language) if hasattr(kind, "min") else ""
    return f"{told}, {limits}." if limits else f"{told}."


def _limits(kind: Any, language: str) -> str:
    told = []
    if kind.min is not None:
        sentence = say("above {limit}", language, limit=kind.min)
        told.append(
            sentence if kind.min_open else say("at least {limit}", language, limit=kind.min)
        )
    if kind.max is not None:
        sentence = say("below {limit}", language, limit=kind.max)
        told.append(sentence if kind.max_open else say("at most {limit}", language, limit=kind.max))
    return ", ".join(told)


def _misused(error: click.BadOptionUsage, language: str) -> str:
    """Tell of an option with too few values or too many; click says which in its message alone."""
    if "not take" in error.message:
        return say("The option {name} takes no value.", language, name=error.option_name)
    if many := re.search(r"(\d+) arguments", error.message):
        sentence = "The option {name} needs {n} values."
        return say(sentence, language, name=error.option_name, n=many[1])
    return say("The option {name} needs a value.", language, name=error.option_name)


def _superfluous(error: click.UsageError, language: str) -> str:
    found = re.search(r"unexpected extra arguments? \((.*)\)", error.message)
    if not found:
        return ""
    n = len(found[1].split(" "))
    one, many = "One word is too many: {words}.", "{n} words are too many: {words}."
    return say_n(one, many, n, language, words=found[1])


def _name(param: click.Parameter) -> str:
    if isinstance(param, click.Argument):
        return param.human_readable_name.upper()
    return max(param.opts, key=len)


def _choices(kind: click.Choice[Any]) -> str:
    return ", ".join(map(str, kind.choices))
