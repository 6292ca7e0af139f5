"""Parquet, spreadsheets, SPSS, Qualtrics and LimeSurvey, from the layouts of their makers."""

import datetime
import shutil
import zipfile
from pathlib import Path

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter
from rows_of import PERSON_LEVEL, chain, read, records, sales

from anello.listen import chain_file, sources
from anello.listen.sources import xlsx
from anello.model.errors import SourceError

SPECIMENS = Path(__file__).parent / "specimens"


def items(path: str, columns: str, unit: str = "shop", wave: str = "wave", more: str = "", **kw):
    """Return a chain of one person-level measure with the items named."""
    low, high = kw.get("low", 1), kw.get("high", 5)
    return chain_file.read_text(
        f"""
anello: 1
key: shops
units: {{column: "{unit}"{kw.get("units", "")}}}
waves: {{column: "{wave}"{kw.get("waves", "")}}}
sources: {{survey: {{path: "{path}", grain: person{more}}}}}
constructs: {{mood: {{side: employee}}}}
measures: {{mood: {{items: [{columns}], low: {low}, high: {high}, scoring: mean}}}}
links: []
"""
    )


# Parquet


def write_parquet(path, **columns):
    pq.write_table(pa.table(columns), path)


def test_parquet_is_queried_where_it_lies(tmp_path):
    write_parquet(
        tmp_path / "a.parquet", shop=[1, 2], wave=[2023.0, 2024.0], sales=[1.5, float("nan")]
    )
    rows = read(chain(source="path: a.parquet"), tmp_path)
    assert sales(rows) == {("1", "2023"): 1.5, ("2", "2024"): None}
    assert dict(rows.table.schema().items())["unit"].is_string()


def test_parquet_files_are_stacked_and_a_bad_row_is_found(tmp_path):
    write_parquet(tmp_path / "a.parquet", shop=["x"], wave=["1"], sales=[1.0])
    write_parquet(tmp_path / "b.parquet", shop=["y", "z"], wave=["1", "1"], sales=[1.0, 1e309])
    with pytest.raises(SourceError, match=r"^b\.parquet, row 2, column 'sales': 'inf'"):
        read(chain(source="path: '*.parquet'"), tmp_path)


def test_text_numbers_in_parquet_are_read_and_checked(tmp_path):
    write_parquet(tmp_path / "a.parquet", shop=["x", "y"], wave=["1", "1"], sales=[" 3 ", "4,5"])
    with pytest.raises(SourceError, match="row 2, column 'sales': '4,5' is not a number"):
        read(chain(source="path: a.parquet"), tmp_path)


def test_a_parquet_file_without_rows_is_called_empty(tmp_path):
    write_parquet(tmp_path / "a.parquet", shop=pa.array([], "string"), wave=[], sales=[])
    with pytest.raises(SourceError, match="is empty"):
        read(chain(source="path: a.parquet"), tmp_path)


# Spreadsheets


def write_xlsx(path, rows, name="Sheet1", first=0):
    with xlsxwriter.Workbook(path) as book:
        tab = book.add_worksheet(name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for i, row in enumerate(rows, start=first):
            for j, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    tab.write_datetime(i, j, cell, day)
                elif cell is not None:
                    tab.write(i, j, cell)


def test_a_spreadsheet_is_read_with_its_dates(tmp_path):
    days = [datetime.date(2024, 1, 31), datetime.date(2024, 4, 1)]
    write_xlsx(tmp_path / "a.xlsx", [["shop", "day", "sales"], ["Bari", days[0], 3],
                                     [7, days[1], "4.5"]])  # fmt: skip
    found = chain(source="path: a.xlsx, wave: day", waves=", every: quarter")
    assert sales(read(found, tmp_path)) == {("Bari", "2024-Q1"): 3.0, ("7", "2024-Q2"): 4.5}


def test_a_row_of_a_spreadsheet_is_named_as_the_program_numbers_it(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["shop", "wave", "sales"], ["Bari", 1, 3], [],
                                     ["Roma", 1, "none"]], first=2)  # fmt: skip
    with pytest.raises(SourceError, match=r"^a\.xlsx, row 6, column 'sales': 'none'"):
        read(chain(source="path: a.xlsx"), tmp_path)


