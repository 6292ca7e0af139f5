"""`anello attack`: what single answers follow from released folders, tried by anybody."""

from pathlib import Path
from typing import Any

import click

from anello.model.errors import SourceError

from .answer import A_PATH, answering, helped, json_option, language_option, print_json, print_lines
from .answer import room as _room


@click.command(
    help=helped("Try to find single answers in released folders; exit 1 when something is found.")
)
@click.argument("folders", metavar="RELEASES...", nargs=-1, required=True, type=A_PATH)
@click.option(
    "--staff",
    type=A_PATH,
    help=helped("A CSV of who stood where: person, unit, wave, and anything else that is known."),
)
@click.option(
    "--scale",
    "scales",
    multiple=True,
    metavar="[MEASURE=]LOW:HIGH",
    help=helped("The scale of a measure, or of all, where a release does not tell it."),
)
@language_option
@json_option
def attack(
    folders: tuple[Path, ...], staff: Path | None, scales: tuple[str, ...], lang: str, as_json: bool
) -> None:
    with answering(lang, as_json):
        releases = _room("report.attack")
        told = dict(map(_scale, scales))
        read = releases.figures(folders, told)
        if not read.figures and read.no_scale:
            raise SourceError(
                "no release tells the scale of {names}; give it, as in --scale 1:5.",
                names=", ".join(read.no_scale),
            )
        listed = None if staff is None else releases.staff(staff)
        found = _room("protect.attack").attack(read.figures, listed, read.k)
        if as_json:
            print_json(releases.as_json(found, read, lang))
        else:
            print_lines(releases.lines(found, read, lang))
    if found.found:
        raise click.exceptions.Exit(1)


def _scale(text: str) -> tuple[str, Any]:
    """Return the measure ("" for all) and the scale of an option such as pay=1:5."""
    name, _, ends = text.rpartition("=")
    low, _, high = ends.partition(":")
    try:
        scale = float(low), float(high)
    except ValueError:
        scale = 0.0, 0.0
    if not scale[0] < scale[1]:
        raise SourceError("{text!r} is no scale; write it as 1:5, or pay=1:5.", text=text)
    return name, _room("protect.attack").Scale(*scale)
