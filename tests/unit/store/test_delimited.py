"""One place tells which sign stands between the columns of a text file."""

import csv

import pytest

from anello.store.delimited import sniff
from anello.store.files import open_file


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_the_sign_between_the_columns_is_found(sign, tmp_path):
    text = "shop,wave,sales\nRoma,1,2\n".replace(",", sign)
    assert sniff(text) == (sign, [["shop", "wave", "sales"], ["Roma", "1", "2"]])
    (tmp_path / "rows.csv").write_text(text)
    assert list(open_file(tmp_path / "rows.csv").kinds) == ["shop", "wave", "sales"]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a;b\n1,5;2,5\n", ";"),
        ('"sales, in EUR; net";wave\n1;2\n', ";"),
        ('"first line\nsecond, line"\tb\n1\t2\n', "\t"),
        ("a|b,c|d|e\n1,2\n", ","),
        ("a,b\n1,2,3\n4,5\n", ","),
        ("alone\n1\n", ","),
    ],
    ids=["decimal commas", "quoted signs", "quoted line", "bars in names", "faulty row", "alone"],
)
def test_signs_inside_names_and_numbers_do_not_count(text, sign):
    assert sniff(text)[0] == sign


def test_the_columns_that_are_looked_for_decide_first():
    text = "a;b,c,d\n1;2,3,4\n"
    assert sniff(text)[0] == ","
    assert sniff(text, wanted=["a"])[0] == ";"


def test_a_field_longer_than_any_field_is_an_error():
    with pytest.raises(csv.Error):
        sniff("x" * (csv.field_size_limit() + 1))


def test_an_empty_text_has_no_records():
    assert sniff("")[1] == []
