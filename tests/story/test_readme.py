"""Every command that the README shows is run, word for word."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
INLINE = re.findall(r"`(\.venv/bin/anello [^`]+)`", README)
BY_MAKE = {"make run", "make test"}


@pytest.fixture(scope="module")
def place(tmp_path_factory, nhs_run):
    """A folder like a clone after `make run`: the examples, and a shop's own two files."""
    place = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "examples", place / "examples")
    shutil.copytree(nhs_run.place / "releases", place / "releases")
    months = [f"2024-{m:02d}" for m in range(1, 7)]
    shops = [f"shop{i}" for i in range(1, 7)]
    staff = [
        f"{s},{m},{3 + (i + j) % 3 / 2}" for i, s in enumerate(shops) for j, m in enumerate(months)
    ]
    till = [
        f"{s},{m},{900 + 40 * i + 7 * j}" for i, s in enumerate(shops) for j, m in enumerate(months)
    ]
    (place / "staff.csv").write_text("shop,month,mood\n" + "\n".join(staff) + "\n")
    (place / "till.csv").write_text("shop,month,sales\n" + "\n".join(till) + "\n")
    rows = [f"{s},{j},{(i + 1) * j % 7 + j + i}" for i, s in enumerate(shops) for j in range(8)]
    (place / "rows.csv").write_text("shop,x,y\n" + "\n".join(rows) + "\n")
    return place


def test_the_readme_shows_commands():
    assert len(COMMANDS) >= 9
    assert set(COMMANDS) >= BY_MAKE


def test_make_run_and_make_test_are_what_the_readme_says():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "anello run examples/nhs/chain.yaml" in makefile
    assert "-m pytest" in makefile


def test_the_commands_of_the_readme_work_one_after_the_other(place):
    for command in [*(c for c in COMMANDS if c not in BY_MAKE), *INLINE]:
        words = shlex.split(command)
        assert words[0] == ".venv/bin/anello"
        done = anello(words[1:], place)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert done.stdout.strip(), command


def anello(words, place):
    return subprocess.run(
        [sys.executable, "-c", "from anello.cli import main; main()", *words],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "ANELLO_LANG": "en"},
    )
