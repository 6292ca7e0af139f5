"""How long a mixed model takes from the command line, beside its peers, in one run.

    python benchmarks/mixed_models.py                     # 1e5, 1e6, 1e7 rows x 500, 20,000 units
    python benchmarks/mixed_models.py --rows 1e8 --units 20000 --alone

Every number is a whole process: start, load, fit, end; the best of `--repeat`. In brackets stand
the processor seconds, which a busy machine disturbs less. Peers that are not installed are left
out; `--peer-python` names another interpreter that has them.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

MODELS = {"random intercept": "y ~ x + (1 | g)", "random slope": "y ~ x + (x | g)"}

OURS = "import sys; from anello.cli import start; sys.argv[0] = 'anello'; start()"

BARE = """
import sys, time, duckdb
connection = duckdb.connect()
started = time.perf_counter()
connection.execute(f"select g, avg(y), count(*) from '{sys.argv[1]}' group by g").fetchnumpy()
print(time.perf_counter() - started)
"""

FORMULA = """
import sys, pandas, mixedlm_rs
rows = pandas.read_parquet(sys.argv[1])
varying = "~x" if sys.argv[2] == "random slope" else None
fit = mixedlm_rs.mixedlm("y ~ x", rows, groups="g", re_formula=varying).fit()
print(fit.llf)
"""

ARRAYS = """
import sys, numpy, pandas, mixedlm_rs
rows = pandas.read_parquet(sys.argv[1])
x = numpy.column_stack([numpy.ones(len(rows)), rows.x.to_numpy()])
z = x if sys.argv[2] == "random slope" else x[:, :1]
fit = mixedlm_rs.MixedLM(
    endog=rows.y.to_numpy(), exog=x, groups=rows.g.to_numpy(), exog_re=z
).fit()
print(fit.llf)
"""

STATSMODELS = """
import sys, pandas, statsmodels.formula.api as smf
rows = pandas.read_parquet(sys.argv[1])
varying = "~x" if sys.argv[2] == "random slope" else None
print(smf.mixedlm("y ~ x", rows, groups="g", re_formula=varying).fit().llf)
"""


@dataclass(frozen=True)
class Run:
    """One finished process: wall-clock and processor seconds, peak memory (MB), what it printed."""

    seconds: float
    processor: float
    memory: float
    printed: str


def run(command: list[str]) -> Run | None:
    """Run a process to its end; None if it failed."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        printed = out.read()
    if process.returncode:
        return None
    scale = 1024 if sys.platform != "darwin" else 1024**2
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / scale, printed)


def best(command: list[str], repeat: int) -> Run | None:
    """Return the fastest of several runs."""
    runs = [found for _ in range(repeat) if (found := run(command))]
    return min(runs, key=lambda r: r.seconds) if runs else None


def write_rows(path: Path, rows: int, units: int) -> None:
    """Write Parquet with an outcome whose level and slope vary between units."""
    normal = "sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"
    source = (
        f"with u as (select j, {normal} as b0, {normal} as b1 from range({units}) t(j)), "
        f"r as (select (random() * {units})::int % {units} as g, 1 + 4 * random() as x, "
        f"{normal} as e from range({rows})) "
        "select g, x, 3 + 0.5 * x + 0.6 * b0 + 0.2 * b1 * x + e as y from r join u on g = j"
    )
    with duckdb.connect(config={"threads": 1, "preserve_insertion_order": False}) as connection:
        connection.execute("select setseed(0.5)")
        connection.execute(f"copy ({source}) to '{path}' (format parquet)")


def compare(path: Path, rows: int, units: int, wanted: argparse.Namespace) -> Iterator[list[str]]:
    """Yield a line of the table for each model."""
    for model, formula in MODELS.items():
        ours = best([sys.executable, "-c", OURS, "fit", "lmm", formula, str(path), "--json"],
                    wanted.repeat)  # fmt: skip
        bare = best([sys.executable, "-c", BARE, str(path)], wanted.repeat)
        if ours is None or bare is None:
            raise SystemExit("anello or DuckDB did not run")
        found = json.loads(ours.printed)["seconds"]
        peers = {} if wanted.alone else _peers(path, model, rows, units, wanted)
        group_by = float(bare.printed)
        yield [
            f"{rows:.0e}".replace("e+0", "e"), f"{units:,}", model,
            _time(ours), f"{found['scan']:.2f}", f"{found['fit']:.2f}", f"{group_by:.3f}",
            f"{found['scan'] / group_by:.1f}",
            *(_time(peers.get(name)) for name in ("formula", "arrays", "statsmodels")),
            *_ratios(ours, [r for r in peers.values() if r]),
        ]  # fmt: skip


def _peers(
    path: Path, model: str, rows: int, units: int, wanted: argparse.Namespace
) -> dict[str, Run | None]:
    codes = {"formula": FORMULA, "arrays": ARRAYS}
    if rows <= 100_000 and units <= 500:
        codes["statsmodels"] = STATSMODELS
    python = wanted.peer_python
    return {k: best([python, "-c", c, str(path), model], wanted.repeat) for k, c in codes.items()}


def _time(found: Run | None) -> str:
    if found is None:
        return "-"
    return f"{found.seconds:.2f} s ({found.processor:.2f}), {found.memory:,.0f} MB"


def _ratios(ours: Run, peers: list[Run]) -> tuple[str, str]:
    if not peers:
        return "-", "-"
    fastest = min(peers, key=lambda r: r.seconds)
    smallest = min(peer.memory for peer in peers)
    return f"{fastest.seconds / ours.seconds:.1f}", f"{smallest / ours.memory:.1f}"


HEAD = (
    "rows", "units", "model", "anello fit lmm", "scan s", "fit s", "bare GROUP BY s",
    "scan / GROUP BY", "mixedlm-rs (formula)", "mixedlm-rs (arrays)", "statsmodels",
    "times faster", "times smaller",
)  # fmt: skip


def _versions(python: str) -> str:
    ask = "from importlib.metadata import version as v; print(v('mixedlm-rs'), v('statsmodels'))"
    peers = run([python, "-c", ask])
    names = ("anello", "duckdb", "numpy")
    ours = [f"{name} {_version(name)}" for name in names]
    theirs = dict(
        zip(("mixedlm-rs", "statsmodels"), (peers.printed if peers else "").split(), strict=False)
    )
    return ", ".join([*ours, *(f"{k} {v}" for k, v in theirs.items())])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Mixed models beside their peers.")
    parser.add_argument("--rows", type=float, nargs="+", default=[1e5, 1e6, 1e7])
    parser.add_argument("--units", type=int, nargs="+", default=[500, 20_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="without peers")
    parser.add_argument("--peer-python", default=sys.executable)
    wanted = parser.parse_args()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, {memory:.0f} GB; "
        f"Python {platform.python_version()}, {_versions(wanted.peer_python)}; "
        f"load at the start {os.getloadavg()[0]:.1f}\n"
    )
    print("|", " | ".join(HEAD), "|")
    print("|", " | ".join("---" for _ in HEAD), "|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for rows in wanted.rows:
            for units in wanted.units:
                path = Path(folder) / "rows.parquet"
                write_rows(path, int(rows), units)
                for line in compare(path, int(rows), units, wanted):
                    print("|", " | ".join(line), "|", flush=True)


if __name__ == "__main__":
    main()
