"""`anello fit`: one model from one file of rows, for a person who already holds them."""

import click

from anello.cli.answer import helped
from anello.cli.shelf import Shelf

MODELS = (
    "lmm",
    "glmm",
    "moments",
    "meta",
    "agreement",
    "sem",
    "invariance",
    "riclpm",
    "drivers",
    "diary",
    "mediation",
    "ar1",
    "reliability",
    "contagion",
    "counter",
    "power",
    "comments",
)


@click.group(
    cls=Shelf,
    room="anello.cli.fit",
    verbs=MODELS,
    help=helped("Fit one model to a file of rows that you already hold."),
)
def fit() -> None:
    """Hold the models."""
