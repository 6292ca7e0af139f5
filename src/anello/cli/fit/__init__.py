"""`anello fit`: one model from one file of rows, for a person who already holds them."""

import click

from anello.cli.answer import helped

from .agreement import agreement
from .ar1 import ar1
from .comments import comments
from .diary import diary
from .drivers import drivers
from .glmm import glmm
from .invariance import invariance
from .lmm import lmm
from .mediation import mediation
from .meta import meta
from .power import power
from .riclpm import riclpm
from .sem import sem

MODELS = (
    lmm,
    meta,
    agreement,
    sem,
    drivers,
    comments,
    glmm,
    diary,
    mediation,
    ar1,
    power,
    invariance,
    riclpm,
)


@click.group(help=helped("Fit one model to a file of rows that you already hold."))
def fit() -> None:
    """Hold the models."""


for model in MODELS:
    fit.add_command(model)
