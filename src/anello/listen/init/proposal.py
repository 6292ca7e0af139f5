"""The text of a proposed chain file, with a word of explanation at every turn."""

import os
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from ...model.errors import ChainFileError, OutputError, unwritten
from ...model.words import Words, say
from .. import link_formula
from . import plan
from .answers import Answers, answers
from .columns import Table, quoted
from .lexicon import UNITS, WAVES, noun, theme
from .plan import PlannedMeasure, PlannedSource

ENOUGH = 10
"""Fewer units than this are described, never judged."""


def propose(
    tables: Sequence[Table], given: Mapping[str, str], folder: Path, language: str = "en"
) -> str:
    """Return the text of a chain file for `tables`, to lie in `folder`; comments in `language`.

    `given` holds answers by question key (see `questions`); what is not given is guessed. Columns
    that nobody put on a side are written as comments, so that nothing is claimed by accident.
    """
    said = answers(tables, given)
    every = plan.step(tables, said)
    sources = plan.sources(tables, said, every)
    measures = plan.measures(sources, said)
    links = plan.links(measures, said)
    _check_links(links, [m.key for m in measures if m.side])
    page = _Page(language)
    _head(page, folder, sources)
    _places(page, tables, said, every, sources)
    _sources(page, sources, folder, said)
    _constructs(page, measures)
    _measures(page, measures, len(sources) > 1)
    _links(page, links, measures)
    return page.text()


def template() -> str:
    """Return the standard service-profit chain: every construct, measures still to be named."""
    name = "service_profit_chain.yaml"
    return (files("anello.listen") / "templates" / name).read_text(encoding="utf-8")


def write(text: str, path: Path) -> None:
    """Write a proposed chain file; raises `OutputError` rather than touch a file that exists."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(
            "{file} exists already and stays as it is; give another name with --out.", file=path
        ) from None
    except OSError as error:
        raise OutputError(
            "{file} cannot be written: {reason}.", file=path, reason=unwritten(error)
        ) from None


_PLAIN = re.compile(r"[^\W\d][\w./-]*( [\w./-]+)*")
_WORDS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


class _Page:
    """Lines of YAML with comments in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._lines: list[str] = []

    def line(self, text: str = "", note: str = "", **values: object) -> None:
        """Add a line, with a comment behind it."""
        comment = f"  # {say(note, self.language, **values)}" if note else ""
        self._lines.append((text + comment).rstrip())

    def note(self, sentence: str, /, indent: int = 0, **values: object) -> None:
        """Add a comment on a line of its own."""
        self._lines.append(f"{' ' * indent}# {say(sentence, self.language, **values)}")

    def text(self) -> str:
        """Return the whole file."""
        return "\n".join(self._lines) + "\n"


def _head(page: _Page, folder: Path, sources: Sequence[PlannedSource]) -> None:
    stem = folder.resolve().name if len(sources) > 1 else sources[0].key
    key = "".join(c if c.isascii() and c.isalnum() else "-" for c in stem.lower()).strip("-")
    title = _words(Words(*[(key or "chain").replace("-", " ").capitalize()] * 2))
    page.note("A chain: what is measured, where it is read, and which links are claimed.")
    page.note("Look it over, then: anello check THIS_FILE, and anello run THIS_FILE.")
    page.line("anello: 1")
    page.line(f"key: {scalar((key or 'chain')[:60].strip('-'))}", "names the release folder")
    page.line(f"title: {title}")
    page.line()
    page.note("The smallest effect you would act on. Say it now, before you see any result.")
    page.line("worth_acting_on: 0.2 sd", "or a number in units of the target")
    page.line()
    page.note("No result is shown from fewer people than this.")
    page.line("confidentiality: {k: 5}")
    page.line()


def _places(
    page: _Page,
    tables: Sequence[Table],
    said: Answers,
    every: str | None,
    sources: Sequence[PlannedSource],
) -> None:
    unit, wave = noun(said.unit, UNITS) or UNITS[-1], noun(said.wave, WAVES) or WAVES[-1]
    n = max(s.table.groups(quoted(s.unit)) for s in sources)
    page.line("units:")
    page.line(f"  column: {scalar(said.unit)}", "{n} in the data", n=n)
    page.line(f"  label: {_noun(unit.en, unit.it)}")
    if n < ENOUGH:
        page.note("With fewer than {n} a link is described, not judged.", indent=2, n=ENOUGH)
    page.line("waves:")
    page.line(f"  column: {scalar(said.wave)}")
    if every:
        named = next(w for w in WAVES if every in w.stems)
        page.line(f"  every: {every}", "dates are cut by week, month, quarter or year")
        page.line(f"  label: {_noun(named.en, named.it)}")
    else:
        page.line(f"  label: {_noun(wave.en, wave.it)}")
    page.line()


