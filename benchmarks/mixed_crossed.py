"""Crossed groups at a million rows: `anello fit lmm` beside lme4, both as whole processes.

    python benchmarks/mixed_crossed.py [--rows 1000000] [--without-r]

Prints elapsed and processor seconds, start and load included; lme4 runs where Rscript is found.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

FORMULA = "y ~ x + (1 | a) + (1 | b)"
ROWS = """
select (hash(i * 7 + 1) % 1000)::int as a, (hash(i * 13 + 5) % 500)::int as b,
       (hash(i * 3 + 2) % 1000003) / 1000003.0 as x,
       x / 2 + (hash(a * 31) % 1009) / 300.0 + (hash(b * 37) % 1013) / 500.0
         + (hash(i * 17 + 2) % 1000003) / 500000.0 + (hash(i * 19 + 2) % 1000003) / 500000.0 as y
from range({rows}) as t(i)
"""
LME4 = """
suppressMessages(library(lme4))
d <- read.csv("{path}", colClasses = c("integer", "integer", "numeric", "numeric"))
cat(sprintf("%.9g", logLik(lmer({formula}, d))), "\\n")
"""


def measured(name: str, words: list[str]) -> None:
    """Run a process and print what it took."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    elapsed, after = time.perf_counter() - started, os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    found = [line for line in done.stdout.splitlines() if "loglik" in line] or [done.stdout.strip()]
    print(f"{name:8} {elapsed:8.2f} s elapsed {used:8.2f} s of processor   {found[0].strip()}")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument("--without-r", action="store_true")
    said = reader.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        duckdb.sql(f"copy ({ROWS.format(rows=said.rows)}) to '{path}' (header)")
        anello = Path(sys.executable).with_name("anello")
        measured("anello", [str(anello), "fit", "lmm", FORMULA, str(path), "--json"])
        if shutil.which("Rscript") and not said.without_r:
            script = LME4.format(path=path, formula=FORMULA)
            measured("lme4", ["Rscript", "-e", script])


if __name__ == "__main__":
    main()
