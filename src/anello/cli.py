"""The verbs on the command line, each one call into the rooms below.

Rooms are loaded when their verb is called, so that `anello --help` answers at once.

Exit codes: 0 done; 1 `check` found an error; 2 bad input, one sentence on standard error;
3 the promise does not allow it; 130 interrupted.
"""

import json
import locale
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from anello import __version__
from anello.model.errors import AnelloError
from anello.model.words import LANGUAGES, say


def _spoken() -> str:
    """Return the language of the person: ANELLO_LANG, else that of the machine, else English."""
    wanted = os.environ.get("ANELLO_LANG") or locale.setlocale(locale.LC_MESSAGES, None) or ""
    wanted = wanted if wanted not in ("C", "POSIX") else os.environ.get("LANG", "")
    return "it" if wanted.lower().startswith("it") else "en"


HERE = _spoken()


def _help(text: str) -> str:
    return say(text, HERE)


app = typer.Typer(
    name="anello",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=_help("Anello shows which links between staff, customers and results really hold here."),
)
fit = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(fit, name="fit", help=_help("Fit one model to a file of rows that you already hold."))

Language = Annotated[str, typer.Option("--lang", help=_help("Language of the answer: en or it."))]
AsJson = Annotated[bool, typer.Option("--json", help=_help("Print the result as JSON."))]
ChainPath = Annotated[Path, typer.Argument(metavar="CHAIN", help=_help("The chain file (YAML)."))]


