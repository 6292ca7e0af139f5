"""The options that `anello fit contagion` and `anello fit counter` share."""

from collections.abc import Callable
from typing import Any

import click

from anello.cli.answer import helped, json_option, language_option

SHARED = (
    click.option("--person", required=True, help=helped("The column of the person.")),
    click.option("--site", help=helped("The column of the site; without it there is one.")),
    click.option("--day", required=True, help=helped("The column of the day; a date or a number.")),
    click.option("--shift", required=True, help=helped("The column of the shift inside a day.")),
    click.option("--pre", help=helped("The column of the mood before the shift.")),
    click.option("--weight", help=helped("How much each person counts as a colleague.")),
    click.option(
        "--permutations",
        type=int,
        default=999,
        show_default=True,
        help=helped("How often those present are dealt anew over the shifts of their day."),
    ),
    click.option("--seed", type=int, default=1, show_default=True),
    click.option("--level", type=float, default=0.95, show_default=True),
)


def shift_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the columns of a shift and how to test."""
    for option in reversed((*SHARED, language_option, json_option)):
        verb = option(verb)
    return verb
