"""Every store against every fault: how much that was acknowledged is lost. It must be nothing.

    python benchmarks/store_faults.py --write

Each store takes facts in a process of its own, which is killed at random points (100 times), runs
out of disk, finds its file or folder read-only, has its last record torn at every byte, shares its
file with a second process, and meets a clock that was set back. `--write` puts the counts into
docs/reference/stores.md and stores.it.md. The tests in tests/hostile call the same functions.
"""

import argparse
import os
import resource
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

from stores import STORES, TODAY, Store

from anello.model.errors import AnelloError

DOCS = Path(__file__).parents[1] / "docs" / "reference"
EARLIER = date(2029, 6, 1)
NOBODY = 65534


@contextmanager
def child(work: Callable[[Callable[[str], None]], None]) -> Iterator[tuple[int, int]]:
    """Run `work` in a fork; give its id and the end of the pipe on which it tells facts."""
    mine, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(mine)
        code = 1
        try:
            work(lambda text: os.write(theirs, f"{text}\n".encode()) and None)
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    try:
        yield pid, mine
    finally:
        os.close(mine)
        os.waitpid(pid, 0)


def told(pipe: int) -> list[str]:
    """Return what a child told before it ended; half a line was not told."""
    data = b""
    while block := os.read(pipe, 1 << 16):
        data += block
    return data.decode().split("\n")[:-1]


def killed(store: Store, folder: Path, rounds: int, seed: int = 1) -> tuple[int, int]:
    """Kill a writer `rounds` times; return facts acknowledged and facts lost."""
    random, n, lost = Random(seed), 0, 0
    for round_ in range(rounds):
        place = folder / f"{round_ // 10}"
        place.mkdir(exist_ok=True)
        before = 0 if round_ % 10 == 0 else len(store.kept(place))

        def work(tell: Callable[[str], None], place: Path = place, round_: int = round_) -> None:
            add = store.opened(place, TODAY)
            for i in range(100_000):
                tell(add(f"{round_} {i}"))

        with child(work) as (pid, pipe):
            first = os.read(pipe, 1)
            wait = random.uniform(0, 0.03)
            signal.sigtimedwait([], wait)
            os.kill(pid, signal.SIGKILL)
            facts = (first.decode() + "\n".join([*told(pipe), ""])).split("\n")[:-1]
        kept = store.kept(place)
        n += len(facts)
        lost += len(set(facts) - kept)
        assert len(kept) - before - len(facts) <= 1, "more than the one that was not answered for"
    return n, lost


def filled(store: Store, folder: Path, room: int = 6_000) -> tuple[int, int, int]:
    """Let no file grow past `room` bytes; return facts acknowledged, refused in words, and lost."""

    def work(tell: Callable[[str], None]) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        add, refused = store.opened(folder, TODAY), 0
        while refused < 10:
            try:
                tell(add(secrets.token_hex(4)))
            except AnelloError as error:
                refused += 1
                tell(f"refused {error}")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        tell(add("with room again"))

    with child(work) as (_, pipe):
        lines = told(pipe)
    refused = [line for line in lines if line.startswith("refused")]
    facts = set(lines) - set(refused)
    assert lines[-1] in facts, "it does not work again once there is room"
    return len(facts), len(refused), len(facts - store.kept(folder))


def torn(store: Store, folder: Path, step: int = 1) -> tuple[int, int]:
    """Tear the last of three records at every `step` bytes; return tears and facts lost."""
    whole, add = folder / "whole", None
    whole.mkdir()
    add, sizes, facts = store.opened(whole, TODAY), [], []
    for name in "abc":
        facts.append(add(name))
        sizes.append((whole / store.file).stat().st_size)
    lost = tears = 0
    for size in range(sizes[1], sizes[2], step):
        copy = folder / "torn"
        shutil.copytree(whole, copy)
        os.truncate(copy / store.file, size)
        fresh = store.opened(copy, TODAY)(f"after {size}")
        kept = store.kept(copy)
        lost += len({*facts[:2], fresh} - kept)
        tears += 1
        assert facts[2] not in kept, "a torn record was read"
        shutil.rmtree(copy)
    return tears, lost


def shared(store: Store, folder: Path, each: int = 30) -> tuple[int, int]:
    """Let two processes write at once; return facts acknowledged and lost."""

    def work(who: str) -> Callable[[Callable[[str], None]], None]:
        def write(tell: Callable[[str], None]) -> None:
            add = store.opened(folder, TODAY)
            for i in range(each):
                tell(add(f"{who} {i}"))

        return write

    with child(work("one")) as (_, one), child(work("two")) as (_, two):
        facts = {*told(one), *told(two)}
    return len(facts), len(facts - store.kept(folder))


def set_back(store: Store, folder: Path) -> tuple[int, int]:
    """Write, set the clock and the file's times back a year, write; return facts and lost."""
    facts = {store.opened(folder, TODAY)(f"now {i}") for i in range(3)}
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))
    facts |= {store.opened(folder, EARLIER)(f"then {i}") for i in range(3)}
    return len(facts), len(facts - store.kept(folder))


