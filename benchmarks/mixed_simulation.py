"""Size, coverage and power of the fixed effects of mixed models with 10, 30 and 100 units.

    python benchmarks/mixed_simulation.py                 prints the table (300 worlds a line)
    python benchmarks/mixed_simulation.py --write         puts it into docs/reference/mixed.md

Each world has units of 2 to 20 people, a level and a slope that vary, half of the units under a
treatment z. Estimates move with the true effect and standard errors do not, so one world tells all
three: size (no effect, how often p < 0.05), coverage of the 95 % interval, and power for an effect.
"""

import argparse
import re
from pathlib import Path

import numpy as np

from anello.stats.linear.student import two_sided
from anello.stats.mixed.design import Kind
from anello.stats.mixed.formula import parse
from anello.stats.mixed.several.fit import Fitted, effects, fit, robust_effects
from anello.stats.mixed.several.gathered import Factor, Gathered
from anello.stats.mixed.several.layout import layout

DOCS = Path(__file__).parents[1] / "docs" / "reference"
UNITS = (10, 30, 100)
EFFECTS = {"z": 0.6, "x": 0.25}
FORMULA = "y ~ x + z + (x | unit)"
METHODS = ("satterthwaite", "kr", "CR2", "normal")


def world(units: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return rows in which neither x nor z has an effect."""
    sizes = rng.integers(2, 21, units)
    unit = np.repeat(np.arange(units), sizes)
    z = (np.arange(units) % 2).astype(float)[unit]
    x = rng.normal(size=len(unit)) + rng.normal(0, 0.5, units)[unit]
    level, slope = rng.normal(0, 0.5, units), rng.normal(0, 0.3, units)
    y = level[unit] + slope[unit] * x + rng.normal(size=len(unit))
    return {"y": y, "x": x, "z": z, "unit": unit}


def gathered(rows: dict[str, np.ndarray]) -> tuple[Gathered, object]:
    """Return the sums of a world, as the store would gather them."""
    kinds = dict.fromkeys(("y", "x", "z"), Kind.NUMBER) | {"unit": Kind.INTEGER}
    plan = layout(parse(FORMULA), kinds, {})
    ones = np.ones(len(rows["y"]))
    columns = np.array([rows.get(c.name, ones) for c in plan.design.columns])
    levels, at = np.unique(rows["unit"], return_inverse=True)
    left = plan.summed(0)
    sums = np.array([[np.bincount(at, columns[i] * c, len(levels)) for c in columns] for i in left])
    outer = np.array([[np.bincount(at, a * c, len(levels)) for c in columns] for a in columns])
    names = tuple(column.name for column in plan.design.columns)
    factor = Factor(("unit",), (levels,), left, sums)
    zeros, total = np.zeros(len(names)), columns @ columns.T
    return Gathered(names, zeros, total, len(ones), (factor,), (), outer=outer), plan


def tables(fitted: Fitted) -> dict[str, list[tuple[float, float, float]]]:
    """Return estimate, standard error and df of every fixed effect by every method."""
    found = {name: effects(fitted, name)[0] for name in ("satterthwaite", "kr")}
    found["CR2"] = robust_effects(fitted)[0]
    rows = {k: [(e.estimate, e.se, e.df) for e in v] for k, v in found.items()}
    rows["normal"] = [(b, se, 1e9) for b, se, _ in rows["satterthwaite"]]
    return rows


def line(units: int, worlds: int, seed: int = 1) -> dict[tuple[str, str], tuple[float, float]]:
    """Return (size, power) in per cent for every method and effect."""
    hits: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for k in range(worlds):
        sums, plan = gathered(world(units, np.random.default_rng([seed, units, k])))
        for method, rows in tables(fit(sums, plan)).items():
            for term, (estimate, se, df) in zip(("", "x", "z"), rows, strict=True):
                if term:
                    alone = two_sided(estimate / se, df) < 0.05
                    told = two_sided((estimate + EFFECTS[term]) / se, df) < 0.05
                    hits.setdefault((method, term), []).append((alone, told))
    return {key: tuple(100 * np.mean(found, axis=0)) for key, found in hits.items()}


def table(worlds: int) -> str:
    """Return the table as Markdown."""
    heads = [f"{what} {m}" for what in ("size", "power") for m in METHODS]
    out = ["| units | effect | " + " | ".join(heads) + " |", "|---" * (2 + len(heads)) + "|"]
    for units in UNITS:
        found = line(units, worlds)
        for term in ("z", "x"):
            cells = [f"{found[m, term][what]:.1f}" for what in (0, 1) for m in METHODS]
            out.append(f"| {units} | {term} | " + " | ".join(cells) + " |")
    return "\n".join(out)


def italian(text: str) -> str:
    """Return the table with Italian heads and decimal commas."""
    words = {"units": "unità", "effect": "effetto", "size": "falsi allarmi", "power": "potenza"}
    for english, other in (*words.items(), ("normal", "normale")):
        text = text.replace(english, other)
    return text.replace(".", ",")


def put(page: Path, text: str) -> None:
    """Write the table between its marks."""
    marked = re.compile(r"(<!-- simulation -->\n).*?(\n<!-- /simulation -->)", re.DOTALL)
    page.write_text(marked.sub(lambda m: m[1] + text + m[2], page.read_text("utf-8")), "utf-8")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--worlds", type=int, default=300)
    reader.add_argument("--write", action="store_true")
    said = reader.parse_args()
    text = table(said.worlds)
    print(text)
    if said.write:
        put(DOCS / "mixed.md", text)
        put(DOCS / "mixed.it.md", italian(text))


if __name__ == "__main__":
    main()
