"""`anello plan`: what so many units and waves could find, before anything is asked."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from anello.model.errors import ModelError
from anello.model.plan import Planned

from .answer import (
    A_PATH,
    answering,
    helped,
    json_option,
    language_option,
    print_json,
    print_lines,
    room,
)

OPTIONS = (
    click.option("--units", type=int, help=helped("How many units.")),
    click.option("--waves", type=int, help=helped("How many waves.")),
    click.option("--size", type=float, help=helped("How many people answer in each.")),
    click.option("--icc", type=float, help=helped("ICC(1) of their answers.  [default: 0.1]")),
    click.option("--reliability", type=float, help=helped("Of a unit's mean, instead of both.")),
    click.option(
        "--stable", type=float, help=helped("Share that stays with a unit.  [default: 0.5]")
    ),
    click.option(
        "--autocorrelation", type=float, help=helped("From wave to wave.  [default: 0.5]")
    ),
    click.option(
        "--draws", type=int, default=1000, show_default=True, help=helped("Simulated data sets.")
    ),
)


def plan_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options of a plan."""
    for option in reversed(OPTIONS):
        verb = option(verb)
    return verb


def planned(base: Planned | None, *, needed: bool = False, **said: Any) -> Planned | None:
    """Return the plan that options make, over `base`; None when there is nothing to go by."""
    given = {key: value for key, value in said.items() if value is not None}
    if "reliability" in given:
        given["reliability"] = (given["reliability"], given["reliability"])
    if base is not None:
        return replace(base, **given)
    if {"units", "waves"} <= set(given):
        return Planned(**given)
    if given or needed:
        raise ModelError("A plan needs both `--units` and `--waves`.")
    return None


@click.command(help=helped("Say what each link could find: on your own history, or before it."))
@click.argument("chain", type=A_PATH)
@plan_options
@language_option
@json_option
def plan(chain: Path, draws: int, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        given = any(value is not None for value in said.values())
        base = room("listen.chain_file").read(chain).plan if given else None
        wanted = planned(base, **said)
        with room("progress").steps(lang, hidden=as_json) as progress:
            made = room("run").plan(chain, wanted, draws, progress)
        told = room("report.plan_lines")
        if as_json:
            print_json(told.as_json(made))
        else:
            print_lines(told.lines(made, lang))
