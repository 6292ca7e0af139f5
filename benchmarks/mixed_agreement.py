"""How near the mixed models with several groups come to R, quantity by quantity.

    python benchmarks/mixed_agreement.py            prints the table
    python benchmarks/mixed_agreement.py --write    puts it into docs/reference/mixed.md

Compares with the stored outputs of tests/reference/mixed/several.R; no R is needed.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "tests" / "reference" / "mixed"
sys.path.insert(0, str(REFERENCE))

from several_rows import write  # noqa: E402

from anello.store.fit_lmm import fit_lmm  # noqa: E402

KINDS = {
    "log-likelihood": ("lme4", "relative"),
    "fixed effects": ("lme4", "in standard errors"),
    "standard errors": ("lme4", "relative"),
    "variance components": ("lme4", "relative to sigma^2 or to themselves, the larger"),
    "df, Satterthwaite": ("lmerTest", "relative"),
    "standard errors, Kenward-Roger": ("pbkrtest", "relative"),
    "df, Kenward-Roger": ("pbkrtest", "relative"),
    "standard errors, CR2": ("clubSandwich", "relative"),
    "df, CR2": ("clubSandwich", "relative"),
}


def listed(value: object) -> list[float]:
    return value if isinstance(value, list) else [value]


def away(mine: float, other: float) -> float:
    return abs(mine - other) / abs(other)


def differences(case: dict, path: str) -> dict[str, list[float]]:
    """Return every difference of one case."""
    said = {"ml": not case["reml"], "weights": case.get("weights") or None}
    ours = fit_lmm(case["formula"], path, **said)
    size = case["sigma"] ** 2
    fixed = list(
        zip(ours["fixed"], *(listed(case[k]) for k in ("estimate", "se", "df")), strict=True)
    )
    found = {
        "log-likelihood": [away(ours["loglik"], case["loglik"])],
        "fixed effects": [abs(m["estimate"] - b) / se for m, b, se, _ in fixed],
        "standard errors": [away(m["se"], se) for m, _, se, _ in fixed],
        "df, Satterthwaite": [away(m["df"], df) for m, _, _, df in fixed],
        "variance components": [
            abs(m["variance"] - o["vcov"]) / max(size, abs(o["vcov"]))
            for m, o in zip(ours["varcomp"], case["varcomp"], strict=True)
        ],
    }
    for key, name, options in (
        ("kr", "Kenward-Roger", {"df": "kr"}),
        ("cr2", "CR2", {"robust": "CR2"}),
    ):
        if case.get(f"{key}_se"):
            rows = fit_lmm(case["formula"], path, **said, **options)["fixed"]
            pairs = zip(rows, listed(case[f"{key}_se"]), listed(case[f"{key}_df"]), strict=True)
            both = [(away(m["se"], se), away(m["df"], df)) for m, se, df in pairs]
            found[f"standard errors, {name}"] = [one for one, _ in both]
            found[f"df, {name}"] = [other for _, other in both]
    return found


def table() -> str:
    """Return the table as Markdown."""
    cases = json.loads((REFERENCE / "several.json").read_text())["cases"]
    worst: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with TemporaryDirectory() as folder:
        for case in cases:
            path = str(write(case["data"], Path(folder)))
            for kind, values in differences(case, path).items():
                worst[kind] += values
    out = ["| quantity | beside | numbers | largest difference | |", "|---|---|---|---|---|"]
    for kind, (beside, how) in KINDS.items():
        out.append(f"| {kind} | {beside} | {len(worst[kind])} | {max(worst[kind]):.1e} | {how} |")
    return "\n".join(out)


def italian(text: str) -> str:
    """Return the table in Italian words, with decimal commas."""
    words = {
        "relative to sigma^2 or to themselves, the larger": "rispetto al maggiore fra sigma^2 e sé",
        "in standard errors": "in errori standard",
        "relative": "relativa",
        "standard errors": "errori standard",
        "log-likelihood": "log-verosimiglianza",
        "fixed effects": "effetti fissi",
        "variance components": "componenti della varianza",
        "quantity": "quantità",
        "beside": "accanto a",
        "numbers": "numeri",
        "largest difference": "differenza massima",
    }
    text = text.replace(".", ",")
    for english, other in words.items():
        text = text.replace(english, other)
    return text


def put(page: Path, text: str) -> None:
    """Write the table between its marks."""
    marked = re.compile(r"(<!-- agreement -->\n).*?(\n<!-- /agreement -->)", re.DOTALL)
    page.write_text(marked.sub(lambda m: m[1] + text + m[2], page.read_text("utf-8")), "utf-8")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--write", action="store_true")
    said = reader.parse_args()
    text = table()
    print(text)
    if said.write:
        put(ROOT / "docs" / "reference" / "mixed.md", text)
        put(ROOT / "docs" / "reference" / "mixed.it.md", italian(text))


if __name__ == "__main__":
    main()
