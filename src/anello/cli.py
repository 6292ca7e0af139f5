"""The verbs on the command line, each one call into the rooms below.

Rooms are loaded when their verb is called, so that `anello --help` answers at once.

Exit codes: 0 done; 1 `check` found an error; 2 bad input, one sentence on standard error;
3 the promise does not allow it; 130 interrupted; 141 nobody reads the output any more.
"""

import json
import locale
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from anello import __version__
from anello.model.errors import AnelloError
from anello.model.words import LANGUAGES, say


def _spoken() -> str:
    """Return the language of the person: ANELLO_LANG, else that of the machine, else English."""
    wanted = os.environ.get("ANELLO_LANG") or locale.setlocale(locale.LC_MESSAGES, None) or ""
    wanted = wanted if wanted not in ("C", "POSIX") else os.environ.get("LANG", "")
    return "it" if wanted.lower().startswith("it") else "en"


HERE = _spoken()
A_PATH = click.Path(path_type=Path)
Verb = Callable[..., None]


def _help(text: str) -> str:
    return say(text, HERE)


def _language(verb: Verb) -> Verb:
    told = _help("Language of the answer: en or it.")
    return click.option("--lang", default=HERE, show_default=True, help=told)(verb)


def _json(verb: Verb) -> Verb:
    told = _help("Print the result as JSON.")
    return click.option("--json", "as_json", is_flag=True, help=told)(verb)


