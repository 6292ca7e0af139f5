"""What many stories tell from is made once in a session, however many processes share the tests."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# How long a machine takes is no property of the program: a busy one takes a hundred times as long.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@dataclass(frozen=True)
class Ran:
    """The example of the README as `make run` leaves it: where, and what was printed."""

    place: Path
    stdout: str
    stderr: str

    @property
    def release(self) -> Path:
        return next(p for p in (self.place / "releases").iterdir() if p.is_dir())


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest):
    """Return a function that makes a folder by name, in whichever process asks first."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent

    def made(name: str, make: Callable[[Path], None]) -> Path:
        place, whole = shared / name, shared / f"{name}.whole"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                place.mkdir()
                make(place)
                whole.touch()
        return place

    return made


@pytest.fixture(scope="session")
def nhs_run(once) -> Ran:
    """The README's first command, run once as a process of its own."""

    def make(place: Path) -> None:
        code = "from anello.cli import main; main()"
        chain = str(ROOT / "examples" / "nhs" / "chain.yaml")
        done = subprocess.run(
            [sys.executable, "-c", code, "run", chain],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "ANELLO_LANG": "en"},
        )
        assert done.returncode == 0, done.stderr
        (place / "said.json").write_text(json.dumps([done.stdout, done.stderr]))

    place = once("nhs", make)
    return Ran(place, *json.loads((place / "said.json").read_text()))
