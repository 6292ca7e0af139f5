"""`anello whatif`: what a famous chain would say, never without its banner."""

import click

from .answer import answering, helped, json_option, language_option, print_fit, room


@click.command(help=helped("What the Sears chain of 1998 would say: an illustration."))
@click.option(
    "--attitude", type=float, required=True, help=helped("Points more of staff attitude.")
)
@language_option
@json_option
def whatif(attitude: float, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        told = room("link.published.what_if").sears(attitude)
        values = {
            "attitude": told.attitude,
            "customer": told.customer,
            "growth": told.growth,
            "banner": told.banner.get(lang),
        }
        print_fit(values, as_json)
