"""At the end date the key is destroyed, and what was sealed to it is noise, backups included."""

import json
import shutil
from datetime import date, timedelta

import pytest

from anello.model.errors import OutputError, RefusedError
from anello.protect import retention
from anello.protect.retention import RECORD, Keys, head, proofs, verify
from anello.protect.seal import journal
from anello.protect.seal.box import seal, unseal
from anello.protect.seal.store import SealedStore, opened, settle

START, END = date(2026, 3, 1), date(2026, 6, 30)
AFTER = END + timedelta(days=1)


class Clock:
    def __init__(self, day=START):
        self.day = day

    def __call__(self):
        return self.day


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(tmp_path, clock):
    return Keys(tmp_path, clock)


def key_files(folder):
    return sorted(folder.glob("*.key"))


def test_answers_are_read_through_the_last_day_and_not_on_the_next(keys, clock):
    public = keys.create("spring", END)
    box = seal(public, b"4 2 5", "spring")
    clock.day = END
    assert keys.destroy_due() == ()
    assert unseal(keys.private("spring"), box, "spring") == b"4 2 5"
    clock.day = AFTER
    (proof,) = keys.destroy_due()
    assert (proof.campaign, proof.due, proof.destroyed) == ("spring", END, AFTER)
    assert proof.what == "raw answers and comments"
    with pytest.raises(RefusedError, match="last day was 2026-06-30"):
        keys.private("spring")
    assert verify(keys.folder, AFTER) == ()


def test_after_destruction_a_backup_of_the_answers_is_noise(keys, clock, tmp_path):
    public = keys.create("spring", END)
    store = SealedStore(tmp_path / "answers", "spring", public)
    store.put(bytes(32), b"the only copy")
    settle(tmp_path / "answers", "spring", keys.private("spring"))
    backup = tmp_path / "backup.closed"
    shutil.copy(tmp_path / "answers.closed", backup)
    assert list(opened(tmp_path / "backup", "spring", keys.private("spring"))) == [b"the only copy"]
    clock.day = AFTER
    keys.destroy_due()
    assert key_files(tmp_path) == []
    with pytest.raises(RefusedError):
        keys.private("spring")


def test_a_key_due_while_the_machine_was_off_is_destroyed_when_it_starts(keys, clock):
    keys.create("spring", END)
    clock.day = END + timedelta(days=40)
    started = Keys(keys.folder, clock)
    with pytest.raises(RefusedError, match="cannot be read any more"):
        started.private("spring")
    (proof,) = started.destroy_due()
    assert (proof.due, proof.destroyed) == (END, END + timedelta(days=40))


def test_a_clock_set_back_opens_nothing_and_delays_nothing(keys, clock):
    keys.create("autumn", END + timedelta(days=10))
    clock.day = END + timedelta(days=20)
    assert [p.campaign for p in keys.destroy_due()] == ["autumn"]
    clock.day = START
    with pytest.raises(RefusedError):
        Keys(keys.folder, clock).private("autumn")
    with pytest.raises(RefusedError, match="is over already"):
        Keys(keys.folder, clock).create("winter", END)


def test_a_day_once_seen_counts_even_if_the_clock_goes_back_before_the_worker_starts(keys, clock):
    keys.create("spring", END)
    keys.create("long", END + timedelta(days=100))
    clock.day = AFTER
    keys.destroy_due()
    clock.day = START
    again = Keys(keys.folder, clock)
    again.shorten("long", END)
    assert [p.campaign for p in again.destroy_due()] == ["long"]


