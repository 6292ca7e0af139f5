"""May the means of a measure be compared over its waves? Every run asks, and says so."""

import csv
import json
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest

from anello import run
from anello.model.errors import RefusedError
from anello.model.evidence import PASS, WARN, Level
from anello.model.invariance import Alike
from anello.protect import ledger
from anello.protect.ledger import Keeper
from anello.store.fit_invariance import fit_invariance

ITEMS = ("c1", "c2", "c3", "c4")
CHAIN = """
anello: 1
key: climate
title: {en: Climate, it: Clima}
units: {column: shop, label: {en: [shop, shops], it: [negozio, negozi]}}
waves: {column: year, label: {en: [year, years], it: [anno, anni]}}
sources:
  staff: {path: staff.csv, grain: person}
  till: {path: till.csv, grain: unit}
constructs:
  climate: {side: employee, label: {en: Climate, it: Clima}}
  sales: {side: money, label: {en: Sales, it: Vendite}}
measures:
  climate: {source: staff, items: [c1, c2, {column: c3, reversed: true}, c4], low: 1, high: 5}
  sales: {source: till, column: sales}
links:
  - sales ~ climate
"""
SHOPS = [f"s{j:02}" for j in range(20)]


def staff(years=(2023, 2024, 2025), each=15, moved=0.0, seed=4):
    """Return the ticks of `each` people in 20 shops; `moved` changes c4 in the last year alone."""
    rng = np.random.default_rng(seed)
    rows = []
    for year in years:
        for shop in SHOPS:
            for _ in range(each):
                mood = rng.normal()
                felt = 3 + 0.8 * mood + 0.7 * rng.normal(size=4)
                felt[3] += moved * (year == years[-1])
                ticks = np.clip(np.round(felt), 1, 5).astype(int).tolist()
                ticks[2] = 6 - ticks[2]
                rows.append({"shop": shop, "year": year, **dict(zip(ITEMS, ticks, strict=True))})
    return rows


def write(folder, rows, chain=CHAIN):
    folder.mkdir(exist_ok=True)
    (folder / "chain.yaml").write_text(chain, encoding="utf-8")
    rng = np.random.default_rng(1)
    years = sorted({row["year"] for row in rows})
    sales = [
        {"shop": s, "year": y, "sales": round(rng.normal(50, 5), 2)} for y in years for s in SHOPS
    ]
    for name, listed in (("staff.csv", rows), ("till.csv", sales)):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(listed[0]))
            writer.writeheader()
            writer.writerows(listed)
    return folder / "chain.yaml"


def find(path):
    heard = run.listen(path)
    return run.find(heard, keeper=run.keeping(heard.chain, heard.folder))


def status(found, level):
    [row] = [e for e in found.evidence if e.level is level]
    return {c.name: c.status for c in row.checks}.get("invariance")


def test_a_question_asked_otherwise_in_the_last_year_is_noticed_where_change_is_looked_at(tmp_path):
    found = find(write(tmp_path, staff(moved=0.8)))
    [told] = found.invariance
    assert (told.measure, told.over, told.groups) == ("climate", "waves", ("2023", "2024", "2025"))
    assert told.level is Alike.METRIC
    assert status(found, Level.WITHIN) == WARN
    assert status(found, Level.BETWEEN) is None


def test_the_same_questions_pass(tmp_path):
    found = find(write(tmp_path, staff()))
    assert [told.level for told in found.invariance] == [Alike.SCALAR]
    assert status(found, Level.WITHIN) == PASS
    assert status(found, Level.BETWEEN) is None


def test_the_figures_are_those_that_a_reader_of_the_rows_would_fit(tmp_path):
    rows = staff(moved=0.3)
    [told] = find(write(tmp_path / "chain", rows)).invariance
    for row in rows:
        row["c3"] = 6 - row["c3"]
    write(tmp_path / "rows", rows)
    by_hand = fit_invariance(
        "f =~ c1 + c2 + c3 + c4", str(tmp_path / "rows" / "staff.csv"), group="year"
    )
    for step, expected in zip(told.steps, by_hand["steps"][:3], strict=True):
        assert step.name == expected["name"]
        assert step.df == expected["df"]
        assert step.chisq == pytest.approx(expected["chisq"], abs=1e-8)
        assert step.cfi == pytest.approx(expected["cfi"], abs=1e-8)
        assert step.rmsea == pytest.approx(expected["rmsea"], abs=1e-8)
        assert step.delta_cfi == (
            None if step.name == "configural" else pytest.approx(expected["delta_cfi"], abs=1e-8)
        )


