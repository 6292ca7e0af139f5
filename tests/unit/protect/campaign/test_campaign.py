"""A campaign from its promise to the proof that its answers are gone."""

import csv
import io
import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from anello.cli import app
from anello.listen import chain_file, sources
from anello.model.errors import OutputError, RefusedError
from anello.model.promise import Promise, Secrecy
from anello.protect import campaign, promise, retention
from anello.protect.seal import journal
from anello.protect.seal.store import closed_path
from anello.protect.tokens import codes, key
from anello.protect.tokens.draw import draw, finish
from anello.protect.tokens.token import written
from anello.store import database

LAST = date(2031, 3, 31)
AFTER = LAST + timedelta(days=1)


def sealed(folder, secrecy=Secrecy.CARD, ends=LAST):
    path = folder / f"{secrecy.value}.json"
    promise.write(Promise("2026 spring", secrecy, ends), path)
    return path


@pytest.fixture(params=list(Secrecy), ids=[s.value for s in Secrecy])
def folder(tmp_path, request):
    return campaign.open_(tmp_path / "spring", sealed(tmp_path, request.param)).folder


@pytest.fixture
def cards(tmp_path):
    return campaign.open_(tmp_path / "spring", sealed(tmp_path)).folder


def answered(folder, answers):
    """Answer with a fresh card each."""
    store, register = campaign.store(folder), campaign.register(folder)
    for code, answer in zip(register.print_cards(len(answers)), answers, strict=True):
        store.put(register.admit(code), json.dumps(answer).encode())


TWELVE = [{"unit": f"Shop {i % 2}", "q1": i % 5 + 1, "why": f"because {i}"} for i in range(12)]


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_from_the_promise_to_the_proof(folder):
    answered(folder, TWELVE)
    done = campaign.close(folder, lambda: date(2026, 12, 1))
    assert (done.answers, done.reason, done.file) == (12, None, folder / "answers.csv")
    found = sorted(rows(done.file), key=lambda r: int(r["why"].split()[1]))
    assert [(r["unit"], int(r["q1"]), r["wave"]) for r in found] == [
        (a["unit"], a["q1"], "2026 spring") for a in TWELVE
    ]
    proof = campaign.end(folder, lambda: AFTER)
    assert (proof.campaign, proof.due, proof.destroyed) == ("2026 spring", LAST, AFTER)
    assert retention.verify(folder / "keys", AFTER) == ()
    assert not done.file.exists()
    assert list((folder / "keys").iterdir()) == [folder / "keys" / "retention.journal"]
    assert not closed_path(folder / "answers").exists()


def test_after_the_close_no_file_knows_a_card_a_token_or_a_person(folder):
    answered(folder, TWELVE)
    if (folder / "keys" / "signing.pem").exists():
        campaign.book(folder, ["eva"])
    campaign.close(folder)
    left = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    left = {name for name in left if not name.endswith(".key")}
    assert left == {
        "promise.json", "public.json", "closed.json", "answers.closed", "answers.csv",
        "keys/retention.journal",
    }  # fmt: skip


def test_the_answers_file_has_no_order_of_arrival(cards):
    answered(cards, [{"why": i} for i in range(40)])
    campaign.close(cards)
    order = [int(r["why"]) for r in rows(cards / "answers.csv")]
    assert sorted(order) == list(range(40))
    assert order != sorted(order)


def test_a_token_drawn_with_the_printed_hash_answers(tmp_path):
    opened = campaign.open_(tmp_path / "spring", sealed(tmp_path, Secrecy.TOKEN))
    folder = opened.folder
    signing = key.load(folder / "keys" / "signing.pem")
    people = [f"person {i}" for i in range(6)]
    book = campaign.book(folder, people)
    drawn = [draw(signing.public, opened.hash, "2026 spring") for _ in people]
    for person, d in zip(people, drawn, strict=True):
        book.ask(person, d.blinded.message)
    assert book.sign_batch(signing) == 6
    register, store = campaign.register(folder), campaign.store(folder)
    for person, d in zip(people, drawn, strict=True):
        token = finish(signing.public, d, book.collect(person))
        store.put(register.admit(written(token)), b'{"q1": 3}')
    assert campaign.close(folder).answers == 6


def test_a_chain_reads_the_answers_file(cards):
    answered(cards, TWELVE)
    campaign.close(cards)
    chain = chain_file.read_text("""
anello: 1
key: shops
units: {column: unit}
waves: {column: wave}
sources: {survey: {path: answers.csv, grain: person}}
constructs: {mood: {side: employee}}
measures: {mood: {items: [q1], low: 1, high: 5, scoring: mean}}
links: []
""")
    found = sources.read(chain.sources[0], chain, cards, database.memory())
    assert found.rows == 12
    assert float(found.table.q1.sum().to_pyarrow().as_py()) == sum(a["q1"] for a in TWELVE)