def main() -> None:
    """Run the command line; a broken pipe or Ctrl-C ends it quietly."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


def _room(name: str) -> Any:
    return import_module(f"anello.{name}")


@contextmanager
def _answering(language: str, as_json: bool = False, code: int | None = None) -> Iterator[None]:
    """Turn an error into one sentence on standard error and its exit code."""
    if language not in LANGUAGES:
        typer.echo(
            say("Speak `en` or `it`; {language!r} is not known.", HERE, language=language), err=True
        )
        raise typer.Exit(2)
    try:
        yield
    except AnelloError as error:
        if as_json:
            typer.echo(json.dumps({"error": error.text(language)}, ensure_ascii=False))
        typer.echo(error.text(language), err=True)
        raise typer.Exit(error.exit_code if code is None else code) from None


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False))


@app.command(
    help=_help("Analyse a chain and write its release: verdicts, tables, page, board sheet.")
)
def run(
    chain: ChainPath,
    out: Annotated[
        Path | None, typer.Option("--out", help=_help("The new folder; must not exist yet."))
    ] = None,
    lang: Language = HERE,
    as_json: AsJson = False,
) -> None:
    with _answering(lang, as_json):
        with _room("progress").steps(lang, hidden=as_json) as progress:
            done = _room("run").run(chain, out, progress)
        if as_json:
            _print_json(_summary(done))
        else:
            _show(done.folder, lang, reused=done.reused)


def _summary(done: Any) -> dict[str, Any]:
    found = done.folder
    return {
        "folder": str(found.path),
        "reused": done.reused,
        "fingerprint": found.manifest["fingerprint"],
        "gate": found.manifest["gate"],
        "evidence": found.evidence,
    }


def _show(found: Any, lang: str, *, reused: bool) -> None:
    for line in _room("report.terminal").lines(found, lang, reused=reused):
        typer.echo(line)


@app.command(help=_help("Say what each link has, before anything is fitted; exit 1 on errors."))
def check(chain: ChainPath, lang: Language = HERE, as_json: AsJson = False) -> None:
    with _answering(lang, as_json, code=1):
        with _room("progress").steps(lang, hidden=as_json) as progress:
            checked = _room("run").check(chain, progress)
        if as_json:
            _print_json(_room("report.terminal").readiness_json(checked))
        else:
            for line in _room("report.terminal").readiness_lines(checked, lang):
                typer.echo(line)


@app.command(help=_help("Write a commented chain file from your data, asking what it cannot see."))
def init(
    data: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DATA]...", help=_help("Data files; none gives the standard chain.")
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help=_help("The new chain file."))] = Path(
        "chain.yaml"
    ),
    unit: Annotated[str, typer.Option(help=_help("The column that says where."))] = "",
    wave: Annotated[str, typer.Option(help=_help("The column that says when."))] = "",
    employee: Annotated[
        str, typer.Option(help=_help("Columns about employees, with commas."))
    ] = "",
    customer: Annotated[
        str, typer.Option(help=_help("Columns about customers, with commas."))
    ] = "",
    operations: Annotated[str, typer.Option(help=_help("Columns about the work done."))] = "",
    money: Annotated[str, typer.Option(help=_help("Columns about money, with commas."))] = "",
    link: Annotated[
        list[str] | None, typer.Option(help=_help("A link, as in: sales ~ engagement"))
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=_help("Ask nothing, take the guesses."))
    ] = False,
    lang: Language = HERE,
) -> None:
    with _answering(lang):
        room = _room("listen.init")
        if data:
            given = {
                "unit": unit,
                "wave": wave,
                "employee": employee,
                "customer": customer,
                "operations": operations,
                "money": money,
                "links": ";".join(link or []),
            }
            tables = room.look(data)
            if not yes and sys.stdin.isatty():
                given = _ask(room.questions(tables), given, lang)
            text = room.propose(tables, given, out.parent, lang)
        else:
            text = room.template()
        room.write(text, out)
        typer.echo(say("Written: {chain}. Next: anello check {chain}", lang, chain=out))


def _ask(questions: Any, given: dict[str, str], lang: str) -> dict[str, str]:
    """Ask what no option said; an empty answer takes the guess."""
    return given | {
        q.key: typer.prompt(say(q.text, lang), default=q.default, err=True)
        for q in questions
        if not given.get(q.key)
    }


@app.command(help=_help("Show a release and verify that nothing in it was changed."))
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_help("A release folder."))],
    lang: Language = HERE,
    as_json: AsJson = False,
) -> None:
    with _answering(lang, as_json):
        found = _room("report.folder").read(folder)
        if as_json:
            _print_json({"manifest": found.manifest, "evidence": found.evidence})
        else:
            _show(found, lang, reused=False)


@app.command(help=_help("Write a pretend company whose truth is known."))
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_help("The new folder."))],
    seed: Annotated[int, typer.Option("--seed", help=_help("Same seed, same company."))] = 1,
    lang: Language = HERE,
    as_json: AsJson = False,
) -> None:
    with _answering(lang, as_json):
        chain = _room("sample").pretend(folder, seed)
        if as_json:
            _print_json({"chain": str(chain), "seed": seed})
        else:
            typer.echo(
                say("Written: {folder}. Next: anello run {chain}", lang, folder=folder, chain=chain)
            )


@fit.command(help=_help("Linear mixed model, as lme4 would name its terms."))
def lmm(
    formula: Annotated[str, typer.Argument(help=_help("As in: y ~ x + (1 + x | group)"))],
    file: Annotated[Path, typer.Argument(help=_help("CSV, TSV or Parquet."))],
    ml: Annotated[bool, typer.Option("--ml", help=_help("Maximum likelihood, not REML."))] = False,
    lang: Language = HERE,
    as_json: AsJson = False,
) -> None:
    with _answering(lang, as_json):
        fitted = _room("store.fit_lmm").fit_lmm(formula, str(file), ml=ml)
        _print_fit(fitted, as_json)


@fit.command(help=_help("Agreement and reliability of one scale inside groups."))
def agreement(
    file: Annotated[Path, typer.Argument(help=_help("CSV, TSV or Parquet."))],
    items: Annotated[str, typer.Option("--items", help=_help("Columns, separated by commas."))],
    group: Annotated[str, typer.Option("--group", help=_help("The column of the unit."))],
    low: Annotated[float, typer.Option("--low", help=_help("Lowest answer."))],
    high: Annotated[float, typer.Option("--high", help=_help("Highest answer."))],
    lang: Language = HERE,
    as_json: AsJson = False,
) -> None:
    with _answering(lang, as_json):
        columns = [name.strip() for name in items.split(",") if name.strip()]
        fitted = _room("score.fit_agreement").fit_agreement(
            str(file), items=columns, group=group, low=low, high=high
        )
        _print_fit(fitted, as_json)


def _print_fit(fitted: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(fitted)
    else:
        for line in _room("report.terminal").fit_lines(fitted):
            typer.echo(line)


@app.command(help=_help("Say what this machine has and what is missing."))
def doctor(lang: Language = HERE, as_json: AsJson = False) -> None:
    with _answering(lang, as_json):
        facts = _room("doctor").facts()
        if as_json:
            _print_json(facts)
        else:
            for line in _room("doctor").lines(facts, lang):
                typer.echo(line)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"anello {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help=_help("Print the version.")
        ),
    ] = False,
) -> None:
    """Hold the options of the program itself."""