def test_a_title_above_the_columns_is_explained(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["Sales of our shops"], ["shop", "wave", "sales"],
                                     ["Bari", 1, 3]])  # fmt: skip
    with pytest.raises(SourceError, match="column names stand in row 2, below a title"):
        read(chain(source="path: a.xlsx"), tmp_path)


def test_an_unknown_sheet_is_answered_with_those_there_are(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["shop", "wave", "sales"], ["Bari", 1, 3]], name="Till")
    with pytest.raises(SourceError, match=r"no sheet 'Shops'; its sheets are: Till\."):
        read(chain(source="path: a.xlsx, sheet: Shops"), tmp_path)
    assert read(chain(source="path: a.xlsx, sheet: Till"), tmp_path).rows == 1


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_BYTES", 20 << 20)
    with (
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file,
    ):
        for _ in range(21):
            file.write(b" " * (1 << 20))
    assert (tmp_path / "a.xlsx").stat().st_size < 1 << 16
    with pytest.raises(SourceError, match="unpacks to more than a spreadsheet should hold"):
        read(chain(source="path: a.xlsx"), tmp_path)


def test_one_cell_in_the_far_corner_does_not_fill_the_memory(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().write(1_048_575, 16_383, "far")
    with pytest.raises(SourceError, match="unpacks to more than a spreadsheet should hold"):
        read(chain(source="path: a.xlsx"), tmp_path)


# SPSS


def test_values_declared_missing_in_spss_are_missing():
    found = items("simple_alltypes.sav", "x, z", "bool3", "bool3", low=0, high=10)
    rows = records(read(found, SPECIMENS / "spss"))
    assert [r["x"] for r in rows] == [1, 2, 3, 4, None, 9]  # 8 is declared missing
    assert [r["z"] for r in rows] == [None, None, 1.234, None, 3.14159, None]  # -999 to 0, 999


def test_a_labelled_item_stays_a_number(tmp_path):
    found = items("sample.zsav", "myord", "mychar", "mylabl")
    assert [r["myord"] for r in records(read(found, SPECIMENS / "spss"))] == [1, 2, 3, 1, 1]


def test_labels_name_units_and_groups_but_never_replace_keys(tmp_path):
    labels = {"shop": {1.0: "Milano", 2.0: "Roma"}, "area": {1.0: "North", 2.0: "South"}}
    write_sav(tmp_path / "a.sav", labels, shop=[1, 2], wave=[2024, 2024], area=[1, 2], q1=[4, 5])
    rows = records(read(items("a.sav", "q1", units=", peers: area"), tmp_path))
    assert rows[1] == {"unit": "2", "wave": "2024", "area": "South", "unit_name": "Roma", "q1": 5.0}


def test_two_codes_with_one_label_keep_their_codes(tmp_path):
    labels = {"area": {1.0: "Other", 2.0: "Other"}}
    write_sav(tmp_path / "a.sav", labels, shop=[1, 2], wave=[2024, 2024], area=[1, 2], q1=[4, 5])
    rows = records(read(items("a.sav", "q1", units=", peers: area"), tmp_path))
    assert [r["area"] for r in rows] == ["1", "2"]


def write_sav(path, labels, **columns):
    frame = pandas.DataFrame({name: [float(v) for v in vs] for name, vs in columns.items()})
    pyreadstat.write_sav(frame, path, variable_value_labels=labels)


def test_something_called_sav_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "a.sav").write_bytes(b"shop,wave,q1\n1,2,3\n")
    with pytest.raises(SourceError, match=r"^a\.sav cannot be read: "):
        read(items("a.sav", "q1"), tmp_path)


# Qualtrics


def test_a_qualtrics_export_is_known_by_its_headers():
    rows = read(items("sample.csv", "Q1", "UserLanguage", "ResponseId"), SPECIMENS / "qualtrics")
    assert [(r["unit"], r["Q1"]) for r in records(rows)] == [("DE", 2.0)]
    assert sources.kind_of(rows.source, SPECIMENS / "qualtrics") == "qualtrics"


