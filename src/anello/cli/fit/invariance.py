"""`anello fit invariance`: may groups be compared?"""

from pathlib import Path
from typing import Any

import click

from anello.cli.answer import (
    A_PATH,
    answering,
    helped,
    json_option,
    language_option,
    print_fit,
    room,
)


@click.command(help=helped("Do groups answer the same questions in the same way? Four fits."))
@click.argument("model")
@click.argument("file", type=A_PATH)
@click.option("--group", required=True, help=helped("The column of groups to compare."))
@click.option("--kind", type=click.Choice(["cfa", "sem"]), default="cfa")
@click.option("--missing", type=click.Choice(["listwise", "fiml"]), default="listwise")
@click.option("--estimator", type=click.Choice(["ML", "MLR", "MLM"]), default="ML")
@language_option
@json_option
def invariance(model: str, file: Path, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        fit_invariance = room("store.fit_invariance").fit_invariance
        print_fit(fit_invariance(model, str(file), **said), as_json)
