"""How long a two-level structural model takes from a Parquet file, start to end, in one process.

python benchmarks/two_level_sem.py --rows 1e7 --units 20000

Generates the rows, fits the model in a fresh process and prints the whole process, the scan and
the fit, with processor seconds in brackets, which a busy machine disturbs less; beside it the bare
average by unit of one column, in a fresh process too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

MODEL = (
    "level: 1\n fw =~ y1 + y2 + y3\n fw ~ x1 + x2 + x3\n"
    "level: 2\n fb =~ y1 + y2 + y3\n fb ~ w1 + w2"
)
CHILD = """
import json, sys
from anello.store.fit_sem import fit_sem
found = fit_sem(sys.argv[2], sys.argv[1], cluster="g")
print(json.dumps({"converged": found["converged"], **found["seconds"]}))
"""
BARE = """
import sys, duckdb
duckdb.sql(f"select g, avg(y1), count(*) from '{sys.argv[1]}' group by g").fetchnumpy()
"""
NORMAL = "sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"


def generate(path: Path, rows: int, units: int) -> None:
    """Write rows of a known model: within slopes .5 .4 .2, between slopes .3 .2."""
    connection = duckdb.connect()
    connection.execute("select setseed(0.5)")
    own = ", ".join(f"{NORMAL} as {name}" for name in ("w1", "w2", "u", "b1", "b2", "b3"))
    connection.execute(f"create table unit as select range as g, {own} from range({units})")
    each = ", ".join(f"{NORMAL} as {name}" for name in ("x1", "x2", "x3", "f", "e1", "e2", "e3"))
    inner = f"select floor(random() * {units})::bigint as g, {each} from range({rows})"
    within = "(.5 * x1 + .4 * x2 + .2 * x3 + .7 * f)"
    between = "(.3 * w1 + .2 * w2 + .6 * u)"
    loads = ((1, 1), (0.8, 0.7), (0.7, 0.6))
    ys = ", ".join(
        f"{a} * {within} + {b} * {between} + .2 * b{k} + e{k} as y{k}"
        for k, (a, b) in enumerate(loads, 1)
    )
    wanted = f"select g, {ys}, x1, x2, x3, w1, w2 from ({inner}) join unit using (g)"
    connection.execute(f"copy ({wanted}) to '{path}' (format parquet)")


def timed(program: str, *arguments: str) -> tuple[str, float, float]:
    """Run a program in a fresh process; return its output, seconds and processor seconds."""
    started, before = time.perf_counter(), os.times()
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    whole, after = time.perf_counter() - started, os.times()
    used = after.children_user + after.children_system
    return done.stdout, whole, used - before.children_user - before.children_system


def main() -> None:
    """Generate, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--units", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        generate(path, int(asked.rows), asked.units)
        timed(BARE, str(path))
        _, bare, bare_used = timed(BARE, str(path))
        out, whole, used = timed(CHILD, str(path), MODEL)
    found = json.loads(out)
    print(f"{asked.rows:.0e} rows, {asked.units} units, converged: {found['converged']}")
    print(
        f"process {whole:.2f} s ({used:.2f}), scan {found['scan']:.2f} s, fit {found['fit']:.2f} s"
    )
    print(f"bare GROUP BY: process {bare:.2f} s ({bare_used:.2f})")


if __name__ == "__main__":
    main()
