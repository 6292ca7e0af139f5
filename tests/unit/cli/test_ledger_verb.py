"""`anello ledger` and `anello promise`: what left, why not, and what was promised."""

import json
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner

from anello.cli import app
from anello.model.errors import RefusedError
from anello.model.promise import Promise, Secrecy
from anello.protect import ledger


def told(*words):
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture
def folder(tmp_path):
    promise = Promise("2026", Secrecy.CARD, date(2027, 1, 1))
    for fingerprint in ("one", "two"):
        atom = np.arange(30) // 5
        asked = ledger.Candidate(
            "2026", ledger.ATOMS, "means of units", "all", atoms=fingerprint, atom=atom
        )
        try:
            ledger.gate(tmp_path, [asked], promise, date(2026, 11, 22))
        except RefusedError:
            continue
    return tmp_path


def test_the_list_tells_what_left_and_what_was_refused(folder):
    lines = told("ledger", "list", folder, "--lang", "en").stdout.splitlines()
    assert ["left" in lines[0], "refused" in lines[1]] == [True, True]


def test_a_refusal_is_explained_in_both_languages(folder):
    assert "second cut" in told("ledger", "explain", folder, 2, "--lang", "en").stdout
    assert "secondo taglio" in told("ledger", "explain", folder, 2, "--lang", "it").stdout
    assert "more than 0.2 told" in told("ledger", "explain", folder, 1, "--lang", "en").stdout


def test_a_torn_last_line_is_said(folder):
    with (folder / "ledger.jsonl").open("ab") as file:
        file.write(b'{"seq":3')
    assert "8 bytes was torn" in told("ledger", "verify", folder, "--lang", "en").stdout


def test_a_hash_that_was_kept_shows_that_lines_were_cut_off(folder):
    head = json.loads(told("ledger", "verify", folder, "--json").stdout)["head"]
    path = folder / "ledger.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert told("ledger", "verify", folder).exit_code == 0
    assert told("ledger", "verify", folder, "--head", head).exit_code == 3


@pytest.mark.parametrize("verb", [("list",), ("verify",), ("explain",)])
def test_no_ledger_is_said(tmp_path, verb):
    more = (1,) if verb == ("explain",) else ()
    done = told("ledger", *verb, tmp_path / "none", *more, "--lang", "en")
    assert (done.exit_code, "there is no ledger" in done.stderr) == (3, True)


def test_a_promise_is_sealed_shown_and_verified(tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    given = ("--campaign", "2026", "--ends", "2027-01-01", "--lang", "en")
    assert told("promise", "seal", first, "--secrecy", "token", *given).exit_code == 0
    assert "fewer than 5 people" in told("promise", "show", first, "--lang", "en").stdout
    assert told("promise", "verify", first).exit_code == 0
    weak = told("promise", "seal", second, "--secrecy", "confidential", *given, "--before", first)
    assert (weak.exit_code, "secrecy was token" in weak.stderr) == (3, True)
    assert not second.exists()
