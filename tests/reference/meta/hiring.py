"""McDaniel et al. (1994) on interviews and Molloy et al. (2014) on keeping to a treatment."""

import csv
from pathlib import Path

import numpy as np

from anello.stats.meta.effect_sizes import fisher_z
from anello.stats.meta.random_effects import pool


def rows(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return correlations and sample sizes of one review; studies without either are left out."""
    with (folder / "meta_hiring" / f"dat.{name}.csv").open(encoding="utf-8") as file:
        read = [(row["ri"], row["ni"]) for row in csv.DictReader(file)]
    known = [(float(r), float(n)) for r, n in read if r not in ("", "NA") and n not in ("", "NA")]
    r, n = np.array(known).T
    return r, n


def moments(r: np.ndarray, n: np.ndarray) -> dict[str, float]:
    """Return all that a bare-bones synthesis reads."""
    return {"k": len(r), "n": n.sum(), "nr": n @ r, "nrr": n @ r**2}


def estimates(r: np.ndarray, n: np.ndarray) -> dict[str, float]:
    """Return the random-effects estimates on Fisher's z."""
    found = pool(*(lambda e: (e.y, e.v))(fisher_z(r, n)))
    names = ("estimate", "se", "low", "high", "new_low", "new_high", "tau2", "i2")
    return {name: getattr(found, name) for name in names}
