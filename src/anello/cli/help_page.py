"""The page that `--help` shows, with its headings in the language of the person."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

from .answer import HERE, helped

SAID = {
    "Options": helped("Options"),
    "Commands": helped("Commands"),
    "Show this message and exit.": helped("Show this message and exit."),
    "[default: ": helped("[default: "),
    "[required]": helped("[required]"),
    "[OPTIONS]": helped("[OPTIONS]"),
    "COMMAND [ARGS]...": helped("COMMAND [ARGS]..."),
}
"""What the library of the command line says by itself."""


class HelpPage(click.HelpFormatter):
    """A page of help whose fixed words are those of the person's language.

    >>> page = HelpPage()
    >>> page.write_usage("anello run", "CHAIN")
    >>> page.getvalue().startswith(helped("Usage: "))
    True
    """

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a verb is called."""
        super().write_usage(prog, _said(args), prefix or helped("Usage: "))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Write a heading, and what stands below it a step to the right."""
        with super().section(_said(name)):
            yield

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or verbs beside what they do."""
        super().write_dl([(name, _said(text)) for name, text in rows], col_max, col_spacing)


def _said(text: str) -> str:
    if HERE == "en":
        return text
    for own, told in SAID.items():
        text = text.replace(own, told)
    return text