def test_a_formula_that_somebody_typed_is_harmless_in_the_file(cards):
    typed = ["=cmd|' /C calc'!A0", "+39 06 1234", "-2", "@SUM(A1)", "\t=1", "fine", "\r=1", "+1e9="]
    answered(cards, [{"why": text, "=q": 1} for text in typed])
    campaign.close(cards)
    found = {r["why"].lstrip("'") for r in rows(cards / "answers.csv")}
    header = (cards / "answers.csv").read_text().split("\n")[0]
    assert header == "'=q,why,wave"
    for row in rows(cards / "answers.csv"):
        assert not row["why"].startswith(("=", "+", "@", "\t", "\r"))
    assert "fine" in found
    assert "-2" in {r["why"] for r in rows(cards / "answers.csv")}


@pytest.mark.parametrize("strange", [b"no json", b"[1]", b'{"a": [1]}', b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_answer_leaves_all_sealed_and_says_why(cards, strange):
    answered(cards, TWELVE)
    register = campaign.register(cards)
    campaign.store(cards).put(register.admit(register.print_cards(1)[0]), strange)
    done = campaign.close(cards)
    assert done.answers == 13
    assert "not a list of questions" in str(done.reason)
    assert not (cards / "answers.csv").exists()


def test_four_answers_stay_sealed(cards):
    answered(cards, TWELVE[:4])
    done = campaign.close(cards)
    assert (done.answers, done.file) == (4, None)
    assert "only 4 answered" in str(done.reason)
    assert "solo in 4" in done.reason.text("it")


def test_a_second_close_says_that_it_is_closed_and_changes_nothing(cards):
    answered(cards, TWELVE)
    campaign.close(cards)
    before = {p: p.read_bytes() for p in cards.rglob("*") if p.is_file()}
    with pytest.raises(RefusedError, match="closed already"):
        campaign.close(cards)
    for late in (campaign.store, campaign.register):
        with pytest.raises(RefusedError, match="closed already"):
            late(cards)
    assert {p: p.read_bytes() for p in cards.rglob("*") if p.is_file()} == before


STEPS = ["settle", "_forget_tokens", "_table", "replace_private"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_crash_at_any_step_of_the_close_is_made_good(cards, monkeypatch, step, before):
    answered(cards, TWELVE)
    real = getattr(campaign, step)

    def crash(*given):
        if not before:
            real(*given)
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(campaign, step, crash)
        with pytest.raises(ZeroDivisionError):
            campaign.close(cards)
    assert campaign.close(cards).answers == 12
    assert len(rows(cards / "answers.csv")) == 12


def test_the_key_lives_through_the_last_day_and_nothing_is_destroyed_before(cards):
    answered(cards, TWELVE)
    campaign.close(cards, lambda: LAST)
    with pytest.raises(RefusedError, match="kept through 2031-03-31"):
        campaign.end(cards, lambda: LAST)
    assert (cards / "answers.csv").exists()


def test_years_of_downtime_end_it_all_the_same_and_a_late_close_is_refused(folder):
    answered(folder, TWELVE)
    late = AFTER + timedelta(days=700)
    with pytest.raises(RefusedError, match="cannot be read any more"):
        campaign.close(folder, lambda: late)
    assert campaign.end(folder, lambda: late).destroyed == late
    assert not (folder / "answers").exists()
    assert not (folder / "register").exists()
    assert not (folder / "keys" / "signing.pem").exists()


def test_a_second_end_finishes_a_crash_and_gives_the_same_proof(cards, monkeypatch):
    answered(cards, TWELVE)
    campaign.close(cards)
    with monkeypatch.context() as patched:
        patched.setattr(campaign, "_forget_tokens", lambda folder: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            campaign.end(cards, lambda: AFTER)
    assert (cards / "answers.csv").exists()
    proof = campaign.end(cards, lambda: AFTER + timedelta(days=5))
    assert proof.destroyed == AFTER
    assert not (cards / "answers.csv").exists()
    assert campaign.end(cards, lambda: AFTER) == proof


def test_a_clock_set_back_after_the_end_opens_nothing(cards):
    answered(cards, TWELVE)
    campaign.end(cards, lambda: AFTER)
    with pytest.raises(RefusedError, match="closed already"):
        campaign.close(cards, lambda: date(2026, 1, 1))


def test_a_clock_set_back_opens_nothing_that_was_over_once(cards):
    answered(cards, TWELVE)
    for day in (AFTER, date(2026, 12, 1)):
        with pytest.raises(RefusedError, match="cannot be read any more"):
            campaign.close(cards, lambda day=day: day)
    assert not (cards / "answers.csv").exists()


@pytest.mark.parametrize("take", [campaign.store, campaign.register])
def test_after_the_last_day_no_answer_is_taken(cards, take):
    with pytest.raises(RefusedError, match="it takes no more answers"):
        take(cards, lambda: AFTER)
    campaign.end(cards, lambda: AFTER)
    with pytest.raises(RefusedError, match="closed already"):
        take(cards, lambda: date(2026, 12, 1))


def test_who_takes_answers_needs_nothing_of_the_keys(folder):
    (folder / "keys").rename(folder.parent / "vault")
    (folder / "keys").mkdir()
    answered(folder, TWELVE)
    (folder / "keys").rmdir()
    (folder.parent / "vault").rename(folder / "keys")
    assert campaign.close(folder).answers == 12


def test_damaged_public_halves_take_no_answer(cards):
    (cards / "public.json").write_text("[1]")
    with pytest.raises(RefusedError, match=r"public\.json is damaged"):
        campaign.store(cards)


def test_a_folder_that_exists_is_never_written_over(tmp_path):
    (tmp_path / "spring").mkdir()
    with pytest.raises(OutputError, match="exists already"):
        campaign.open_(tmp_path / "spring", sealed(tmp_path))
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="exists already"):
        campaign.open_(tmp_path / "link", tmp_path / "card.json")
    assert list((tmp_path / "spring").iterdir()) == []


def test_a_day_that_is_over_or_a_broken_promise_leaves_no_folder(tmp_path):
    over = sealed(tmp_path, ends=date(2020, 1, 1))
    with pytest.raises(RefusedError, match="over already"):
        campaign.open_(tmp_path / "spring", over)
    broken = sealed(tmp_path, Secrecy.TOKEN)
    broken.write_text(broken.read_text().replace("2031-03-31", "2039-03-31"))
    with pytest.raises(RefusedError, match="broken"):
        campaign.open_(tmp_path / "spring", broken)
    assert {p.name for p in tmp_path.iterdir()} == {"card.json", "token.json"}


def test_keys_and_answers_are_for_their_owner_alone(folder):
    answered(folder, TWELVE)
    campaign.close(folder)
    private = [*(folder / "keys").iterdir(), folder / "answers.csv", folder / "answers.closed"]
    assert {p.stat().st_mode & 0o077 for p in private} == {0}
    assert (folder / "keys").stat().st_mode & 0o077 == 0


def test_the_hash_is_the_signing_key_s_or_that_of_the_sealing_key(folder):
    told = campaign._printed(folder, campaign.read(folder), date.today).replace(" ", "")
    pem = folder / "keys" / "signing.pem"
    if pem.exists():
        assert told == key.key_hash(key.load(pem).public).replace(" ", "")
    else:
        keys = retention.Keys(folder / "keys")
        assert told == keys.kept()[0].key_id
    assert len(told) == 64


# On the command line


def told(*words):
    return CliRunner().invoke(app, [str(w) for w in words])


def test_the_three_verbs_speak_two_languages_and_json(tmp_path):
    paper, folder = sealed(tmp_path), tmp_path / "spring"
    made = json.loads(told("campaign", "open", folder, "--promise", paper, "--json").stdout)
    assert set(made) == {"folder", "campaign", "secrecy", "ends", "seal", "hash"}
    answered(folder, TWELVE)
    early = told("campaign", "end", folder, "--lang", "it")
    assert (early.exit_code, "2031-03-31 compreso" in early.stderr) == (3, True)
    closed = told("campaign", "close", folder, "--lang", "en")
    assert closed.stdout.startswith("Closed with 12 answers;")
    again = told("campaign", "close", folder, "--lang", "it")
    assert (again.exit_code, again.stderr) == (3, "L'indagine '2026 spring' è già chiusa.\n")
    both = told("campaign", "close", folder, "--json")
    assert (both.exit_code, "error" in json.loads(both.stdout)) == (3, True)


def test_the_proof_is_printed_and_printed_again(tmp_path):
    tomorrow = date.today() + timedelta(days=1)
    folder = tmp_path / "spring"
    campaign.open_(folder, sealed(tmp_path, ends=tomorrow))
    campaign.end(folder, lambda: tomorrow + timedelta(days=1))
    first, second = (told("campaign", "end", folder, "--lang", "en") for _ in range(2))
    assert (first.exit_code, first.stdout) == (0, second.stdout)
    assert "Proof: " in first.stdout
    assert len(json.loads(told("campaign", "end", folder, "--json").stdout)["proof"]) == 64


def test_an_existing_folder_and_a_wrong_one_are_one_sentence(tmp_path):
    paper = sealed(tmp_path)
    taken = told("campaign", "open", tmp_path, "--promise", paper, "--lang", "en")
    assert (taken.exit_code, taken.stderr.count("\n")) == (2, 1)
    for verb in ("close", "end"):
        wrong = told("campaign", verb, tmp_path / "nowhere", "--lang", "en")
        assert (wrong.exit_code, wrong.stderr.count("\n")) == (3, 1)


def test_a_campaign_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    paper = sealed(tmp_path)

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full"):
        campaign.open_(tmp_path / "spring", paper)
    assert [p.name for p in tmp_path.iterdir()] == ["card.json"]


def test_codes_of_cards_are_readable_in_the_store_s_register(cards):
    printed = campaign.register(cards).print_cards(3)
    assert all(codes.read(code) for code in printed)
    assert len(b"".join(journal.read(Path(cards) / "register"))) == 3 * 32
