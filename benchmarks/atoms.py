"""Cut 100,000 respondents into atoms, beside DuckDB's ORDER BY of the same keys.

    python benchmarks/atoms.py

Both start from the same columns in memory and end with a table in a file: DuckDB orders the answers
by unit, demographic and noise and writes them; the cut orders by the same keys, sums every atom and
item, runs the end-guard over all of them and writes the cells. One thread each; the median of five.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from anello.protect.atoms import cut

PEOPLE, ITEMS, UNITS, RUNS = 100_000, 20, 4_000, 5


def company(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[tuple[str, ...]]]:
    """Return answers, units, one demographic and the hierarchy of a large employer."""
    rng = np.random.default_rng(seed)
    unit = rng.integers(0, UNITS, PEOPLE)
    value = 3.8 + rng.normal(0, 0.3, UNITS)[unit][:, None] + rng.normal(0, 0.9, (PEOPLE, ITEMS))
    answers = np.clip(np.rint(value), 1, 5)
    answers[rng.random(answers.shape) < 0.03] = np.nan
    paths = [(f"region {u // 200}", f"area {u // 20}", f"unit {u}") for u in range(UNITS)]
    return answers, unit, rng.integers(0, 6, PEOPLE), paths


def median(task: Callable[[], object]) -> float:
    """Return the median seconds of a task."""
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        task()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def main() -> None:
    """Print both times and their ratio."""
    answers, unit, order, paths = company()
    names = [f"q{i}" for i in range(ITEMS)]
    noise = np.random.default_rng(2).integers(0, 2**63, PEOPLE)
    table = pa.table(
        {"unit": unit, "demographic": order, "noise": noise}
        | {n: answers[:, i] for i, n in enumerate(names)}
    )
    db = duckdb.connect()
    db.execute("set threads = 1")
    db.register("people", table)
    with tempfile.TemporaryDirectory() as folder:
        sorted_file, cells_file = Path(folder) / "sorted.parquet", Path(folder) / "cells.parquet"

        def ordered() -> None:
            db.execute(
                "copy (select * from people order by unit, demographic, noise) "
                f"to '{sorted_file}' (format parquet)"
            )

        def atoms() -> None:
            made = cut(
                answers, unit, paths, order, bytes(32), wave="1", items=names,
                low=[1] * ITEMS, high=[5] * ITEMS,
            )  # fmt: skip
            c = made.atoms.cells
            pq.write_table(pa.table({n: getattr(c, n) for n in c.__slots__}), cells_file)

        duck, ours = median(ordered), median(atoms)
    print(f"ORDER BY {duck:.3f} s, atoms {ours:.3f} s, ratio {ours / duck:.2f}")


if __name__ == "__main__":
    main()
