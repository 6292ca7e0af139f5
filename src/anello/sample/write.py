"""Write the pretend company as a person would hold it: two surveys, a till, a chain, the truth."""

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import OutputError, unwritten

from . import drivers, shifts
from .company import Company, Plan, live
from .people import Array, Codes, blank
from .truth import BUSY, PLANTED

CHAIN = Path(__file__).with_name("chain.yaml")
DRIVERS = Path(__file__).with_name("drivers.yaml")
SHIFTS = Path(__file__).with_name("shifts.yaml")
STAFF = ("w1", "w2", "w3", "e1", "e2", "e3", "e4", "f1")
CUSTOMERS = ("c1", "c2", "s1", "s2", "recommend")
EMPTY = 0.03


def pretend(folder: Path, seed: int = 1, plan: Plan | None = None) -> Path:
    """Write a pretend company into the new `folder` and return the path of its chain file.

    `employees.csv` and `customers.csv` hold one answer sheet a row, `money.csv` one shop and week,
    `truth.json` what was planted. The same seed and plan give the same bytes; a failure leaves
    nothing behind. Raises `OutputError` when the folder exists or cannot be written.
    """
    plan = plan or Plan()
    rng = np.random.default_rng(seed)
    company = live(plan, rng)
    files = {
        "employees.csv": _table(("shop", "week", *STAFF), _staff(company, rng)),
        "customers.csv": _table(("shop", "week", *CUSTOMERS), _customers(company, rng)),
        "money.csv": _table(("shop", "week", "sales", "leavers"), _money(company)),
        "truth.json": _truth(plan, seed),
        "chain.yaml": CHAIN.read_text(encoding="utf-8").replace("seed: 1", f"seed: {seed}", 1),
    }
    _publish(files, folder)
    return folder / "chain.yaml"


def diary(folder: Path, seed: int = 1, roster: drivers.Roster | None = None) -> Path:
    """Write the bus drivers' diary into the new `folder` and return the path of its chain file.

    `diary.csv` holds one answered prompt a row, `truth.json` what was planted. The same seed and
    roster give the same bytes; a failure leaves nothing behind. Raises `OutputError`.
    """
    roster = roster or drivers.Roster()
    rng = np.random.default_rng(seed)
    header = ("driver", "depot", "day", "prompt", *drivers.ASKED)
    text = json.dumps(drivers.truth(roster, seed), indent=2, ensure_ascii=False)
    files = {
        "diary.csv": _table(header, drivers.rows(roster, rng)),
        "truth.json": text + "\n",
        "chain.yaml": DRIVERS.read_text(encoding="utf-8").replace("seed: 1", f"seed: {seed}", 1),
    }
    _publish(files, folder)
    return folder / "chain.yaml"


def rota(folder: Path, seed: int = 1, plan: shifts.Rota | None = None) -> Path:
    """Write the pretend cafes' shifts into the new `folder` and return the path of its chain file.

    `shifts.csv` holds one person on one shift a row, `guests.csv` one guest a row, `truth.json`
    what was planted. The same seed and plan give the same bytes; a failure leaves nothing behind.
    Raises `OutputError`.
    """
    plan = plan or shifts.Rota()
    text = json.dumps(shifts.truth(plan, seed), indent=2, ensure_ascii=False)
    files = {
        "shifts.csv": _table(shifts.COLUMNS, shifts.rows(plan, np.random.default_rng(seed))),
        "guests.csv": _table(shifts.GUESTS, shifts.guests(plan, np.random.default_rng(seed))),
        "truth.json": text + "\n",
        "chain.yaml": SHIFTS.read_text(encoding="utf-8").replace("seed: 1", f"seed: {seed}", 1),
    }
    _publish(files, folder)
    return folder / "chain.yaml"


STUDIES = {"company": pretend, "drivers": diary, "shifts": rota}
"""What can be written, by name; each takes a new folder and a seed."""


def shop_name(j: int) -> str:
    """Return the code of the j-th shop.

    >>> shop_name(0)
    'S01'
    """
    return f"S{j + 1:02d}"


def week_name(t: int) -> str:
    """Return the ISO week of the t-th wave; the company opens with 2025.

    >>> week_name(0), week_name(52)
    ('2025-W01', '2026-W01')
    """
    year, week, _ = (date(2024, 12, 30) + timedelta(weeks=t)).isocalendar()
    return f"{year}-W{week:02d}"


def _staff(company: Company, rng: np.random.Generator) -> Iterable[Sequence[str]]:
    for t, week in enumerate(company.weeks):
        answering = rng.random(len(week.staff)) < company.plan.answering
        yield from _sheets(t, company.staff.shop, blank(week.staff, EMPTY, rng), answering)


def _customers(company: Company, rng: np.random.Generator) -> Iterable[Sequence[str]]:
    for t, week in enumerate(company.weeks):
        sheets = blank(week.customers, EMPTY, rng)
        yield from _sheets(t, company.guests, sheets, np.ones(len(sheets), dtype=bool))


def _sheets(
    t: int, shop: Codes, ticks: Array, answering: NDArray[np.bool_]
) -> Iterable[Sequence[str]]:
    for j, row in zip(shop[answering], ticks[answering], strict=True):
        yield [shop_name(int(j)), week_name(t), *("" if np.isnan(x) else f"{x:.0f}" for x in row)]


def _money(company: Company) -> Iterable[Sequence[str]]:
    for t, week in enumerate(company.weeks):
        for j, (sales, leavers) in enumerate(zip(week.sales, week.leavers, strict=True)):
            yield [shop_name(j), week_name(t), f"{sales:.2f}", f"{leavers:.2f}"]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _truth(plan: Plan, seed: int) -> str:
    content = {
        "seed": seed,
        "plan": asdict(plan),
        "unit_of_effect": "units of the target for one unit of the source",
        "links": [asdict(planted) for planted in PLANTED],
        "busy_week": {
            "what": "one SD busier: the same in all shops, added to the target of each link",
            "effects": BUSY,
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _publish(files: dict[str, str], folder: Path) -> None:
    """Write all files as a new folder, or nothing."""
    if folder.exists():
        raise OutputError(
            "{folder} exists already; name a new folder for the pretend company.", folder=folder
        )
    part: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8", newline="\n")
        part.chmod(0o755)
        os.replace(part, folder)
    except OSError as error:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        raise OutputError(
            "{folder} cannot be written: {reason}. Choose a folder of yours.",
            folder=folder, reason=unwritten(error),
        ) from error  # fmt: skip
