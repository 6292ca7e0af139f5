"""`anello fit meta`: meta-analysis."""

from pathlib import Path

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


@click.command(help=helped("Meta-analysis of the effects of many studies."))
@click.argument("spec")
@click.argument("file", type=A_PATH)
@click.option(
    "--method", default="REML", show_default=True, help=helped("REML, PM, DL, ML, FE ...")
)
@click.option("--knapp-hartung", is_flag=True, help=helped("Standard errors after Knapp-Hartung."))
@click.option(
    "--measure", default="gen", show_default=True, help=helped("gen, cor, zcor, rr or or.")
)
@language_option
@json_option
def meta(
    spec: str,
    file: Path,
    method: str,
    knapp_hartung: bool,
    measure: str,
    lang: str,
    as_json: bool,
) -> None:
    with answering(lang, as_json):
        fit_meta = room("link.fit_meta").fit_meta
        fitted = fit_meta(
            spec, str(file), method=method, knapp_hartung=knapp_hartung, measure=measure
        )
        print_fit(fitted, as_json)
