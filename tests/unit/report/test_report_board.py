"""The board's sheet: one page of A4 that can be read aloud, whatever the chain."""

import io

import pytest
from pypdf import PdfReader
from report_specimen import empty, few, files, long, nhs, shops

from anello.report.board import sheet
from anello.report.reading import Reading


def read(release, language="en"):
    made = release()
    return PdfReader(io.BytesIO(sheet(Reading(made.value, made.gate, language))))


def words(pdf):
    return " ".join(pdf.pages[0].extract_text().split())


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("release", [nhs, shops, few, long, empty])
def test_the_sheet_is_one_page_of_a4(release, language):
    pdf = read(release, language)
    assert len(pdf.pages) == 1
    assert [round(float(x)) for x in pdf.pages[0].mediabox[2:]] == [595, 842]


def test_two_compositions_give_the_same_bytes_and_no_date():
    made = nhs()
    first, second = (sheet(Reading(made.value, made.gate)) for _ in range(2))
    assert first == second
    assert "/CreationDate" not in (PdfReader(io.BytesIO(first)).metadata or {})


def test_the_sheet_can_be_read_aloud():
    pdf = read(nhs, "it")
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "it"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert pdf.metadata.title == "Trust ospedalieri in Inghilterra · Anello"


def test_the_sheet_says_the_chain_its_links_and_what_nobody_knows():
    text = words(read(nhs))
    assert "Between Trusts, 7 links of 8 go together." in text
    assert "−0.01 [−0.11, 0.09]" in text
    assert "What we do not know" in text
    assert "Release 3f9a2c77d0e1. Gate: exact n." in text


def test_a_chain_too_long_for_a_sheet_says_how_much_is_left():
    text = words(read(long))
    assert "30 more links are in the report." in text or "32 more links are in the report." in text
    assert "more open questions are in the report." in text


def test_people_come_in_bands_on_the_sheet():
    text = words(read(shops))
    assert "850–899" in text
    assert "860" not in text


def test_both_sheets_are_in_the_release():
    made = files(few)
    assert made["board.pdf"].startswith(b"%PDF")
    assert made["board.it.pdf"] != made["board.pdf"]
