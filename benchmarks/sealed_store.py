"""How many answers a second are sealed and on the disk, beside the disk's own rate of fdatasync.

    python benchmarks/sealed_store.py [FOLDER]

Prints medians of five runs of half a second each; FOLDER names the disk (default: the system's
folder for temporary files).
"""

import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from anello.protect.seal.box import new_pair, seal
from anello.protect.seal.store import SealedStore

ANSWER = b"4 2 5 3 4 4 1 5 2 3 4 5 5 1 2 3 4 2 2 5"
RUNS, SECONDS, BATCH = 5, 0.5, 100


def rate(step: Callable[[], int]) -> float:
    """Return the median number of things done in a second."""
    found = []
    for _ in range(RUNS):
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < SECONDS:
            done += step()
        found.append(done / (time.perf_counter() - start))
    return statistics.median(found)


def main(folder: Path) -> None:
    """Measure the disk, sealing alone, single answers and batches."""
    _, public = new_pair()
    store = SealedStore(folder / "answers", "bench", public)
    fd = os.open(folder / "raw", os.O_RDWR | os.O_CREAT)
    numbers = iter(range(10**9))

    def token() -> bytes:
        return hashlib.sha256(b"%d" % next(numbers)).digest()

    def sync() -> int:
        os.write(fd, bytes(400))
        os.fdatasync(fd)
        return 1

    def sealed() -> int:
        seal(public, ANSWER, "bench", bytes(32), 1)
        return 1

    def single() -> int:
        store.put(token(), ANSWER)
        return 1

    def batch() -> int:
        return len(store.put_all([(token(), ANSWER) for _ in range(BATCH)]))

    steps = {
        "fdatasync of the disk": sync,
        "sealing alone": sealed,
        "answers one by one": single,
        f"answers in batches of {BATCH}": batch,
    }
    for name, step in steps.items():
        print(f"{name:28} {rate(step):10,.0f} a second")
    os.close(fd)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