def test_the_older_layout_has_two_header_rows():
    found = items("sample_legacy.csv", "Q1", "V3", "V2")
    rows = read(found, SPECIMENS / "qualtrics")
    assert [(r["unit"], r["Q1"]) for r in records(rows)] == [("Anonym", 2.0)]


QUALTRICS = """Status,shop,wave,q1,q2
Antworttyp,Where do you work?,"When,
was it?",Happy?,Proud?
"{""ImportId"":""status""}","{""ImportId"":""shop""}","{""ImportId"":""wave""}",x,y
IP Address,Roma,2024,4,5
Survey Preview,Roma,2024,1,1
1,Roma,2024,1,1
IP Address,Roma,2024,3,Agree
"""


def test_previews_and_tests_are_no_answers(tmp_path):
    (tmp_path / "a.csv").write_text(QUALTRICS.replace("Agree", ""))
    rows = read(chain(PERSON_LEVEL, source="path: a.csv"), tmp_path)
    assert [(r["q1"], r["q2"]) for r in records(rows)] == [(4.0, 5.0), (3.0, None)]
    assert rows.notes == ("2 rows are previews or tests and were left out.",)
    assert rows.notes[0].text("it").startswith("2 righe sono anteprime")


def test_choice_text_is_answered_with_the_setting_to_change(tmp_path):
    (tmp_path / "a.csv").write_text(QUALTRICS)
    with pytest.raises(SourceError, match=r"row 7, column 'q2': 'Agree' .* 'Use numeric values'"):
        read(chain(PERSON_LEVEL, source="path: a.csv"), tmp_path)


# LimeSurvey


def test_answer_codes_become_numbers_by_the_structure_beside():
    found = items("survey.csv", "'Q02[SQ001]', 'Q02[SQ002]'")
    rows = read(found, SPECIMENS / "limesurvey")
    answers = [(r["unit"], r["Q02[SQ001]"], r["Q02[SQ002]"]) for r in records(rows)]
    assert answers == [("Milano", 1.0, 5.0), ("Roma", 3.0, 4.0), ("Roma", None, 2.0)]
    assert rows.notes == (
        "The answers AO01 to AO05 of Q02 were read as 1 to 5, as survey.lss lists them.",
        "1 row was never submitted and was left out.",
    )


def test_without_the_structure_an_answer_code_is_refused_with_advice(tmp_path):
    shutil.copy(SPECIMENS / "limesurvey" / "survey.csv", tmp_path)
    found = items("survey.csv", "'Q02[SQ001]', 'Q02[SQ002]'")
    with pytest.raises(SourceError, match=r"row 2, .*'AO01' is not a number\. Put the survey's"):
        read(found, tmp_path)


def test_the_structure_counts_in_the_fingerprint(tmp_path):
    for name in ("survey.csv", "survey.lss"):
        shutil.copy(SPECIMENS / "limesurvey" / name, tmp_path)
    found = items("survey.csv", "'Q02[SQ001]', 'Q02[SQ002]'")
    first = read(found, tmp_path).fingerprint
    text = (tmp_path / "survey.lss").read_text()
    (tmp_path / "survey.lss").write_text(text.replace("AO01", "AO09"))
    with pytest.raises(SourceError, match="'AO01' is not a number"):
        read(found, tmp_path)
    (tmp_path / "survey.lss").write_text(text + "\n")
    assert read(found, tmp_path).fingerprint != first


BOMB = """<?xml version="1.0"?><!DOCTYPE document [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<document><answers><rows><row><code>&c;</code></row></rows></answers></document>"""


@pytest.mark.parametrize("text", [BOMB, "<document>", "<other/>", "", "\0\0"])
def test_a_structure_file_that_is_none_or_a_bomb_is_refused(tmp_path, text):
    shutil.copy(SPECIMENS / "limesurvey" / "survey.csv", tmp_path)
    (tmp_path / "survey.lss").write_text(text)
    with pytest.raises(SourceError, match=r"^survey\.lss is not a survey structure of LimeSurvey"):
        read(items("survey.csv", "'Q02[SQ001]', 'Q02[SQ002]'"), tmp_path)
