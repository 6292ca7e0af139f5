"""The verbs on the command line, each one call into the rooms below.

Rooms are loaded when their verb is called, so that `anello --help` answers at once.

Exit codes: 0 done; 1 `check` found an error, or `attack` an answer; 2 bad input, one sentence on
standard error; 3 the promise does not allow it; 130 interrupted; 141 nobody reads the output any
more.
"""

import gc
import os
import sys
from pathlib import Path
from typing import Any

import click

from anello import __version__
from anello.model.words import say

from .answer import (
    A_PATH,
    answering,
    helped,
    json_option,
    language_option,
    print_json,
    print_lines,
    room,
)
from .help_page import HelpPage
from .shelf import Shelf
from .usage import refuse

# Small matrices are solved faster by one thread than by two that wait for each other; and one
# thread adds in the same order everywhere.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

click.Context.formatter_class = HelpPage

RARELY = 50_000
VERBS = ("fit", "moments", "plan", "whatif", "published", "promise", "campaign", "ledger", "attack")


def start() -> None:
    """Run the command line as a program of its own.

    After a model was fitted it ends at once: nothing is left to write, and tearing the libraries
    down takes a tenth as long again. Every other verb ends as Python does. While libraries load,
    hardly anything is garbage: looking for it less often starts every verb sooner.
    """
    gc.set_threshold(RARELY)
    try:
        main()
    except SystemExit as done:
        if sys.argv[1:2] != ["fit"]:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(done.code if isinstance(done.code, int) else 1)


def main() -> None:
    """Run the command line; Ctrl-C ends it with 130 and leaves nothing half-written."""
    try:
        sys.exit(app(prog_name="anello", standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.UsageError as error:
        refuse(error, sys.argv[1:])
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


@click.group(
    cls=Shelf,
    room="anello.cli",
    verbs=VERBS,
    help=helped("Anello shows which links between staff, customers and results really hold here."),
)
@click.version_option(__version__, message="anello %(version)s", help=helped("Print the version."))
def app() -> None:
    """Hold the verbs."""


@app.command(
    help=helped("Analyse a chain and write its release: verdicts, tables, page, board sheet.")
)
@click.argument("chain", type=A_PATH)
@click.option("--out", type=A_PATH, help=helped("The new folder; must not exist yet."))
@click.option(
    "--ledger", type=A_PATH, help=helped("The ledger that answers of persons pass; one for all.")
)
@language_option
@json_option
def run(chain: Path, out: Path | None, ledger: Path | None, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        with room("progress").steps(lang, hidden=as_json) as progress:
            done = room("run").run(chain, out, progress, ledger)
        if as_json:
            print_json(_summary(done))
        else:
            print_lines(room("report.terminal").lines(done.folder, lang, reused=done.reused))
            if done.ledger is not None:
                click.echo(_kept(done.ledger, lang))


def _kept(ledger: Path, lang: str) -> str:
    return say(
        "What left of persons stands in the ledger {folder}; keep it, and keep one.",
        lang,
        folder=ledger,
    )


def _summary(done: Any) -> dict[str, Any]:
    found = done.folder
    return {
        "folder": str(found.path),
        "reused": done.reused,
        "fingerprint": found.manifest["fingerprint"],
        "gate": found.manifest["gate"],
        "evidence": found.evidence,
    }


@app.command(help=helped("Say what each link has, before anything is fitted; exit 1 on errors."))
@click.argument("chain", type=A_PATH)
@language_option
@json_option
def check(chain: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json, code=1):
        with room("progress").steps(lang, hidden=as_json) as progress:
            checked = room("run").check(chain, progress)
        if as_json:
            plans = room("report.plan_lines").values(checked.prospects)
            print_json(room("report.terminal").readiness_json(checked) | {"plans": plans})
        else:
            print_lines(room("report.terminal").readiness_lines(checked, lang))
            print_lines(room("report.plan_lines").checked(checked, lang))


@app.command(help=helped("Write a commented chain file from your data, asking what it cannot see."))
@click.argument("data", nargs=-1, type=A_PATH)
@click.option(
    "--out",
    type=A_PATH,
    default=Path("chain.yaml"),
    show_default=True,
    help=helped("The new chain file."),
)
@click.option("--unit", default="", help=helped("The column that says where."))
@click.option("--wave", default="", help=helped("The column that says when."))
@click.option("--employee", default="", help=helped("Columns about employees, with commas."))
@click.option("--customer", default="", help=helped("Columns about customers, with commas."))
@click.option("--operations", default="", help=helped("Columns about the work done."))
@click.option("--money", default="", help=helped("Columns about money, with commas."))
@click.option("--link", multiple=True, help=helped("A link, as in: sales ~ engagement"))
@click.option("--yes", "-y", is_flag=True, help=helped("Ask nothing, take the guesses."))
@language_option
def init(
    data: tuple[Path, ...], out: Path, link: tuple[str, ...], yes: bool, lang: str, **said: str
) -> None:
    with answering(lang):
        maker = room("listen.init")
        text = maker.template()
        if data:
            given = said | {"links": ";".join(link)}
            tables = maker.look(data)
            if not yes and sys.stdin.isatty():
                given = _ask(maker.questions(tables), given, lang)
            text = maker.propose(tables, given, out.parent, lang)
        maker.write(text, out)
        click.echo(say("Written: {chain}. Next: anello check {chain}", lang, chain=out))


def _ask(questions: Any, given: dict[str, str], lang: str) -> dict[str, str]:
    """Ask what no option said; an empty answer takes the guess."""
    return given | {
        q.key: click.prompt(say(q.text, lang), default=q.default, err=True)
        for q in questions
        if not given.get(q.key)
    }


@app.command(help=helped("Show a release and verify that nothing in it was changed."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@language_option
@json_option
def report(folder: Path, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        found = room("report.folder").read(folder)
        if as_json:
            print_json({"manifest": found.manifest, "evidence": found.evidence})
        else:
            print_lines(room("report.terminal").lines(found, lang, reused=False))


@app.command(help=helped("Write a pretend company whose truth is known."))
@click.argument("folder", metavar="DIR", type=A_PATH)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help=helped("Same seed, same company."),
)
@click.option(
    "--study",
    type=click.Choice(["company", "drivers", "shifts"]),
    default="company",
    show_default=True,
    help=helped("A company of shops, the diary of bus drivers, or the shifts of cafes."),
)
@language_option
@json_option
def sample(folder: Path, seed: int, study: str, lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        chain = room("sample").STUDIES[study](folder, seed)
        if as_json:
            print_json({"chain": str(chain), "seed": seed})
        else:
            text = "Written: {folder}. Next: anello run {chain}"
            click.echo(say(text, lang, folder=folder, chain=chain))


@app.command(help=helped("Say what this machine has and what is missing."))
@language_option
@json_option
def doctor(lang: str, as_json: bool) -> None:
    with answering(lang, as_json):
        facts = room("doctor").facts()
        if as_json:
            print_json(facts)
        else:
            print_lines(room("doctor").lines(facts, lang))
