"""How long a binomial mixed model takes from counts, beside lme4's glmer, in one run.

    python benchmarks/glmm_speed.py                        # 1e6 rows, 1,000 units
    python benchmarks/glmm_speed.py --rows 1e5             # smaller
    python benchmarks/glmm_speed.py --alone                # without R

Whole processes: start, load, fit, end. In brackets stand the processor seconds, which a busy
machine disturbs less. Needs R with lme4, or --alone.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

FORMULA = "stays ~ late + shift + grade + (1 | unit)"
OURS = "import sys; from anello.cli import start; sys.argv[0] = 'anello'; start()"
GLMER = """
suppressMessages(library(lme4))
rows <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = TRUE)
print(logLik(glmer({formula}, rows, family = binomial)), digits = 12)
"""


def write_rows(folder: Path, rows: int, units: int) -> tuple[Path, Path]:
    """Write the same rows as Parquet and as CSV: three discrete covariates, levels by unit."""
    normal = "sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"
    source = (
        f"with u as (select j, 0.7 * {normal} as b from range({units}) t(j)), "
        f"r as (select (random() * {units})::int % {units} as unit, "
        "(random() * 2)::int % 2 as late, "
        f"(random() * 3)::int % 3 as s, (random() * 4)::int % 4 as grade, random() as p "
        f"from range({rows})) "
        "select unit, late, ['day', 'evening', 'night'][s + 1] as shift, grade, "
        "(p < 1 / (1 + exp(0.3 + 0.4 * late - 0.2 * s - 0.1 * grade - b)))::int as stays "
        "from r join u on unit = j"
    )
    parquet, csv = folder / "rows.parquet", folder / "rows.csv"
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("select setseed(0.5)")
        connection.execute(f"copy ({source}) to '{parquet}' (format parquet)")
        connection.execute(f"copy (from '{parquet}') to '{csv}' (header)")
    return parquet, csv


def timed(name: str, command: list[str]) -> tuple[float, float]:
    """Run a process to its end, print what it took and return it: wall and processor seconds."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{name} did not run")
    loglik = next(
        (line for line in out.splitlines() if 'loglik":' in line or "log Lik" in line), ""
    ).strip()
    memory = used.ru_maxrss / 1024
    spent = used.ru_utime + used.ru_stime
    print(f"| {name} | {seconds:.2f} s ({spent:.2f}) | {memory:,.0f} MB | {loglik} |", flush=True)
    return seconds, spent


def main() -> None:
    """Write the rows, fit them with each, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--alone", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parquet, csv = write_rows(Path(folder), int(given.rows), given.units)
        print(f"{given.rows:.0e} rows, {given.units:,} units, {FORMULA}\n")
        print("| program | time | memory | log-likelihood |\n|---|---|---|---|")
        ours = [sys.executable, "-c", OURS, "fit", "glmm", FORMULA]
        took = [
            timed("anello, Parquet", [*ours, str(parquet), "--json"]),
            timed("anello, CSV", [*ours, str(csv), "--json"]),
            timed("anello, CSV, 10 nodes", [*ours, str(csv), "--agq", "10", "--json"]),
        ]
        rscript = shutil.which("Rscript")
        if rscript and not given.alone:
            code = GLMER.replace("{formula}", FORMULA)
            theirs = timed("glmer, CSV", [rscript, "-e", code, str(csv)])
            names = ("Parquet", "CSV", "CSV, 10 nodes")
            print("\nglmer (Laplace) took so many times longer, wall clock (processor):")
            for name, mine in zip(names, took, strict=True):
                print(f"{name}: {theirs[0] / mine[0]:.0f} ({theirs[1] / mine[1]:.0f})")


if __name__ == "__main__":
    main()