def test_a_year_of_fewer_than_a_hundred_complete_answers_is_not_compared(tmp_path):
    rows = staff(each=5)
    assert [told.groups for told in find(write(tmp_path / "all", rows)).invariance] == [
        ("2023", "2024", "2025")
    ]
    for row in rows:
        if row["year"] == 2024 and row["shop"] == "s00":
            row["c1"] = ""
    assert [told.groups for told in find(write(tmp_path / "less", rows)).invariance] == [
        ("2023", "2025")
    ]


def test_a_single_year_and_small_ones_are_asked_nothing(tmp_path):
    one = find(write(tmp_path / "one", staff(years=(2025,))))
    small = find(write(tmp_path / "small", [r for r in staff() if r["shop"] < "s06"]))
    assert (one.invariance, small.invariance) == ((), ())
    assert status(small, Level.WITHIN) is None


def test_what_the_ledger_refuses_is_left_out(tmp_path):
    path = write(tmp_path, staff())
    heard = run.listen(path)
    asked = []

    class Strict(Keeper):
        def admit(self, candidates):
            what = " ".join(c.what for c in candidates)
            asked.append(what)
            if "means of the items" in what and candidates[0].wave == "staff/2024":
                raise RefusedError("it would tell too much.")
            return super().admit(candidates)

    keeper = run.keeping(heard.chain, heard.folder)
    found = run.find(heard, keeper=Strict(keeper.folder, keeper.promise, keeper.day))
    assert any("means of the items" in what for what in asked)
    assert [told.groups for told in found.invariance] == [("2023", "2025")]
    assert all(q.alpha is not None for q in found.quality if q.measure == "climate")


def test_two_who_left_one_question_out_close_their_year(tmp_path):
    rows = staff()
    for row in rows[:2]:
        row["c1"] = ""
    found = find(write(tmp_path, rows))
    assert [told.groups for told in found.invariance] == [("2024", "2025")]


def test_two_who_answered_nothing_at_all_close_nothing(tmp_path):
    rows = staff()
    for row in rows[:2]:
        row.update(dict.fromkeys(ITEMS, ""))
    found = find(write(tmp_path, rows))
    assert [told.groups for told in found.invariance] == [("2023", "2024", "2025")]
    assert {q.wave for q in found.quality if q.alpha is not None} == {"2023", "2024", "2025"}


def test_every_year_stands_in_the_ledger_before_it_is_compared(tmp_path):
    found = find(write(tmp_path, staff()))
    lines = {row.wave: row.what for row in ledger.read(tmp_path / "ledger").rows if row.allowed}
    assert len(found.invariance) == 1
    told = [what for what in lines.values() if "climate: means of the items" in what]
    assert len(told) == 3


def test_invariance_that_passed_no_ledger_is_not_released(tmp_path):
    found = find(write(tmp_path, staff()))
    bare = run.replace(found, means=(), quality=(), ledger=())
    with pytest.raises(RefusedError, match="did not pass the ledger"):
        run.release(bare)


def test_the_page_the_table_and_the_evidence_say_it_in_both_languages(tmp_path):
    path = write(tmp_path, staff(moved=0.8))
    release = run.run(path, tmp_path / "release").folder.path
    english = (release / "report.html").read_text("utf-8")
    assert "Climate: some of the questions were answered higher or lower in one wave" in english
    assert "(3 years)" in english
    assert "equal loadings and intercepts" in english
    italian = (release / "report.it.html").read_text("utf-8")
    assert "Clima: da una rilevazione all’altra (3 anni) a qualche domanda" in italian
    assert "saturazioni e intercette uguali" in italian
    table = pq.read_table(release / "tables" / "invariance.parquet").to_pylist()
    assert [(row["step"], row["level"], row["n_band"]) for row in table] == [
        (step, "metric", "900-949") for step in ("configural", "metric", "scalar")
    ]
    assert table[2]["cfi_change"] < -0.01
    assert {(row["n"], row["least"], row["groups"]) for row in table} == {(900, 300, 3)}
    evidence = json.loads((release / "evidence.json").read_text("utf-8"))
    said = [
        check["name"] for row in evidence for check in row["checks"] if row["level"] == "within"
    ]
    assert "invariance" in said


def test_the_same_answers_give_the_same_bytes(tmp_path):
    path = write(tmp_path, staff(moved=0.8))
    first = run.run(path, tmp_path / "first").folder.path
    again = run.run(path, tmp_path / "again").folder.path
    for name in sorted(p.relative_to(first) for p in first.rglob("*") if p.is_file()):
        assert (first / name).read_bytes() == (again / name).read_bytes(), name


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "the questions were understood alike from wave to wave (3 years)"),
        ("it", "le domande sono state capite allo stesso modo"),
    ],
)
def test_the_terminal_says_it_before_anything_is_released(tmp_path, language, sentence):
    write(tmp_path, staff())
    done = subprocess.run(
        [sys.executable, "-c", "from anello.cli import main; main()", "check", "chain.yaml",
         "--lang", language],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert sentence in done.stdout
