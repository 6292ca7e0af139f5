"""A till that prints a line a day is read as the month's figure when the chain says so."""

import pytest
from rows_of import chain, read, sales

from anello.model.errors import ChainFileError, SourceError

DAYS = "shop,wave,sales\nMilano,2024-03-01,10\nMilano,2024-03-02,20\nMilano,2024-04-01,5\n"


def month(folder, source):
    (folder / "till.csv").write_text(DAYS)
    return read(chain(source=source, waves=", every: month"), folder)


def test_days_are_added_up_and_it_is_said(tmp_path):
    rows = month(tmp_path, "path: till.csv, rollup: sum")
    assert sales(rows) == {("Milano", "2024-03"): 30.0, ("Milano", "2024-04"): 5.0}
    assert rows.rows == 2
    assert rows.notes == ("3 rows were added up into 2 figures of units and waves.",)


def test_days_are_averaged_when_asked(tmp_path):
    rows = month(tmp_path, "path: till.csv, rollup: mean")
    assert sales(rows) == {("Milano", "2024-03"): 15.0, ("Milano", "2024-04"): 5.0}


def test_without_the_word_two_days_of_a_month_are_an_error(tmp_path):
    with pytest.raises(SourceError, match="2024-03"):
        month(tmp_path, "path: till.csv")


def test_answers_of_persons_are_never_added_up(tmp_path):
    with pytest.raises(ChainFileError, match="`rollup` makes one figure"):
        month(tmp_path, "path: till.csv, grain: person, rollup: sum")
