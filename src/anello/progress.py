"""Progress of a long run, on standard error, so that results can be piped."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from anello.model.words import say

SENTENCES = {
    "read": "Reading the chain and its sources",
    "score": "Scoring where the data lie",
    "judge": "Judging every link",
    "release": "Passing the gate",
    "report": "Writing sentences, tables and pictures",
    "write": "Sealing the release folder",
}


@contextmanager
def steps(language: str, *, hidden: bool = False) -> Iterator[Callable[[str], None]]:
    """Show the steps of a run as they begin: a bar on a terminal, plain lines elsewhere."""
    if hidden:
        yield lambda step: None
    elif sys.stderr.isatty():
        yield from _bar(language)
    else:
        yield lambda step: print(f"  {say(SENTENCES[step], language)} ...", file=sys.stderr)


def _bar(language: str) -> Iterator[Callable[[str], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(SENTENCES))
        order = list(SENTENCES)

        def show(step: str) -> None:
            text = say(SENTENCES[step], language)
            bar.update(task, description=text, completed=order.index(step))

        yield show
        bar.update(task, completed=len(order))