@pytest.mark.parametrize("crash", ["before", "after"])
def test_a_crash_around_the_destruction_is_made_good(keys, clock, monkeypatch, crash):
    keys.create("spring", END)
    clock.day = AFTER
    with monkeypatch.context() as broken:
        if crash == "before":
            broken.setattr(retention, "forget", lambda path: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                keys.destroy_due()
            assert len(key_files(keys.folder)) == 1
        else:
            real = Keys._tell

            def dies(self, kind, **values):
                return 1 / 0 if kind == "destroyed" else real(self, kind, **values)

            broken.setattr(Keys, "_tell", dies)
            with pytest.raises(ZeroDivisionError):
                keys.destroy_due()
            assert key_files(keys.folder) == []
    started = Keys(keys.folder, clock)
    assert [p.campaign for p in started.destroy_due()] == ["spring"]
    assert [p.campaign for p in proofs(keys.folder)] == ["spring"]
    assert verify(keys.folder, AFTER) == ()


def test_the_last_day_is_brought_forward_never_put_off(keys, clock):
    keys.create("spring", END)
    keys.shorten("spring", END - timedelta(days=5))
    with pytest.raises(RefusedError, match="only be brought forward"):
        keys.shorten("spring", END)
    clock.day = END - timedelta(days=4)
    assert len(keys.destroy_due()) == 1


def test_two_workers_destroy_once_and_both_know(keys, clock):
    keys.create("spring", END)
    other = Keys(keys.folder, clock)
    clock.day = AFTER
    assert len(keys.destroy_due()) == 1
    assert other.destroy_due() == ()
    assert other.kept()[0].destroyed == AFTER


def test_one_survey_ends_without_touching_the_other(keys, clock):
    keys.create("spring", END)
    keys.create("autumn", END + timedelta(days=1))
    clock.day = AFTER
    assert [p.campaign for p in keys.destroy_due()] == ["spring"]
    assert keys.private("autumn")


def rewritten(folder, change):
    lines = [json.loads(p) for p in journal.read(folder / RECORD)]
    frames = [json.dumps(r, sort_keys=True).encode() for r in change(lines)]
    (folder / RECORD).write_bytes(b"".join(journal.frame(i, f) for i, f in enumerate(frames, 1)))


def later(lines):
    lines[-1]["day"] = "2026-07-02"
    return lines


@pytest.mark.parametrize("change", [later, lambda lines: lines[:1] + lines[2:]])
def test_a_changed_or_missing_line_is_found(keys, clock, change):
    keys.create("spring", END)
    clock.day = AFTER
    keys.destroy_due()
    rewritten(keys.folder, change)
    assert any("was changed" in fault for fault in verify(keys.folder, AFTER))


def test_a_cut_end_is_found_by_the_head_that_somebody_kept(keys, clock):
    keys.create("spring", END)
    clock.day = AFTER
    keys.destroy_due()
    noted = head(keys.folder)
    assert verify(keys.folder, AFTER, noted) == ()
    rewritten(keys.folder, lambda lines: lines[:-1])
    assert "the line noted earlier is missing" in verify(keys.folder, AFTER, noted)


def test_a_key_that_is_still_there_or_gone_without_proof_is_found(keys, clock):
    keys.create("spring", END)
    (file,) = key_files(keys.folder)
    saved = file.read_bytes()
    assert verify(keys.folder, AFTER) == (
        "the key of spring was due on 2026-06-30 and is not destroyed",
    )
    file.unlink()
    assert verify(keys.folder, START) == ("the key of spring is missing without a proof",)
    clock.day = AFTER
    keys.destroy_due()
    file.write_bytes(saved)
    assert verify(keys.folder, AFTER) == (
        "the key of spring exists although it is said to be destroyed",
    )
    with pytest.raises(RefusedError):
        keys.private("spring")


def test_a_key_file_of_somebody_else_is_refused(keys):
    keys.create("spring", END)
    keys.create("autumn", END)
    one, other = key_files(keys.folder)
    one.write_bytes(other.read_bytes())
    refused = 0
    for campaign in ("spring", "autumn"):
        try:
            keys.private(campaign)
        except RefusedError as error:
            refused += "is not the key of" in str(error)
    assert refused == 1


def test_no_second_key_for_a_survey_and_none_for_an_unknown_one(keys):
    keys.create("spring", END)
    with pytest.raises(RefusedError, match="has a key already"):
        keys.create("spring", END)
    with pytest.raises(RefusedError, match="no key of the survey"):
        keys.private("summer")


def test_key_files_are_for_their_owner_alone(keys):
    keys.create("spring", END)
    (file,) = key_files(keys.folder)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        Keys(tmp_path / "none")
