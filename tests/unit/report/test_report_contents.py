"""The files of a release: their names, their bytes, what a machine reads in them."""

import io
import json
from dataclasses import replace

import pyarrow.csv
import pyarrow.parquet
from report_specimen import empty, few, files, long, nhs, shops

from anello.report import compose, terminal_rows

KEYS = {
    "claim", "level", "estimate", "standardised", "low", "high", "units", "waves", "n", "n_band",
    "design", "method", "grade", "verdict", "worth_acting_on", "sentence", "checks", "needs",
}  # fmt: skip


def evidence(release):
    return json.loads(files(release)["evidence.json"])


def changed(evidence):
    """The rows of a release with this evidence."""
    made = nhs()
    new = replace(made, value=replace(made.value, evidence=evidence))
    return json.loads(compose(new)["evidence.json"])


def test_a_release_has_every_file_in_both_languages():
    names = set(files(nhs))
    assert {"evidence.json", "report.html", "report.it.html", "board.pdf", "board.it.pdf"} <= names
    assert {"figures/chain.en.svg", "figures/chain.it.svg"} <= names
    assert {"figures/link-03-engagement-shmi.en.svg"} <= names
    for table in ("links", "variants", "unit_means", "quality", "drivers", "lags"):
        assert {f"tables/{table}.csv", f"tables/{table}.parquet"} <= names


def test_the_same_release_gives_the_same_bytes():
    for release in (nhs, shops, empty):
        assert compose(release()) == files(release)


def test_a_row_has_exactly_the_promised_keys():
    for row in evidence(nhs):
        assert set(row) == KEYS
        assert set(row["claim"]) == {"source", "target", "lag"}
        assert set(row["sentence"]) == {"en", "it"}
        assert row["needs"] is None or set(row["needs"]) == {"units", "waves", "reason"}
        assert all(set(check) == {"name", "status", "detail"} for check in row["checks"])


def test_keys_are_sorted_and_levels_stand_side_by_side():
    text = files(nhs)["evidence.json"].decode()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert [row["level"] for row in evidence(nhs)] == ["between", "within"] * 8


def test_what_is_not_a_number_is_null():
    made = nhs().value
    broken = replace(made.evidence[0], low=float("nan"), high=float("inf"))
    rows = changed((broken, *made.evidence[1:]))
    assert rows[0]["low"] is None
    assert rows[0]["high"] is None
    assert rows[11]["estimate"] is None
    assert rows[11]["verdict"] == "cannot_be_told"


def test_figures_of_units_keep_an_exact_n_and_people_come_in_bands():
    assert {(row["n"], row["n_band"]) for row in evidence(nhs)} >= {(1073, None)}
    assert (850, "850-899") in {(row["n"], row["n_band"]) for row in evidence(shops)}
    assert 860 not in {row["n"] for row in evidence(shops)}


def test_a_check_says_its_detail_in_words_and_numbers():
    checks = evidence(nhs)[5]["checks"]
    assert checks[1]["detail"] == "Engagement is reliable: 0.94 between units."


def test_numbers_have_twelve_digits():
    made = nhs().value
    long_number = replace(made.evidence[0], estimate=1 / 3)
    rows = changed((long_number,))
    assert rows[0]["estimate"] == 0.333333333333


def test_no_spreadsheet_takes_a_unit_for_a_formula():
    lines = files(nhs)["tables/unit_means.csv"].decode().splitlines()
    assert lines[0] == "measure,unit,wave,n_band,n,mean,code"
    assert lines[1] == "engagement,'=RJ1,2019,,412,3.8,"
    assert lines[2] == "shmi,RJ1,2019,,,,"


def test_negative_numbers_stay_numbers_in_csv():
    links = pyarrow.csv.read_csv(io.BytesIO(files(nhs)["tables/links.csv"])).to_pylist()
    assert links[3]["standardised"] == -0.65
    assert links[3]["verdict"] == "goes_together"


def test_parquet_and_csv_hold_the_same_rows():
    made = files(nhs)
    for name in ("links", "variants", "quality", "drivers", "lags"):
        parquet = pyarrow.parquet.read_table(io.BytesIO(made[f"tables/{name}.parquet"]))
        csv = made[f"tables/{name}.csv"].decode().splitlines()
        assert len(csv) == parquet.num_rows + 1
        assert csv[0].split(",") == parquet.column_names
        assert parquet.num_rows > 0


def test_people_are_banded_in_every_table():
    made = files(shops)
    quality = made["tables/quality.csv"].decode().splitlines()[1]
    assert quality.startswith("pride,2026-Q1,400-449,42,400,3,")
    assert "437" not in quality
    assert ",860," not in made["tables/links.csv"].decode()


def test_what_is_only_described_has_no_p():
    rows = pyarrow.csv.read_csv(io.BytesIO(files(few)["tables/links.csv"])).to_pylist()
    assert {row["verdict"] for row in rows} == {"described_only"}
    assert {row["p"] for row in rows} == {None}


def test_a_terminal_shows_a_heading_and_every_claim_at_both_levels():
    rows = terminal_rows(nhs(), "it")
    assert rows[0] == ("Legame", "Livello", "Verdetto", "Deviazioni standard", "n", "Trust")
    assert rows[6] == (
        "Coinvolgimento → Mortalità (SHMI)", "Dentro ogni Trust, nel tempo", "Non regge",
        "−0,01 [−0,11; 0,09]", "1.073", "144",
    )  # fmt: skip
    assert len(rows) == 17


def test_a_chain_of_forty_links_is_composed():
    assert len(evidence(long)) == 80
