"""Re-type the Civil Service People Survey into `data/org_year.csv`: one organisation, one year.

Reads `uk_civil_service_2009_2022/people_survey_org_item_long.parquet` from the folder named by
ANELLO_REFERENCE_DATA. What is known to go wrong here, and what is done about it:

- 2016 stands under codes (`EES`, `mw_ts`, ...), other years under wordings that change nearly every
  year: `THEMES` names them all, and a year without one of them stops the script.
- Rows of the whole Civil Service ("benchmark (median)", "mean score") sit among the organisations:
  dropped. Rows of a group that repeat its members stay, marked `kind = group`.
- The same organisation is spelled in several ways, and codes exist since 2016 alone: names are
  compared without case and punctuation, and `names.csv` lists every further variant with the reason
  (spelling, wording, or the same published code). Departments that were split, merged or given
  another remit keep their own names and start anew.

Run it as `ANELLO_REFERENCE_DATA=... python examples/civil_service/retype.py`; the same input gives
the same bytes.
"""

import csv
import os
import re
import sys
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq

HERE = Path(__file__).parent
THEMES = {
    "engagement_index": r"ees$|(employee )?engagement index",
    "my_work": r"mw_ts|my work",
    "objectives_purpose": r"op_ts|organisational objectives",
    "my_manager": r"lm_ts|my (line )?manager",
    "my_team": r"mt_ts|my team",
    "learning_development": r"ld_ts|learning and development( theme|$)",
    "inclusion_treatment": r"if_ts|inclusion and fair",
    "resources_workload": r"rw_ts|resources and workload",
    "pay_benefits": r"pb_ts|pay and benefits",
    "leadership_change": r"lc_ts|leadership and managing",
    "response_rate": r"response.rate",
}
WHOLE = re.compile(r"civil service.*benchmark|all civil servants")
GROUP = re.compile(r"\bgroup\b.*|including agencies|including ons")
NOT_GROUP = {"child maintenance group", "defence support group"}  # names of single bodies


def plain(name: str) -> str:
    """Return a name without case, punctuation and `&`, as the key under which variants meet.

    >>> plain("Department for Digital, Culture, Media & Sport")
    'department for digital culture media and sport'
    """
    return re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("&", " and ")).strip()


def theme_of(label: str) -> str | None:
    """Return the column that a published label belongs to, or None.

    >>> theme_of("EES"), theme_of("My line manager theme score (B09-B18 average)")
    ('engagement_index', 'my_manager')
    >>> theme_of("B01. I am interested in my work (% strongly agree or agree)")
    """
    return next((k for k, p in THEMES.items() if re.match(p, label, re.IGNORECASE)), None)


def variants(path: Path) -> dict[str, str]:
    """Return variant -> the name it is gathered under, from `names.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["variant"]: row["organisation"] for row in csv.DictReader(file)}


def gather(path: Path) -> dict[tuple[str, int], dict[str, float]]:
    """Return (name as published, year) -> column -> figure, the whole Civil Service left out."""
    table = pq.read_table(path, columns=["year", "organisation", "question_measure", "value"])
    found: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
    for row in table.to_pylist():
        theme = theme_of(row["question_measure"])
        if theme is None or WHOLE.match(plain(row["organisation"])):
            continue
        cells = found[row["organisation"], row["year"]]
        if theme in cells:
            sys.exit(f"{row['organisation']}, {row['year']}: {theme} stands twice.")
        cells[theme] = row["value"]
    for (name, year), cells in found.items():
        if missing := set(THEMES) - {"response_rate"} - set(cells):
            sys.exit(f"{name}, {year}: no {', '.join(sorted(missing))}.")
    return found


def retype(source: Path, names: Path, target: Path) -> int:
    """Write the extract, sorted by organisation and year, and return its number of rows."""
    found, known = gather(source), variants(names)
    latest: dict[str, tuple[int, str]] = {}
    for name, year in found:
        key = plain(known.get(plain(name), name))
        latest[key] = max(latest.get(key, (0, "")), (year, known.get(plain(name), name)))
    lines = {}
    for (name, year), cells in found.items():
        key = plain(known.get(plain(name), name))
        kind = "group" if GROUP.search(key) and key not in NOT_GROUP else "organisation"
        if (key, year) in lines:
            sys.exit(f"{name}, {year}: two rows for one organisation; look at names.csv.")
        figures = [f"{cells[c]:.4f}" if c in cells else "" for c in THEMES]
        published = " ".join(name.split())
        lines[key, year] = [key.replace(" ", "_"), year, latest[key][1], published, kind, *figures]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["org", "year", "organisation", "name_that_year", "kind", *THEMES])
        writer.writerows(lines[key] for key in sorted(lines))
    return len(lines)


if __name__ == "__main__":
    folder = os.environ.get("ANELLO_REFERENCE_DATA")
    if not folder:
        sys.exit("Set ANELLO_REFERENCE_DATA to the folder that holds uk_civil_service_2009_2022.")
    parquet = Path(folder) / "uk_civil_service_2009_2022/people_survey_org_item_long.parquet"
    written = retype(parquet, HERE / "names.csv", HERE / "data/org_year.csv")
    print(f"data/org_year.csv: {written} rows")
