"""One self-contained page a language: sentence, picture, table, and how each number came to be."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .drawing.icons import icon, style
from .headline import headline, lead
from .reading import Reading
from .sections import SECTIONS
from .style import stylesheet

PAGES = {"en": "report.html", "it": "report.it.html"}
SHEETS = ("tokens.css", "report.css", "picture.css")
NAMES = {"en": "English", "it": "Italiano"}


@cache
def environment() -> Environment:
    """Return the templates of the package, filled in strictly and escaped."""
    found = Environment(
        loader=PackageLoader("anello.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.globals.update(icon=icon, style=style)
    return found


def page(reading: Reading, picture: Markup, listed: Markup) -> bytes:
    """Return the page: no script, no outside request, the same bytes for the same release."""
    parts = []
    for key, section in SECTIONS.items():
        context = section.context(reading)
        if context is not None:
            template = environment().get_template(f"{key}.html.j2")
            body = template.render(r=reading, say=reading.say, say_n=reading.say_n, **context)
            title = context.get("heading") or reading.say(section.title)
            parts.append({"key": key, "title": title, "body": Markup(body)})
    other = "it" if reading.language == "en" else "en"
    text = environment().get_template("page.html.j2").render(
        r=reading, say=reading.say, parts=parts, css=stylesheet(*SHEETS), picture=picture,
        listed=listed, headline=headline(reading), lead=lead(reading), other=other,
        other_page=PAGES[other], other_name=NAMES[other],
    )  # fmt: skip
    return text.encode()
