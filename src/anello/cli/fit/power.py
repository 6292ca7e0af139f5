"""`anello fit power`: what a plan finds, before anything is asked."""

from typing import Any

import click

from anello.cli.answer import answering, helped, json_option, language_option, print_fit, room
from anello.cli.plan import plan_options, planned


@click.command(help=helped("What so many units and waves find, before anything is asked."))
@plan_options
@click.option(
    "--effect", type=float, default=0.2, show_default=True, help=helped("The true effect in SD.")
)
@click.option("--worth", type=float, help=helped("The effect worth acting on, in SD."))
@click.option(
    "--seed", type=int, default=1, show_default=True, help=helped("Same seed, same numbers.")
)
@language_option
@json_option
def power(
    effect: float, worth: float | None, draws: int, seed: int, lang: str, as_json: bool, **said: Any
) -> None:
    with answering(lang, as_json):
        plan = planned(None, needed=True, **said)
        fitted = room("link.fit_power").fit_power(plan, effect, worth, draws, seed)
        print_fit(fitted, as_json)
