"""Six shops, a till and a staff list: from two files to one live link, described and not judged."""

import csv
import json
import os
import random
import subprocess
import sys

import pypdf
import pytest

SHOPS, MONTHS = "ABCDEF", [f"2024-{m:02}" for m in range(1, 13)]


def anello(*words, cwd):
    return subprocess.run(
        [sys.executable, "-c", "from anello.cli import main; main()", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "ANELLO_LANG": "en"},
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("shops")
    draw = random.Random(1)
    cells = [(shop, month, draw.randint(0, 4)) for shop in SHOPS for month in MONTHS]
    till = "".join(f"{s},{m},{900 - 40 * n + draw.randint(0, 90)}\n" for s, m, n in cells)
    staff = "".join(f"{s},{m},{n}\n" for s, m, n in cells)
    (place / "till.csv").write_text("shop,month,sales\n" + till)
    (place / "staff.csv").write_text("shop,month,leavers\n" + staff)
    for words in (
        ("init", "staff.csv", "till.csv", "--out", "chain.yaml", "--yes"),
        ("run", "chain.yaml", "--out", "release"),
    ):
        done = anello(*words, cwd=place)
        assert done.returncode == 0, done.stderr
    return place


def evidence(place):
    return json.loads((place / "release" / "evidence.json").read_text())


def test_two_files_become_one_live_link_that_is_described_only(place):
    rows = evidence(place)
    assert {(r["claim"]["source"], r["claim"]["target"]) for r in rows} == {("leavers", "sales")}
    assert {r["verdict"] for r in rows} == {"described_only"}


def test_the_picture_n_and_what_would_be_needed_are_there(place):
    assert all((r["units"], r["waves"], r["n"]) == (6, 12, 72) for r in evidence(place))
    assert all(r["needs"]["units"] == 4 for r in evidence(place))
    assert (place / "release" / "figures" / "chain.en.svg").is_file()


def test_no_limit_is_given_for_what_is_not_judged(place):
    assert all(r["low"] is None and r["high"] is None for r in evidence(place))


def test_no_p_stands_in_any_table_of_the_release(place):
    for path in sorted((place / "release" / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found = {k: row[k] for k in ("p", "q", "low", "high") if row.get(k)}
                assert not found, path.name


def test_no_sheet_of_the_release_speaks_of_p(place):
    release = place / "release"
    texts = [p.read_text("utf-8") for p in sorted(release.rglob("*.html"))]
    texts += [p.read_text("utf-8") for p in sorted(release.rglob("*.svg"))]
    for path in sorted(release.glob("*.pdf")):
        texts += [page.extract_text() for page in pypdf.PdfReader(path).pages]
    assert len(texts) >= 6
    for text in texts:
        for sign in ("p =", "p=", "p <", "p-value", "p value", "valore p", "significan"):
            assert sign not in text.lower()
