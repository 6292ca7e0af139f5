"""`anello fit`: one model from one file of rows, for a person who already holds them."""

import click

from anello.cli.answer import helped

from .agreement import agreement
from .lmm import lmm
from .meta import meta
from .sem import sem

MODELS = (lmm, meta, agreement, sem)


@click.group(help=helped("Fit one model to a file of rows that you already hold."))
def fit() -> None:
    """Hold the models."""


for model in MODELS:
    fit.add_command(model)
