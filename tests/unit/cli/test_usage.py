"""A call that a verb does not know gets one sentence, in the language it asks for, and exit 2."""

import json
import sys

import click
import pytest

from anello import cli
from anello.cli import usage

CALLS = [
    (
        ("run", "a.yaml", "--oot", "b"),
        "There is no option --oot; did you mean --out? See: anello run --help",
        "L'opzione --oot non esiste; intendevate --out? Vedete: anello run --help",
    ),
    (
        ("run", "a.yaml", "--zzz"),
        "There is no option --zzz. See: anello run --help",
        "L'opzione --zzz non esiste. Vedete: anello run --help",
    ),
    (
        ("run",),
        "The argument CHAIN is missing. See: anello run --help",
        "Manca l'argomento CHAIN. Vedete: anello run --help",
    ),
    (
        ("run", "a.yaml", "b.yaml", "c.yaml"),
        "2 words are too many: b.yaml c.yaml. See: anello run --help",
        "2 parole sono di troppo: b.yaml c.yaml. Vedete: anello run --help",
    ),
    (
        ("run", "a.yaml", "b.yaml"),
        "One word is too many: b.yaml. See: anello run --help",
        "Una parola è di troppo: b.yaml. Vedete: anello run --help",
    ),
    (
        ("sample", "x", "--study", "pears"),
        "--study must be one of: company, drivers, shifts. See: anello sample --help",
        "Per --study scegliete fra: company, drivers, shifts. Vedete: anello sample --help",
    ),
    (
        ("sample", "x", "--seed", "many"),
        "--seed must be a whole number, at least 0. See: anello sample --help",
        "--seed deve essere un numero intero, almeno 0. Vedete: anello sample --help",
    ),
    (
        ("published", "y ~ x", "--r", "3"),
        "--r must be a number, at least -1, at most 1. See: anello published --help",
        "--r deve essere un numero, almeno -1, al massimo 1. Vedete: anello published --help",
    ),
    (
        ("fit", "lmx"),
        "There is no command 'lmx'; did you mean 'lmm'? See: anello fit --help",
        "Il comando 'lmx' non esiste; intendevate 'lmm'? Vedete: anello fit --help",
    ),
    (
        ("zzz",),
        "There is no command 'zzz'. See: anello --help",
        "Il comando 'zzz' non esiste. Vedete: anello --help",
    ),
    (
        ("run", "a.yaml", "--json=3"),
        "The option --json takes no value.",
        "L'opzione --json non vuole un valore.",
    ),
]


def said(monkeypatch, capsys, *words):
    """Return the exit code, standard output and standard error of a call."""
    monkeypatch.setattr(sys, "argv", ["anello", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, *capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "english", "italian"), CALLS, ids=[" ".join(call[0]) for call in CALLS]
)
def test_a_wrong_call_is_one_sentence_in_the_language_asked_for(
    monkeypatch, capsys, words, english, italian
):
    assert said(monkeypatch, capsys, *words, "--lang", "en") == (2, "", english + "\n")
    assert said(monkeypatch, capsys, *words, "--lang=it") == (2, "", italian + "\n")


def test_without_a_language_the_one_of_the_person_is_spoken(monkeypatch, capsys):
    monkeypatch.setattr(usage, "HERE", "it")
    assert said(monkeypatch, capsys, "zzz")[2].startswith("Il comando 'zzz' non esiste.")


def test_who_wants_json_gets_the_sentence_as_json_too(monkeypatch, capsys):
    code, out, err = said(monkeypatch, capsys, "run", "--json", "--lang", "it")
    assert code == 2
    assert json.loads(out) == {"error": err.strip()}
    assert err.startswith("Manca l'argomento CHAIN.")


@pytest.mark.parametrize(
    ("option", "words", "italian"),
    [
        (click.Option(["--near"], required=True), (), "Manca l'opzione --near."),
        (
            click.Option(["--on"], required=True, type=click.Choice(["a", "b"])),
            (),
            "Manca l'opzione --on. Scegliete fra: a, b.",
        ),
        (click.Option(["--near"]), ("--near",), "L'opzione --near vuole un valore."),
        (click.Option(["--at"], nargs=2), ("--at", "1"), "L'opzione --at vuole 2 valori."),
        (click.Option(["--x"], type=float), ("--x", "y"), "--x deve essere un numero."),
        (
            click.Option(["--x"], type=click.FloatRange(0, 1, min_open=True, max_open=True)),
            ("--x", "2"),
            "--x deve essere un numero, maggiore di 0, minore di 1.",
        ),
        (
            click.Option(["--ends"], type=click.DateTime(["%Y-%m-%d"])),
            ("--ends", "soon"),
            "--ends deve essere una data, come 2024-03-26.",
        ),
    ],
    ids=["needed", "needed choice", "value", "values", "number", "range", "date"],
)
def test_every_kind_of_option_has_its_sentence(option, words, italian):
    with pytest.raises(click.UsageError) as wrong:
        click.Command("verb", params=[option]).make_context("verb", list(words))
    assert usage.text(wrong.value, "it").split(" Vedete:")[0] == italian


@pytest.mark.parametrize("words", [(), ("fit",)], ids=["anello", "anello fit"])
def test_a_group_without_a_verb_lists_its_verbs_and_ends_with_2(monkeypatch, capsys, words):
    code, _, err = said(monkeypatch, capsys, *words)
    assert code == 2
    assert "Usage: anello" in err