def main() -> None:
    """Run the command line; Ctrl-C ends it with 130 and leaves nothing half-written."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _room(name: str) -> Any:
    return import_module(f"anello.{name}")


@contextmanager
def _answering(language: str, as_json: bool = False, code: int | None = None) -> Iterator[None]:
    """Turn an error into one sentence on standard error and its exit code."""
    if language not in LANGUAGES:
        text = say("Speak `en` or `it`; {language!r} is not known.", HERE, language=language)
        click.echo(text, err=True)
        raise click.exceptions.Exit(2)
    try:
        yield
    except AnelloError as error:
        if as_json:
            click.echo(json.dumps({"error": error.text(language)}, ensure_ascii=False))
        click.echo(error.text(language), err=True)
        raise click.exceptions.Exit(error.exit_code if code is None else code) from None


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False))


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)


@click.group(
    help=_help("Anello shows which links between staff, customers and results really hold here.")
)
@click.version_option(__version__, message="anello %(version)s", help=_help("Print the version."))
def app() -> None:
    """Hold the verbs."""


@app.command(
    help=_help("Analyse a chain and write its release: verdicts, tables, page, board sheet.")
)
@click.argument("chain", type=A_PATH)
@click.option("--out", type=A_PATH, help=_help("The new folder; must not exist yet."))
@_language
@_json
def run(chain: Path, out: Path | None, lang: str, as_json: bool) -> None:
    with _answering(lang, as_json):
        with _room("progress").steps(lang, hidden=as_json) as progress:
            done = _room("run").run(chain, out, progress)
        if as_json:
            _print_json(_summary(done))
        else:
            _print_lines(_room("report.terminal").lines(done.folder, lang, reused=done.reused))


def _summary(done: Any) -> dict[str, Any]:
    found = done.folder
    return {
        "folder": str(found.path),
        "reused": done.reused,
        "fingerprint": found.manifest["fingerprint"],
        "gate": found.manifest["gate"],
        "evidence": found.evidence,
    }


@app.command(help=_help("Say what each link has, before anything is fitted; exit 1 on errors."))
@click.argument("chain", type=A_PATH)
@_language
@_json
def check(chain: Path, lang: str, as_json: bool) -> None:
    with _answering(lang, as_json, code=1):
        with _room("progress").steps(lang, hidden=as_json) as progress:
            checked = _room("run").check(chain, progress)
        if as_json:
            _print_json(_room("report.terminal").readiness_json(checked))
        else:
            _print_lines(_room("report.terminal").readiness_lines(checked, lang))


@app.command(help=_help("Write a commented chain file from your data, asking what it cannot see."))
@click.argument("data", nargs=-1, type=A_PATH)
@click.option(
    "--out",
    type=A_PATH,
    default=Path("chain.yaml"),
    show_default=True,
    help=_help("The new chain file."),
)
@click.option("--unit", default="", help=_help("The column that says where."))
@click.option("--wave", default="", help=_help("The column that says when."))
@click.option("--employee", default="", help=_help("Columns about employees, with commas."))
@click.option("--customer", default="", help=_help("Columns about customers, with commas."))
@click.option("--operations", default="", help=_help("Columns about the work done."))
@click.option("--money", default="", help=_help("Columns about money, with commas."))
@click.option("--link", multiple=True, help=_help("A link, as in: sales ~ engagement"))
@click.option("--yes", "-y", is_flag=True, help=_help("Ask nothing, take the guesses."))
@_language
def init(
    data: tuple[Path, ...], out: Path, link: tuple[str, ...], yes: bool, lang: str, **said: str
) -> None:
    with _answering(lang):
        room = _room("listen.init")
        text = room.template()
        if data:
            given = said | {"links": ";".join(link)}
            tables = room.look(data)
            if not yes and sys.stdin.isatty():
                given = _ask(room.questions(tables), given, lang)
            text = room.propose(tables, given, out.parent, lang)
        room.write(text, out)
        click.echo(say("Written: {chain}. Next: anello check {chain}", lang, chain=out))


def _ask(questions: Any, given: dict[str, str], lang: str) -> dict[str, str]:
    """Ask what no option said; an empty answer takes the guess."""
    return given | {
        q.key: click.prompt(say(q.text, lang), default=q.default, err=True)
        for q in questions
        if not given.get(q.key)
    }


@app.command(help=_help("Show a release and verify that nothing in it was changed."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@_language
@_json
def report(folder: Path, lang: str, as_json: bool) -> None:
    with _answering(lang, as_json):
        found = _room("report.folder").read(folder)
        if as_json:
            _print_json({"manifest": found.manifest, "evidence": found.evidence})
        else:
            _print_lines(_room("report.terminal").lines(found, lang, reused=False))


@app.command(help=_help("Write a pretend company whose truth is known."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help=_help("Same seed, same company."),
)
@_language
@_json
def sample(folder: Path, seed: int, lang: str, as_json: bool) -> None:
    with _answering(lang, as_json):
        chain = _room("sample").pretend(folder, seed)
        if as_json:
            _print_json({"chain": str(chain), "seed": seed})
        else:
            text = "Written: {folder}. Next: anello run {chain}"
            click.echo(say(text, lang, folder=folder, chain=chain))


@app.group(help=_help("Fit one model to a file of rows that you already hold."))
def fit() -> None:
    """Hold the models."""


@fit.command(help=_help("Linear mixed model, as lme4 would name its terms."))
@click.argument("formula")
@click.argument("file", type=A_PATH)
@click.option("--ml", is_flag=True, help=_help("Maximum likelihood, not REML."))
@_language
@_json
def lmm(formula: str, file: Path, ml: bool, lang: str, as_json: bool) -> None:
    with _answering(lang, as_json):
        _print_fit(_room("store.fit_lmm").fit_lmm(formula, str(file), ml=ml), as_json)


@fit.command(help=_help("Meta-analysis of the effects of many studies."))
@click.argument("spec")
@click.argument("file", type=A_PATH)
@click.option("--method", default="REML", show_default=True, help=_help("REML, PM, DL, ML, FE ..."))
@click.option("--knapp-hartung", is_flag=True, help=_help("Standard errors after Knapp-Hartung."))
@click.option(
    "--measure", default="gen", show_default=True, help=_help("gen, cor, zcor, rr or or.")
)
@_language
@_json
def meta(
    spec: str,
    file: Path,
    method: str,
    knapp_hartung: bool,
    measure: str,
    lang: str,
    as_json: bool,
) -> None:
    with _answering(lang, as_json):
        fit_meta = _room("link.fit_meta").fit_meta
        fitted = fit_meta(
            spec, str(file), method=method, knapp_hartung=knapp_hartung, measure=measure
        )
        _print_fit(fitted, as_json)


@fit.command(help=_help("Agreement and reliability of one scale inside groups."))
@click.argument("file", type=A_PATH)
@click.option("--items", required=True, help=_help("Columns, separated by commas."))
@click.option("--group", required=True, help=_help("The column of the unit."))
@click.option("--low", type=float, required=True, help=_help("Lowest answer."))
@click.option("--high", type=float, required=True, help=_help("Highest answer."))
@_language
@_json
def agreement(
    file: Path, items: str, group: str, low: float, high: float, lang: str, as_json: bool
) -> None:
    with _answering(lang, as_json):
        columns = [name.strip() for name in items.split(",") if name.strip()]
        fit_agreement = _room("score.fit_agreement").fit_agreement
        fitted = fit_agreement(str(file), items=columns, group=group, low=low, high=high)
        _print_fit(fitted, as_json)


def _print_fit(fitted: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(fitted)
    else:
        _print_lines(_room("report.terminal").fit_lines(fitted))


@app.command(help=_help("Say what this machine has and what is missing."))
@_language
@_json
def doctor(lang: str, as_json: bool) -> None:
    with _answering(lang, as_json):
        facts = _room("doctor").facts()
        if as_json:
            _print_json(facts)
        else:
            _print_lines(_room("doctor").lines(facts, lang))
