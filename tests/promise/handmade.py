"""Releases made by hand: the answers stand in the test, the folder looks like a released one."""

import csv
import io
import json
from pathlib import Path

from anello.model.disclosure import band
from anello.report import folder

SCALE = {"scoring": "mean", "low": 1, "high": 5, "items": 1, "min_items": 1, "weighted": False}


def mean_of(answers) -> float:
    return float(f"{sum(answers) / len(answers):.12g}")


def row(unit, answers, wave="2026", measure="pay", code=""):
    """Return one line of the table of unit means; `code` turns the mean into its bound."""
    low, high = band(len(answers))
    value = {"": mean_of(answers), "or more": 4.5, "or less": 1.5}[code]
    return {"measure": measure, "unit": unit, "wave": wave, "n_band": f"{low}-{high}", "n": low,
            "mean": value, "code": code}  # fmt: skip


def release(path: Path, rows, quality=(), scale=SCALE) -> Path:
    """Write a release with these lines and return its folder."""
    files = {
        "evidence.json": b"[]\n",
        "tables/unit_means.csv": _table(rows),
        "tables/quality.csv": _table(quality),
    }
    sums = {name: folder._sha256(data) for name, data in files.items()}
    told = dict.fromkeys({r["measure"] for r in rows}, scale) if scale else {}
    manifest = {
        "title": {"en": "By hand", "it": "A mano"},
        "labels": {"pay": {"en": "Pay", "it": "Paga"}},
        "units": {"en": "teams", "it": "squadre"},
        "fingerprint": "0" * 64, "gate": "by hand", "tried": 0, "k": 5, "scales": told,
        "files": sums,
    }  # fmt: skip
    files["manifest.json"] = json.dumps(manifest).encode()
    folder.publish(files, path)
    return path


def _table(rows) -> bytes:
    if not rows:
        return b""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def staff(path: Path, lines) -> Path:
    """Write a staff list from mappings of column to value."""
    path.write_bytes(_table(lines))
    return path
