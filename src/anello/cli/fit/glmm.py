"""`anello fit glmm`: mixed models of answers that are counted."""

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


@click.command(help=helped("Binomial, ordinal or Poisson mixed model, from counts."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--family", type=click.Choice(["binomial", "ordinal", "poisson"]), default="binomial")
@click.option("--link", help=helped("logit (the rule) or probit; log for poisson."))
@click.option("--agq", default=1, help=helped("Quadrature nodes per varying effect; 1 is Laplace."))
@click.option("--weights", help=helped("The column of frequencies, or of answers behind a share."))
@click.option("--levels", default="", help=helped("The answers from low to high, with commas."))
@click.option("--blups", is_flag=True, help=helped("Also print the mode of each group."))
@language_option
@json_option
def glmm(
    formula: str,
    file: Path,
    family: str,
    link: str | None,
    agq: int,
    weights: str | None,
    levels: str,
    blups: bool,
    lang: str,
    as_json: bool,
) -> None:
    with answering(lang, as_json):
        order = tuple(name.strip() for name in levels.split(",") if name.strip())
        fitted = room("store.fit_glmm").fit_glmm(
            formula,
            str(file),
            family=family,
            link=link,
            agq=agq,
            weights=weights,
            order=order,
            modes=blups,
            language=lang,
        )
        print_fit(fitted, as_json)
