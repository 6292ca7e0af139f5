"""What was thanked for is kept: through kill, full disk, torn file, two writers, wrong clock."""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anello.model.errors import OutputError, RefusedError
from anello.protect.seal import journal
from anello.protect.seal.box import new_pair, unseal
from anello.protect.seal.store import SealedStore, closed_path, opened, settle

PRIVATE, PUBLIC = new_pair()
WRITER = Path(__file__).with_name("writer.py")


def token(name):
    return hashlib.sha256(name.encode()).digest()


def start(path, name, number=100_000):
    words = [sys.executable, str(WRITER), str(path), PUBLIC.hex(), name, str(number)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def told(process):
    return [int(line) for line in process.stdout.read().split("\n")[:-1] if line]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "spring"


@pytest.fixture
def store(path):
    return SealedStore(path, "spring", PUBLIC)


def answers(path):
    settle(path, "spring", PRIVATE)
    return sorted(opened(path, "spring", PRIVATE))


def test_an_answer_is_kept_sealed_and_replaced_until_close(store, path):
    assert store.put(token("a"), b"first").version == 1
    assert store.put(token("b"), b"other").version == 1
    receipt = store.put(token("a"), b"second")
    assert receipt.version == 2
    assert receipt.replaced
    assert store.count() == 2
    assert b"first" not in path.read_bytes()
    assert answers(path) == [b"other", b"second"]


def test_a_resend_after_a_lost_thank_you_page_is_harmless(store, path):
    for _ in range(3):
        store.put(token("a"), b"same")
    assert answers(path) == [b"same"]


def test_after_close_nothing_is_taken_in_any_process_whatever_the_clock_says(store, path):
    other = SealedStore(path, "spring", PUBLIC)
    store.put(token("a"), b"in time")
    store.close()
    for late in (store, other, SealedStore(path, "spring", PUBLIC)):
        with pytest.raises(RefusedError, match="closed"):
            late.put(token("b"), b"late")
    os.utime(path, (0, 0))
    with pytest.raises(RefusedError, match="closed"):
        SealedStore(path, "spring", PUBLIC).put(token("b"), b"late")
    settle(path, "spring", PRIVATE)
    for late in (store, other):
        with pytest.raises(RefusedError, match="closed"):
            late.put(token("b"), b"late")
    with pytest.raises(RefusedError, match="closed"):
        SealedStore(path, "spring", PUBLIC)


def test_an_answer_that_arrives_while_the_store_is_settled_is_told_so_and_not_thanked(
    store, path, monkeypatch
):
    store.put(token("a"), b"in time")
    turn = store._journal.turn

    def overtaken():
        settle(path, "spring", PRIVATE)
        return turn()

    monkeypatch.setattr(store._journal, "turn", overtaken)
    with pytest.raises(RefusedError, match="closed"):
        store.put(token("b"), b"late")
    assert list(opened(path, "spring", PRIVATE)) == [b"in time"]


def test_a_settled_store_holds_no_token_and_no_box_that_stood_beside_one(store, path):
    for i in range(30):
        store.put(token(str(i)), str(i).encode())
    before = path.read_bytes()
    settle(path, "spring", PRIVATE)
    assert not path.exists()
    after = journal.read(closed_path(path))
    assert len(after) == 30
    assert not any(box in before for box in after)
    assert not any(token(str(i)) in closed_path(path).read_bytes() for i in range(30))
    order = [int(unseal(PRIVATE, box, "spring")) for box in after]
    assert order != sorted(order)
    assert settle(path, "spring", PRIVATE) == 30


def test_a_crash_while_settling_is_made_good_by_settling_again(store, path, monkeypatch):
    store.put(token("a"), b"kept")
    with monkeypatch.context() as crash:
        crash.setattr("anello.protect.seal.store.forget", lambda p: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settle(path, "spring", PRIVATE)
    assert path.exists()
    assert answers(path) == [b"kept"]
    assert not path.exists()


def test_a_wrong_key_destroys_nothing(store, path):
    store.put(token("a"), b"kept")
    with pytest.raises(RefusedError, match="does not open"):
        settle(path, "spring", new_pair()[0])
    assert answers(path) == [b"kept"]


def killed(path, random, rounds):
    """Kill a writer `rounds` times; return how many answers it was thanked for in all."""
    thanked = []
    for k in range(rounds):
        process = start(path, f"r{k}")
        seen = [int(process.stdout.readline()) for _ in range(random.randint(1, 40))]
        threading.Event().wait(random.uniform(0, 0.005))
        process.send_signal(signal.SIGKILL)
        thanked += [f"r{k} {i}" for i in seen + told(process)]
        process.wait()
    return thanked


def check_killed(path, rounds):
    thanked = killed(path, Random(rounds), rounds)
    kept = answers(path)
    assert not {t.encode() * 20 for t in thanked} - set(kept)
    assert len(kept) - len(thanked) <= rounds
    assert len(thanked) >= rounds


def test_no_acknowledged_answer_is_lost_over_10_kills(path):
    check_killed(path, 10)


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_over_100_kills(path):
    check_killed(path, 100)


def test_a_file_torn_at_any_byte_of_its_last_record_keeps_all_before_it(store, path, tmp_path):
    for name in "abc":
        store.put(token(name), name.encode())
    whole = path.read_bytes()
    third = len(whole) // 3
    assert len(whole) == 3 * third
    for cut in range(2 * third, 3 * third):
        torn = tmp_path / "torn"
        torn.write_bytes(whole[:cut])
        again = SealedStore(torn, "spring", PUBLIC)
        assert again.count() == 2
        assert again.put(token("d"), b"d").version == 1
        assert len(journal.read(torn)) == 3
        again.release_file()


@pytest.mark.parametrize("tail", [b"\0" * 500, b"ANJ1", b"\xff" * 40, os.urandom(300)])
def test_rubbish_after_the_last_record_is_cut_off(store, path, tail):
    store.put(token("a"), b"a")
    with path.open("ab") as file:
        file.write(tail)
    store.put(token("b"), b"b")
    assert answers(path) == [b"a", b"b"]


@pytest.mark.parametrize("place", [0, 3, 5, 9, 14, 18, 30, 200])
def test_damage_before_the_end_is_refused_and_named(store, path, place):
    for name in "abc":
        store.put(token(name), name.encode())
    third = path.stat().st_size // 3
    damaged = bytearray(path.read_bytes())
    damaged[third + place] ^= 0xFF
    path.write_bytes(bytes(damaged))
    with pytest.raises(RefusedError, match="damaged at record 2"):
        SealedStore(path, "spring", PUBLIC).put(token("d"), b"d")
    with pytest.raises(RefusedError, match="damaged at record 2"):
        settle(path, "spring", PRIVATE)
    assert path.read_bytes() == bytes(damaged)


def test_a_record_taken_out_or_put_in_twice_is_found(store, path):
    for name in "abc":
        store.put(token(name), name.encode())
    whole = path.read_bytes()
    third = len(whole) // 3
    for changed in (whole[:third] + whole[2 * third :], whole + whole[2 * third :]):
        path.write_bytes(changed)
        with pytest.raises(RefusedError, match="damaged at record"):
            SealedStore(path, "spring", PUBLIC).count()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payloads=st.lists(st.binary(max_size=40), min_size=1, max_size=5),
    place=st.integers(0, 400),
    change=st.binary(min_size=1, max_size=9),
)
def test_a_journal_with_any_bytes_written_over_gives_true_records_or_a_refusal(
    tmp_path, payloads, place, change
):
    whole = b"".join(journal.frame(i, p) for i, p in enumerate(payloads, start=1))
    damaged = bytearray(whole)
    damaged[place : place + len(change)] = change
    file = tmp_path / "journal"
    file.write_bytes(bytes(damaged))
    try:
        found = journal.read(file)
    except RefusedError:
        return
    assert found == payloads[: len(found)]


def test_two_processes_and_two_threads_at_once_lose_nothing(store, path):
    processes = [start(path, name, 60) for name in ("p", "q")]
    threads = [
        threading.Thread(
            target=lambda n=name: [store.put(token(f"{n} {i}"), b"x" * 9) for i in range(60)]
        )
        for name in ("t", "u")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(told(p)) for p in processes] == [60, 60]
    assert [p.wait() for p in processes] == [0, 0]
    assert store.count() == 240
    assert settle(path, "spring", PRIVATE) == 240


def test_two_processes_that_answer_with_one_token_leave_one_answer_and_no_gap(path):
    stores = [SealedStore(path, "spring", PUBLIC) for _ in range(2)]
    versions = [stores[i % 2].put(token("a"), str(i).encode()).version for i in range(10)]
    assert versions == list(range(1, 11))
    assert answers(path) == [b"9"]


FULL = """
import resource, signal, sys, hashlib
from pathlib import Path
from anello.model.errors import OutputError
from anello.protect.seal.store import SealedStore
store = SealedStore(Path(sys.argv[1]), "spring", bytes.fromhex(sys.argv[2]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
kept = refused = 0
for i in range(30):
    try:
        store.put(hashlib.sha256(b"%d" % i).digest(), b"%d" % i)
        kept += 1
    except OutputError as error:
        refused += 1
        sentence = str(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.put(hashlib.sha256(b"after").digest(), b"after")
print(kept, refused, sentence)
"""


def test_a_full_disk_refuses_keeps_what_was_kept_and_works_again_with_room(path):
    room = str(6_000)
    words = [sys.executable, "-c", FULL, str(path), PUBLIC.hex(), room]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    kept, refused, sentence = done.stdout.split(maxsplit=2)
    assert int(kept) + int(refused) == 30
    assert int(kept) > 5
    assert int(refused) > 5
    assert sentence.startswith("The disk is full")
    assert answers(path) == sorted([str(i).encode() for i in range(int(kept))] + [b"after"])


def test_a_disk_that_fails_to_sync_thanks_nobody_until_opened_again(store, path, monkeypatch):
    store.put(token("a"), b"a")
    with monkeypatch.context() as failing:

        def fail(fd):
            raise OSError(5, "Input/output error")

        failing.setattr(os, "fdatasync", fail)
        with pytest.raises(OutputError, match="cannot be written"):
            store.put(token("b"), b"b")
    with pytest.raises(OutputError, match="opened again"):
        store.put(token("b"), b"b")
    SealedStore(path, "spring", PUBLIC).put(token("c"), b"c")
    assert answers(path) == [b"a", b"c"]


def test_a_read_only_file_is_told_and_left_as_it_is():
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    path = folder / "spring"
    SealedStore(path, "spring", PUBLIC).put(token("a"), b"a")
    path.chmod(0o444)
    before = path.read_bytes()
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(OutputError, match="cannot be written"):
            SealedStore(path, "spring", PUBLIC)
    finally:
        os.seteuid(os.getuid())
    assert path.read_bytes() == before


def test_a_batch_is_kept_whole_with_one_wait_for_the_disk(store, path, monkeypatch):
    waits = []
    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda fd: (waits.append(fd), real(fd)))
    receipts = store.put_all([(token(str(i % 50)), b"%d" % i) for i in range(100)])
    assert len(waits) == 1
    assert [r.version for r in receipts] == [1] * 50 + [2] * 50
    assert settle(path, "spring", PRIVATE) == 50


def test_an_answer_of_a_gigabyte_is_refused_before_it_is_written(store):
    with pytest.raises(RefusedError, match="too long"):
        store.put(token("a"), bytes(1 << 20))
    assert store.count() == 0


def test_the_record_names_no_time_no_place_and_no_person(store, path):
    store.put(token("a"), b"answer")
    payload = journal.read(path)[0]
    assert payload[:32] == token("a")
    assert len(payload) == 32 + 4 + 4 + 1 + 32 + 256 + 16
