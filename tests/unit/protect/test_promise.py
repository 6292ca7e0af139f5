"""The promise is sealed, said in both languages, raised any time, lowered never."""

import dataclasses
import errno
import json
from datetime import date

import pytest
from click.testing import CliRunner

from anello.cli import app
from anello.model.errors import OutputError, RefusedError
from anello.model.promise import (
    Promise,
    Reader,
    Secrecy,
    Sight,
    canonical,
    lowered,
    raised,
    seal_of,
)
from anello.protect import promise as paper

SPRING = Promise("2026 spring", Secrecy.TOKEN, date(2027, 3, 31))


def changed(**how):
    return dataclasses.replace(SPRING, **how)


@pytest.mark.parametrize(
    "better",
    [
        {"scores": 8},
        {"splits": 12},
        {"secrecy": Secrecy.CARD},
        {"ends": date(2027, 1, 1)},
        {"sees": ()},
    ],
)
def test_a_promise_may_be_raised(better):
    assert raised(SPRING, changed(**better)) == changed(**better)


@pytest.mark.parametrize(
    ("worse", "line"),
    [
        ({"secrecy": Secrecy.CONFIDENTIAL}, "secrecy was token and would become confidential"),
        ({"ends": date(2028, 1, 1)}, "ends was 2027-03-31 and would become 2028-01-01"),
        ({"sees": ((Reader.MANAGER, (Sight.OWN_UNIT,)),)}, "sees.manager was -"),
        ({"languages": ("it",)}, "languages was en, it"),
        ({"campaign": "autumn"}, "campaign was 2026 spring"),
    ],
)
def test_a_weaker_successor_is_refused_with_its_line(worse, line):
    with pytest.raises(RefusedError, match=line):
        raised(SPRING, changed(**worse))


def test_a_smaller_group_is_a_weaker_promise():
    assert lowered(changed(scores=8), changed(scores=6)) == (("scores", 8, 6),)


@pytest.mark.parametrize("low", [{"scores": 4}, {"splits": 9}, {"comments": 5}, {"live": 10}])
def test_no_promise_is_made_below_the_floors(low):
    with pytest.raises(RefusedError, match="least that may be promised"):
        changed(**low)


def test_the_seal_does_not_depend_on_the_order_of_lines():
    sees = ((Reader.BOARD, (Sight.SPLITS, Sight.ORGANISATION)), (Reader.STAFF, ()))
    assert seal_of(changed(sees=sees)) == seal_of(changed(sees=sees[::-1]))
    assert canonical(SPRING).startswith('{"campaign":"2026 spring","comments":10,')


def test_a_promise_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SPRING.scores = 3


def test_a_changed_file_has_a_broken_seal(tmp_path):
    path = tmp_path / "promise.json"
    seal = paper.write(SPRING, path)
    assert paper.verify(path) == seal == seal_of(SPRING)
    assert paper.read(path)[0] == SPRING
    path.write_text(path.read_text().replace('"scores": 5', '"scores": 6'))
    with pytest.raises(RefusedError, match="broken"):
        paper.verify(path)


def test_a_successor_names_the_seal_before_it(tmp_path):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    paper.write(SPRING, old)
    paper.write(changed(scores=8), new, before=SPRING)
    assert paper.verify(new, old) == seal_of(changed(scores=8))
    with pytest.raises(RefusedError, match="does not follow"):
        paper.verify(old, new)
    with pytest.raises(RefusedError, match="never lowered"):
        paper.write(SPRING, tmp_path / "third.json", before=changed(scores=8))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"promise": 1, "seal": 2, "before": 3}', "[" * 9999]
)
def test_a_file_that_is_no_promise_is_refused(tmp_path, text):
    path = tmp_path / "promise.json"
    path.write_text(text)
    with pytest.raises(RefusedError, match="no promise"):
        paper.read(path)


def test_a_line_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "promise.json"
    paper.write(SPRING, path)
    told = json.loads(path.read_text())
    for bad in ({"scores": "5"}, {"ends": 5}, {"secrecy": "open"}, {"sees": []}, {"languages": 1}):
        path.write_text(json.dumps(told | {"promise": told["promise"] | bad}))
        with pytest.raises(RefusedError):
            paper.read(path)


def test_the_first_page_is_made_from_the_object_in_both_languages():
    for language, word in (("en", "fewer than 8 people"), ("it", "meno di 8 persone")):
        page = paper.first_page(changed(scores=8), language)
        assert word in " ".join(page)
        assert "2027-03-31" in " ".join(page)
        assert seal_of(changed(scores=8)) in page[-1]


@pytest.mark.parametrize("name", ["", "  ", "\ud800", "a\nb"])
def test_a_campaign_has_a_name_that_can_be_printed(name):
    with pytest.raises(RefusedError, match="printed"):
        changed(campaign=name)


def test_a_file_without_end_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "promise.json"
    path.write_text("[" + " " * 5_000_000)
    with pytest.raises(RefusedError, match="not JSON"):
        paper.read(path)


@pytest.mark.parametrize(
    ("lang", "reason"), [("en", "there is no such file"), ("it", "il file non esiste")]
)
def test_a_promise_that_is_not_there_is_a_missing_file_not_a_folder(tmp_path, lang, reason):
    found = CliRunner().invoke(
        app, ["promise", "verify", str(tmp_path / "none.json"), "--lang", lang]
    )
    assert found.exit_code == 3
    assert reason in found.output


def test_a_disk_that_is_full_leaves_no_half_promise(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("anello.protect.promise.os.fsync", full)
    path = tmp_path / "promise.json"
    with pytest.raises(OutputError, match="the disk is full"):
        paper.write(Promise("2026", Secrecy.CARD, date(2027, 1, 1)), path)
    assert not path.exists()
