"""Do the intervals of a meta-analysis hold what they promise? Size and coverage by simulation.

    python benchmarks/meta_coverage.py            # prints the tables
    python benchmarks/meta_coverage.py --write    # and puts them into docs/reference/meta*.md

Each simulated world has k studies of 40 to 200 people; true Fisher z are N(0.2, tau^2). All three
tables are per cent of worlds; with 1,000 worlds a figure near 95 moves by 1.4 either way.
"""

import argparse
from collections.abc import Iterator
from math import inf
from pathlib import Path

import numpy as np

from anello.stats.meta.borrow import Line, Own, borrow, posterior, predictive
from anello.stats.meta.effect_sizes import z_to_r
from anello.stats.meta.hunter_schmidt import bare_bones
from anello.stats.meta.moderators import predicted, regress
from anello.stats.meta.three_level import three_level

DOCS = Path(__file__).parents[1] / "docs" / "reference"
STUDIES, TAUS, MEAN = (10, 30, 100), (0.0, 0.1, 0.2), 0.2
HEADS = {
    "coverage": {
        "en": "studies, tau, REML, REML + KH, PM + KH, DL, HS (r), new place (normal), "
        "new place (t)",
        "it": "studi, tau, REML, REML + KH, PM + KH, DL, HS (r), luogo nuovo (normale), "
        "luogo nuovo (t)",
    },
    "size": {
        "en": "studies, tau, moderator REML, moderator REML + KH, clusters ignored, three levels",
        "it": "studi, tau, moderatore REML, moderatore REML + KH, gruppi ignorati, tre livelli",
    },
    "borrow": {
        "en": "studies, tau, together, together robust, robust for a stranger, tau forgotten",
        "it": "studi, tau, insieme, insieme robusta, robusta per un estraneo, tau dimenticata",
    },
}


def world(
    rng: np.random.Generator, k: int, tau: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return sample sizes, sampling variances and observed z of one world."""
    n = rng.integers(40, 201, k)
    v = 1 / (n - 3)
    return n, v, rng.normal(MEAN, np.sqrt(tau**2 + v))


def coverage(rng: np.random.Generator, k: int, tau: float) -> Iterator[bool]:
    """Yield whether each interval of one world holds the mean (or one new true effect)."""
    n, v, z = world(rng, k, tau)
    new, ones = rng.normal(MEAN, tau), np.ones((k, 1))
    fits = [
        regress(z, v, ones, ["mean"], method=method, knapp_hartung=kh)
        for method, kh in (("REML", False), ("REML", True), ("PM", True), ("DL", False))
    ]
    for fit in fits:
        yield fit.coefficients[0].low < MEAN < fit.coefficients[0].high
    true = float(z_to_r(MEAN)) if tau == 0 else _mean_r(tau)
    hs = bare_bones(z_to_r(z), n)
    yield hs.low < true < hs.high
    plain, mean = fits[0], fits[0].coefficients[0]
    for df in (inf, k - 2):
        found = predicted(mean.estimate, mean.se**2, plain.tau2, df)
        yield found.new_low <= new <= found.new_high


def _mean_r(tau: float) -> float:
    """Return the mean of tanh(z), by Gauss-Hermite: on r the mean is not tanh of the mean z."""
    x, w = np.polynomial.hermite_e.hermegauss(40)
    return float(w @ np.tanh(MEAN + tau * x) / w.sum())


def size(rng: np.random.Generator, k: int, tau: float) -> Iterator[bool]:
    """Yield whether nothing is called something: a moderator, and a mean in clusters of 5."""
    _, v, z = world(rng, k, tau)
    x = np.column_stack([np.ones(k), rng.normal(size=k)])
    for knapp_hartung in (False, True):
        yield regress(z, v, x, ["mean", "x"], knapp_hartung=knapp_hartung).coefficients[1].p < 0.05
    cluster = np.arange(k) // 5
    shared = rng.normal(0, tau, k // 5)[cluster] + rng.normal(0, tau / 2, k)
    y = shared + rng.normal(0, np.sqrt(v))
    yield regress(y, v, np.ones((k, 1)), ["mean"]).coefficients[0].p < 0.05
    yield three_level(y, v, cluster, t_test=True).coefficients[0].p < 0.05


def borrowing(rng: np.random.Generator, k: int, tau: float) -> Iterator[bool]:
    """Yield whether "together" holds the truth of one new organisation with an own se of .3."""
    _, v, z = world(rng, k, tau)
    fit = regress(z, v, np.ones((k, 1)), ["mean"])
    mean, tau_hat = fit.coefficients[0], fit.tau2**0.5
    prior = predictive(mean.estimate, tau_hat, mean.se)
    truth = rng.normal(MEAN, tau)
    mine = Own(float(rng.normal(truth, 0.3)), 0.3)
    yield _holds(Line(posterior(mine, prior)), truth)
    yield _holds(borrow(mine, prior).together, truth)
    other = rng.normal(0, 1)
    stranger = Own(float(rng.normal(other, 0.3)), 0.3)
    yield _holds(borrow(stranger, prior).together, other)
    yield _holds(Line(posterior(mine, predictive(mean.estimate, 0.0, mean.se))), truth)


def _holds(line: Line, truth: float) -> bool:
    low, high = line.interval()
    return low < truth < high


KINDS = {"coverage": coverage, "size": size, "borrow": borrowing}


def rows(name: str, worlds: int) -> Iterator[str]:
    """Yield the rows of one table."""
    for k in STUDIES:
        for tau in TAUS if name == "coverage" else TAUS[1:]:
            rng = np.random.default_rng([k, round(100 * tau), sorted(KINDS).index(name)])
            held = np.mean([list(KINDS[name](rng, k, tau)) for _ in range(worlds)], axis=0)
            yield f"| {k} | {tau} | " + " | ".join(f"{100 * h:.1f}" for h in held) + " |"


def table(head: str, body: list[str]) -> str:
    """Return one Markdown table; `head` names its columns, parted by commas."""
    names = head.split(", ")
    return "\n".join([f"| {' | '.join(names)} |", "|---" * len(names) + "|", *body])


def put(path: Path, name: str, text: str) -> None:
    """Replace what stands between the two marks of a table in a document."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = path.read_text("utf-8").partition(start)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf-8")


def main() -> None:
    """Simulate, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    for name in KINDS:
        body = list(rows(name, given.worlds))
        print(table(HEADS[name]["en"], body), "\n", flush=True)
        if given.write:
            put(DOCS / "meta.md", name, table(HEADS[name]["en"], body))
            italian = [row.replace(".", ",") for row in body]
            put(DOCS / "meta.it.md", name, table(HEADS[name]["it"], italian))


if __name__ == "__main__":
    main()
