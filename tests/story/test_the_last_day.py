"""What a run notes of released answers ends with the promise, under the campaign's own key."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from anello import run
from anello.cli import app
from anello.model.errors import RefusedError
from anello.model.promise import Promise, Secrecy
from anello.protect import campaign
from anello.protect import promise as promises
from anello.protect.ledger import Keeper, end
from anello.protect.ledger import read as ledger_lines
from anello.score.close.keeping import keeping

CHAIN = """
anello: 1
key: spring
confidentiality: {promise: PROMISE}
units: {column: unit}
waves: {column: year}
sources:
  staff: {path: staff.csv, grain: person}
constructs:
  mood: {side: employee}
measures:
  mood: {column: q1, low: 1, high: 5}
  trust: {construct: mood, column: q2, low: 1, high: 5}
links:
  - trust ~ mood
"""
LAST = date.today() + timedelta(days=30)
PROMISE = Promise("2026 spring", Secrecy.CARD, LAST)


def chain(folder, promise):
    (folder / "chain.yaml").write_text(CHAIN.replace("PROMISE", promise), "utf-8")
    rows = [
        f"{u},2026,{1 + i % 5},{1 + (i * 2 + 1) % 5}" for u in ("Bar", "Hall") for i in range(15)
    ]
    (folder / "staff.csv").write_text("unit,year,q1,q2\n" + "\n".join(rows) + "\n", "utf-8")
    return folder / "chain.yaml"


@pytest.fixture
def alone(tmp_path):
    """A chain whose promise lies beside it, without the keys of a campaign."""
    promises.write(PROMISE, tmp_path / "promise.json")
    return chain(tmp_path, "promise.json")


@pytest.fixture
def keyed(tmp_path):
    """A chain whose promise is that of a campaign's folder."""
    promises.write(PROMISE, tmp_path / "sealed.json")
    campaign.open_(tmp_path / "spring", tmp_path / "sealed.json")
    return chain(tmp_path, "spring/promise.json")


def find(path, keeper):
    return run.find(run.listen(path), keeper=keeper)


def after(path):
    """The keeper of the day after the last."""
    now = keeping(run.listen(path).chain, path.parent)
    return Keeper(now.folder, now.promise, LAST + timedelta(days=1), now.key)


def test_after_the_last_day_nothing_more_leaves(alone):
    with pytest.raises(RefusedError, match="is over; nothing more of it leaves"):
        find(alone, after(alone))
    assert [r.allowed for r in ledger_lines(alone.parent / "ledger").rows] == [False]


@pytest.mark.parametrize("later", ["", "confidentiality: {promise: later.json}"])
def test_no_other_promise_opens_a_wave_whose_day_is_over(alone, later):
    ledger = alone.parent / "ledger"
    run.analyse(alone, ledger=ledger)
    promises.write(
        Promise("autumn", Secrecy.CARD, LAST + timedelta(days=900)), alone.with_name("later.json")
    )
    words = CHAIN.replace("confidentiality: {promise: PROMISE}", later)
    alone.write_text(words, "utf-8")
    with pytest.raises(RefusedError, match="that was promised of wave staff/2026"):
        find(alone, after(alone))


def test_a_clock_set_back_opens_nothing_again(alone):
    with pytest.raises(RefusedError):
        find(alone, after(alone))
    with pytest.raises(RefusedError, match="is over; nothing more of it leaves"):
        run.analyse(alone, ledger=alone.parent / "ledger")


def test_the_private_ledger_of_a_promise_is_destroyed_when_its_day_is_over(alone):
    ledger = alone.parent / "ledger"
    run.analyse(alone, ledger=ledger)
    with pytest.raises(RefusedError, match="kept through"):
        end(ledger, PROMISE, LAST)
    told = end(ledger, PROMISE, LAST + timedelta(days=1))
    assert [r.wave for r in told] == ["staff/2026"]
    assert not list((ledger / "private").glob("*.rows"))
    assert end(ledger, PROMISE, LAST + timedelta(days=1)) == ()
    with pytest.raises(RefusedError):
        run.analyse(alone, ledger=ledger)


def test_the_command_says_that_the_day_is_not_over(alone):
    run.analyse(alone, ledger=alone.parent / "ledger")
    words = [
        "ledger",
        "end",
        str(alone.parent / "ledger"),
        "--promise",
        str(alone.parent / "promise.json"),
    ]
    done = CliRunner().invoke(app, [*words, "--lang", "it"])
    assert done.exit_code == 3
    assert "non è stato distrutto nulla" in done.output


def test_the_weights_are_closed_with_the_key_of_the_campaign(keyed):
    ledger = keyed.parent / "ledger"
    first = run.analyse(keyed, ledger=ledger)
    assert run.analyse(keyed, ledger=ledger).ledger == first.ledger
    records = [p.read_bytes() for p in (ledger / "private").glob("*.rows")]
    assert records
    assert not any(b"weights.npy" in r for r in records)


def test_once_the_key_of_the_campaign_is_gone_nobody_reads_the_weights(keyed):
    ledger = keyed.parent / "ledger"
    run.analyse(keyed, ledger=ledger)
    for key in (keyed.parent / "spring" / "keys").glob("*.key"):
        key.unlink()
    with pytest.raises(RefusedError, match="cannot be opened; nothing more of it leaves"):
        run.analyse(keyed, ledger=ledger)


def test_a_campaign_that_ended_closes_its_waves(keyed):
    run.analyse(keyed, ledger=keyed.parent / "ledger")
    campaign.end(keyed.parent / "spring", lambda: LAST + timedelta(days=1))
    with pytest.raises(RefusedError, match="cannot be opened"):
        run.analyse(keyed, ledger=keyed.parent / "ledger")
    told = json.loads((keyed.parent / "spring" / "promise.json").read_text("utf-8"))
    assert told["promise"]["campaign"] == "2026 spring"