def _sources(page: _Page, sources: Sequence[PlannedSource], folder: Path, said: Answers) -> None:
    page.line("sources:")
    for source in sources:
        page.line(f"  {source.key}:")
        page.line(f"    path: {scalar(_relative(source.table.path, folder))}")
        if source.person:
            page.line("    grain: person", "several rows for one unit and wave")
        else:
            page.line("    grain: unit", "one row for one unit and wave")
        if source.rollup:
            page.line("    rollup: sum", "several rows of a unit and wave are added up; or: mean")
        if source.unit != said.unit:
            page.line(f"    unit: {scalar(source.unit)}")
        if source.wave != said.wave:
            page.line(f"    wave: {scalar(source.wave)}")
    page.line()


def _constructs(page: _Page, measures: Sequence[PlannedMeasure]) -> None:
    page.note("What the chain speaks of. Sides: employee, customer, operations, money.")
    page.line("constructs:")
    for measure in measures:
        mark = "" if measure.side else "# "
        side = measure.side or "operations"
        page.line(f"  {mark}{measure.key}: {{side: {side}, label: {_words(measure.label)}}}")
    page.line()


def _measures(page: _Page, measures: Sequence[PlannedMeasure], several: bool) -> None:
    page.note("How each of them is measured. Take the # away from what you want to use.")
    page.line("measures:")
    for measure in measures:
        mark = "" if measure.side else "# "
        for line in _measure(measure, several):
            page.line(f"  {mark}{line}")
    page.line()


def _measure(measure: PlannedMeasure, several: bool) -> list[str]:
    names = [scalar(c.name) for c in measure.columns]
    lines = [f"{measure.key}:"]
    if several:
        lines.append(f"  source: {measure.source.key}")
    lines.append(f"  column: {names[0]}" if len(names) == 1 else f"  items: [{', '.join(names)}]")
    if measure.source.person:
        lines.append(f"  scoring: {_scoring(measure)}")
    if measure.scale:
        lines += [f"  low: {measure.scale[0]}", f"  high: {measure.scale[1]}"]
    lines.append(f"  direction: {'up' if measure.up else 'down'}")
    return lines


def _scoring(measure: PlannedMeasure) -> str:
    about = theme(measure.columns[0].name)
    asks = about is not None and "nps" in about.stems
    return "recommend" if asks and measure.scale == (0, 10) else "mean"


def _links(page: _Page, links: Sequence[str], measures: Sequence[PlannedMeasure]) -> None:
    page.note("target ~ source; with a delay of one wave: target ~ lag(source, 1);")
    page.note("holding something else constant: target ~ source + control.")
    page.line("links:")
    for link in links:
        page.line(f"  - {link}")
    if not links:
        page.line("  # - target ~ source")


def _check_links(links: Sequence[str], known: Sequence[str]) -> None:
    for link in links:
        formula = link_formula.parse(link)
        for name in (formula.target, formula.source, *formula.controls):
            if name not in known:
                raise ChainFileError(
                    "the link {link!r} names {name!r}, which is no column of numbers; "
                    "there are: {names}.",
                    link=link,
                    name=name,
                    names=", ".join(known) or "-",
                )


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _words(words: Words) -> str:
    return f"{{en: {scalar(words.en)}, it: {scalar(words.it)}}}"


def _noun(en: tuple[str, ...], it: tuple[str, ...]) -> str:
    return f"{{en: [{', '.join(en)}], it: [{', '.join(it)}]}}"


def scalar(text: str) -> str:
    """Return a text as YAML, in quotation marks unless every reader takes it as plain text.

    >>> print(scalar("sales"), scalar("no"), scalar("007"), scalar('a "b": c'))
    sales "no" "007" "a \\"b\\": c"
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    inside = "".join(
        c if c.isprintable() and c not in '"\\' else f"\\{c}" if c in '"\\' else f"\\U{ord(c):08x}"
        for c in text
    )
    return f'"{inside}"'
