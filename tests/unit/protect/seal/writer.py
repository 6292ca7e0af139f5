"""A process that keeps answers and says so: run by the tests, and killed by them."""

import hashlib
import sys
from pathlib import Path

from anello.protect.seal.store import SealedStore


def main(path: str, public: str, name: str, number: str) -> None:
    store = SealedStore(Path(path), "spring", bytes.fromhex(public))
    for i in range(int(number)):
        answer = f"{name} {i}".encode()
        store.put(hashlib.sha256(answer).digest(), answer * 20)
        sys.stdout.write(f"{i}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
