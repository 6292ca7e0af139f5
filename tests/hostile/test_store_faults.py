"""Every store against every fault: what was acknowledged is kept, and the rest is told in words.

The functions are those of `benchmarks/store_faults.py`, which prints the table of the documents.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import store_faults as faults

each = pytest.mark.parametrize("store", faults.STORES, ids=[s.key for s in faults.STORES])


@each
def test_what_was_acknowledged_survives_three_kills(store, tmp_path):
    told, lost = faults.killed(store, tmp_path, 3)
    assert told >= 3
    assert lost == 0


@pytest.mark.slow
@each
def test_what_was_acknowledged_survives_a_hundred_kills(store, tmp_path):
    told, lost = faults.killed(store, tmp_path, 100, seed=2)
    assert told >= 100
    assert lost == 0


@each
def test_a_full_disk_refuses_in_words_and_works_again_with_room(store, tmp_path):
    kept, refused, lost = faults.filled(store, tmp_path)
    assert kept > 3
    assert refused == 10
    assert lost == 0


@each
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_file_or_folder_is_told_and_left_as_it_is(store, what):
    lost, refused, sentence = faults.read_only(store, what)
    assert (lost, refused) == (0, 3)
    assert "denied" in sentence


@each
def test_a_record_torn_at_some_bytes_takes_no_other_with_it(store, tmp_path):
    tears, lost = faults.torn(store, tmp_path, step=41)
    assert tears >= 2
    assert lost == 0


@pytest.mark.slow
@each
def test_a_record_torn_at_every_byte_takes_no_other_with_it(store, tmp_path):
    tears, lost = faults.torn(store, tmp_path)
    assert tears > 50
    assert lost == 0


@each
def test_two_processes_at_once_lose_nothing(store, tmp_path):
    assert faults.shared(store, tmp_path, each=8) == (16, 0)


@each
def test_a_clock_set_back_loses_nothing(store, tmp_path):
    assert faults.set_back(store, tmp_path) == (6, 0)


@pytest.fixture
def small_disk():
    folder = Path(tempfile.mkdtemp())
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount on this machine")
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"no small disk can be mounted: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@each
def test_a_small_disk_that_is_really_full_refuses_in_words(store, small_disk):
    add, facts, said = store.opened(small_disk, faults.TODAY), set(), []
    (small_disk / "ballast").write_bytes(bytes(24 << 10))
    for i in range(3000):
        try:
            facts.add(add(f"fact {i}"))
        except faults.AnelloError as error:
            said.append(str(error))
            if len(said) == 3:
                break
    assert len(said) == 3
    assert all("full" in s or "No space" in s for s in said)
    (small_disk / "ballast").unlink()
    facts.add(add("with room again"))
    assert facts <= store.kept(small_disk)
    for name in os.listdir("/proc/self/fd"):
        target = os.path.realpath(f"/proc/self/fd/{name}")
        if target.startswith(str(small_disk)):
            os.close(int(name))
