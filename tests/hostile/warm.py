"""A process with the program already loaded: each command runs in a fork of it, within limits.

Loading takes longer than most commands; so it is done once. `Warm.told` is what a test calls; run
as a program, this file is the process itself and speaks JSON, one line a command.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

TRACEBACK = 70
ROOMS = (
    "run", "sample", "listen.init", "listen.chain_file", "report.terminal", "report.plan_lines",
    "progress", "protect.promise", "protect.ledger", "store.fit_lmm", "store.shipped",
    "score.text.fit_comments",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """How a command ended: exit code (-1 for a signal), its words, and MB that it took."""

    code: int
    out: str
    err: str
    mb: int
    signal: int

    @property
    def last(self) -> str:
        """Return the last line on standard error: the sentence, after the steps."""
        return (self.err.strip().splitlines() or [""])[-1]


class Warm:
    """The loaded process, seen from a test."""

    def __init__(self) -> None:
        words = [sys.executable, str(Path(__file__).resolve())]
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def told(self, *words: object, folder: Path, room: int = 3000, seconds: int = 120) -> Told:
        """Run `anello` with `words` in a folder, with `room` MB of addresses more than it has."""
        asked = {"words": [str(w) for w in words], "folder": str(folder)}
        line = json.dumps(asked | {"room": room, "seconds": seconds})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return Told(**json.loads(self._process.stdout.readline()))

    def end(self) -> None:
        """Let the process go."""
        self._process.stdin.close()
        self._process.wait()


def _size(field: int) -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[field])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def _child(asked: dict, out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(asked["folder"])
    resource.setrlimit(resource.RLIMIT_AS, ((_size(0) + asked["room"]) << 20,) * 2)
    signal.alarm(asked["seconds"])
    sys.argv = ["anello", *asked["words"]]
    code = TRACEBACK
    try:
        import_module("anello.cli").main()
    except SystemExit as done:
        code = int(done.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _answer(asked: dict) -> dict:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before = _size(1)
        child = os.fork()
        if not child:
            _child(asked, out.fileno(), err.fileno())
        _, status, used = os.wait4(child, 0)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    code = -1 if killed else os.WEXITSTATUS(status)
    mb = (used.ru_maxrss >> 10) - before
    return {"code": code, "out": texts[0], "err": texts[1], "mb": mb, "signal": killed}


def main() -> None:
    """Load the rooms, then answer commands until there are no more."""
    for room in ROOMS:
        import_module(f"anello.{room}")
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
