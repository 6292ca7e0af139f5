"""`anello published`: what others found about a link, and your own correlation beside it."""

from typing import Any

import click

from anello.model.words import say

from .answer import answering, helped, json_option, language_option, print_json, print_lines, room

PLACES = click.Choice(["unit", "firm", "organisation"])


@click.command(
    help=helped("List what is published about a link, and lay your own correlation beside it.")
)
@click.argument("link", required=False)
@click.option("--r", type=click.FloatRange(-1, 1), help=helped("Your correlation between units."))
@click.option("--n", type=click.IntRange(4), help=helped("How many units it rests on."))
@click.option(
    "--answers",
    default="",
    help=helped("Answers to the questions, as contact=much,relation=encounter."),
)
@click.option(
    "--places",
    type=PLACES,
    default="unit",
    show_default=True,
    help=helped("What your units are: unit, firm or organisation."),
)
@click.option(
    "--spread",
    type=click.FloatRange(0, 1, min_open=True),
    help=helped("SD of true correlations between organisations, where none is published."),
)
@click.option(
    "--attenuation",
    type=click.FloatRange(0, 1, min_open=True),
    help=helped("Root of the product of both reliabilities, for corrected correlations."),
)
@click.option(
    "--worth",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.2,
    show_default=True,
    help=helped("Smallest correlation worth acting on."),
)
@language_option
@json_option
def published(link: str | None, lang: str, as_json: bool, **said: Any) -> None:
    with answering(lang, as_json):
        found = room("link.published.lent").published(link, **said)
        if as_json:
            print_json(found)
        else:
            print_lines([line for row in found["findings"] for line in _told(row, lang)])


def _told(row: dict[str, Any], lang: str) -> list[str]:
    link = f"{row['target']} ~ {row['source']}"
    year = "" if row["year"] is None or str(row["year"]) in row["citation"] else f", {row['year']}"
    finding = f"{row['what'][lang]} {row['across'][lang]}: {row['said'][lang]}"
    source = f"{row['citation']}{year} [{row['status']}: {row['mark'][lang]}]"
    lines = [link, f"  {finding}", f"  {source}"]
    lines += [f"  {line[lang]}" for line in row.get("lines", ())]
    if "refused" in row:
        lines.append("  " + say("Nothing is borrowed: {why}", lang, why=row["refused"][lang]))
    return lines
