"""How long the shares of themes take: exact LMG, a thousand draws of units, the yardstick.

    python benchmarks/drivers.py            # prints the table
    python benchmarks/drivers.py --write    # and puts it into docs/reference/drivers*.md

Each figure is the median of three runs in seconds of one core (CPU time), after one not counted.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from anello.stats.relations.driver_bootstrap import bootstrapped, drawn, unit_sums
from anello.stats.relations.subsets import shares
from anello.stats.relations.yardstick import yardstick

DOCS = Path(__file__).parents[1] / "docs" / "reference"
CASES = ((6, 100), (9, 105), (12, 200), (15, 100), (15, 1000))
HEAD = {
    "en": "themes, units, exact LMG, 1,000 draws of units, yardstick, together",
    "it": "temi, unità, LMG esatto, 1.000 estrazioni di unità, metro, insieme",
}


def seconds(work: Callable[[], object]) -> float:
    """Return the median of three runs, after one for warmth."""
    work()
    taken = []
    for _ in range(3):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return median(taken)


def case(themes: int, units: int) -> tuple[float, float, float]:
    """Return the seconds of one size: exact shares, draws, yardstick."""
    rng = np.random.default_rng([themes, units])
    X = rng.normal(size=(units, themes)) + rng.normal(size=(units, 1))
    values = np.column_stack([X, X[:, 0] + rng.normal(size=units)])
    C = np.corrcoef(values, rowvar=False)
    sizes = (1,) * themes

    def draws() -> object:
        sums = unit_sums(values, np.arange(units))
        return bootstrapped(drawn(sums, np.random.default_rng(1), 1000), sizes)

    return (
        seconds(lambda: shares(C[:, :, None], sizes)),
        seconds(draws),
        seconds(lambda: yardstick(C, sizes, units - 1, np.random.default_rng(2))),
    )


def put(path: Path, name: str, text: str) -> None:
    """Replace what stands between the two marks of a table in a document."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = path.read_text("utf-8").partition(start)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf-8")


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines = []
    for themes, units in CASES:
        parts = case(themes, units)
        cells = " | ".join(f"{s:.4f} s" if s < 0.01 else f"{s:.2f} s" for s in (*parts, sum(parts)))
        lines.append(f"| {themes} | {units} | {cells} |")
    for language, name in (("en", "drivers.md"), ("it", "drivers.it.md")):
        # A comma inside a number is no parting of columns.
        names = [part.strip() for part in HEAD[language].replace("1,000", "1000").split(",")]
        head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|"
        body = "\n".join(lines)
        text = f"{head}\n{body if language == 'en' else body.replace('.', ',')}"
        if language == "en":
            print(text)
        if given.write:
            put(DOCS / name, "speed", text)


if __name__ == "__main__":
    main()