def read_only(store: Store, what: str) -> tuple[int, int, str]:
    """Make the files, or the folder, read-only for an ordinary user; try to write three facts.

    Returns the facts that were kept before and are lost, the refusals, and the last sentence. A
    folder is tried new: a store that is there already goes on in a folder that is read-only.
    """
    place = Path(tempfile.mkdtemp())
    try:
        place.chmod(0o755)
        folder = place / "store"
        folder.mkdir()
        facts = {store.opened(folder, TODAY)(n) for n in "ab"} if what == "file" else set()
        _close(folder, what)
        before = _content(folder)
        with child(_as_anybody(store, folder)) as (_, pipe):
            lines = told(pipe)
        assert _content(folder) == before, "something was written"
        _open(folder)
        lost = len(facts - store.kept(folder)) if facts else 0
        return lost, sum(line.startswith("refused") for line in lines), lines[-1]
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _as_anybody(store: Store, folder: Path) -> Callable[[Callable[[str], None]], None]:
    def work(tell: Callable[[str], None]) -> None:
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        for name in "xyz":
            try:
                tell(store.opened(folder, TODAY)(name))
            except AnelloError as error:
                tell(f"refused {error}")

    return work


def _close(folder: Path, what: str) -> None:
    for path in (folder, *folder.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        closed = path.is_dir() == (what == "folder")
        path.chmod((0o555 if path.is_dir() else 0o444) if closed else path.stat().st_mode & 0o777)


def _open(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o600)


def _content(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "lock"}


FAULTS = {
    "killed": ("kill -9 at random points", "kill -9 in momenti a caso"),
    "filled": ("full disk", "disco pieno"),
    "file": ("read-only file", "file di sola lettura"),
    "folder": ("read-only folder", "cartella di sola lettura"),
    "torn": ("last record torn at every byte", "ultima riga strappata a ogni byte"),
    "shared": ("two processes at once", "due processi insieme"),
    "set_back": ("clock set back a year", "orologio indietro di un anno"),
}
TESTS = {
    "killed": "test_what_was_acknowledged_survives_a_hundred_kills",
    "filled": "test_a_full_disk_refuses_in_words_and_works_again_with_room",
    "file": "test_a_read_only_file_or_folder_is_told_and_left_as_it_is",
    "folder": "test_a_read_only_file_or_folder_is_told_and_left_as_it_is",
    "torn": "test_a_record_torn_at_every_byte_takes_no_other_with_it",
    "shared": "test_two_processes_at_once_lose_nothing",
    "set_back": "test_a_clock_set_back_loses_nothing",
}


def cells(store: Store, fault: str, kills: int) -> tuple[str, str]:
    """Return what a fault did to a store, in English and Italian."""
    if fault in ("file", "folder"):
        lost, refused, _ = read_only(store, fault)
        return f"{refused} of 3 refused, {lost} lost", f"{refused} su 3 rifiutate, {lost} perse"
    with tempfile.TemporaryDirectory() as folder:
        if fault == "filled":
            n, refused, lost = filled(store, Path(folder))
            return (f"{n} kept, {refused} refused, {lost} lost",
                    f"{n} tenute, {refused} rifiutate, {lost} perse")  # fmt: skip
        if fault == "killed":
            n, lost = killed(store, Path(folder), kills)
            return (f"{kills} kills, {n:,} facts, {lost} lost",
                    f"{kills} kill, {n:,} righe, {lost} perse".replace(",", ".", 1))  # fmt: skip
        n, lost = {"torn": torn, "shared": shared, "set_back": set_back}[fault](store, Path(folder))
    if fault == "torn":
        return f"{n} tears, {lost} lost", f"{n} strappi, {lost} perse"
    return f"{n} facts, {lost} lost", f"{n} righe, {lost} perse"


def tables(kills: int) -> dict[str, list[str]]:
    """Return the table of the page in each language: a line a fault, a column a store."""
    lines = {
        "en": ["| fault | " + " | ".join(s.en for s in STORES) + " | test |"],
        "it": ["| guasto | " + " | ".join(s.it for s in STORES) + " | prova |"],
    }
    for found in lines.values():
        found.append("|---" * (len(STORES) + 2) + "|")
    for fault, names in FAULTS.items():
        both = [cells(store, fault, kills) for store in STORES]
        print(names[0], *[en for en, _ in both], sep="\n  ", flush=True)
        for i, found in enumerate(lines.values()):
            row = " | ".join(cell[i] for cell in both)
            found.append(f"| {names[i]} | {row} | `{TESTS[fault]}` |")
    return lines


def put(language: str, lines: list[str]) -> None:
    """Put a table between its marks in the page of a language."""
    path = DOCS / ("stores.md" if language == "en" else "stores.it.md")
    before, _, rest = path.read_text("utf-8").partition("<!-- counts -->\n")
    after = rest.partition("<!-- end of counts -->")[2]
    table = "\n".join(lines)
    path.write_text(
        f"{before}<!-- counts -->\n{table}\n<!-- end of counts -->{after}", encoding="utf-8"
    )


def main() -> None:
    """Run every store through every fault and print, or write, the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    for language, lines in tables(given.kills).items():
        if given.write:
            put(language, lines)


if __name__ == "__main__":
    main()
