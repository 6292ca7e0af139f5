"""CSV and TSV as offices write them."""

import pytest
from rows_of import PERSON_LEVEL, chain, read, records, sales

from anello.listen import sources
from anello.model.errors import SourceError

ROWS = "shop,wave,sales\nMilano,2023,10.5\nRoma,2023,20\n"
READ = {("Milano", "2023"): 10.5, ("Roma", "2023"): 20.0}


def from_bytes(folder, data, name="till.csv", **parts):
    (folder / name).write_bytes(data)
    return read(chain(source=f"path: {name}", **parts), folder)


def refused(folder, data, name="till.csv", **parts):
    with pytest.raises(SourceError) as error:
        from_bytes(folder, data, name, **parts)
    return str(error.value)


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        ROWS.encode("utf-8-sig"),
        ROWS.encode("utf-16"),
        ROWS.replace("\n", "\r\n").encode(),
        ROWS.replace("\n", "\r").encode(),
        ROWS.replace(",", ";").encode(),
        ROWS.replace(",", "\t").encode(),
        ROWS.replace("10.5", "10,5").replace("sales", "sales").replace(",2023,", ";2023;")
        .replace("shop,wave,sales", "shop;wave;sales").encode(),
        ROWS.removesuffix("\n").encode(),
        ROWS.replace("Roma,", '"Roma",').replace("2023", "2023.0").encode(),
        b"\n\n" + ROWS.encode(),
    ],
    ids=["utf8", "bom", "utf16", "crlf", "cr", "semicolon", "tab", "comma", "no end", "quoted",
         "blank lines above"],
)  # fmt: skip
def test_the_same_table_is_read_however_it_was_saved(tmp_path, data):
    rows = from_bytes(tmp_path, data)
    assert sales(rows) == READ
    assert (rows.rows, rows.notes) == (2, ())


def test_a_tsv_file_is_read_by_its_tabs_alone(tmp_path):
    rows = from_bytes(tmp_path, b"shop\twave\tsales\nRoma, EUR\t1\t2\n", "till.tsv")
    assert sales(rows) == {("Roma, EUR", "1"): 2.0}


def test_windows_letters_are_read_with_a_note(tmp_path):
    rows = from_bytes(tmp_path, "shop,wave,sales\nForlì,2023,3\n".encode("cp1252"))
    assert sales(rows) == {("Forlì", "2023"): 3.0}
    assert "Windows-1252" in rows.notes[0]
    assert "Windows-1252" in rows.notes[0].text("it")
    assert rows.notes[0] != rows.notes[0].text("it")


def test_two_encodings_in_one_file_are_refused_with_the_row(tmp_path):
    data = "shop,wave,sales\nForlì,2023,3\n".encode() + "Cantù,2023,4\n".encode("cp1252")
    assert refused(tmp_path, data).startswith("till.csv, row 3: the text mixes two encodings")


def test_text_in_a_number_is_refused_with_row_column_and_value(tmp_path):
    assert refused(tmp_path, b"shop,wave,sales\nMilano,1,3\nRoma,1,many\n") == (
        "till.csv, row 3, column 'sales': 'many' is not a number. "
        "Correct it or list it under `missing`."
    )


def test_the_same_refusal_speaks_italian(tmp_path):
    (tmp_path / "till.csv").write_text("shop,wave,sales\nRoma,1,many\n")
    with pytest.raises(SourceError) as error:
        read(chain(source="path: till.csv"), tmp_path)
    assert error.value.text("it").startswith("till.csv, riga 2, colonna 'sales': 'many' non è")


@pytest.mark.parametrize("value", ["inf", "-Infinity", "1_000", "1 000", "0x10", "1e999", "12%"])
def test_what_only_looks_like_a_number_is_refused(tmp_path, value):
    data = f"shop,wave,sales\nRoma,1,{value}\n".encode()
    assert f"{value!r} is not a number" in refused(tmp_path, data)


def test_a_decimal_comma_is_only_read_between_semicolons(tmp_path):
    data = b"shop\twave\tsales\nRoma\t1\t1,234\n"
    assert "'1,234' is not a number" in refused(tmp_path, data)
    assert "'1.234,5' is not a number" in refused(tmp_path, b"shop;wave;sales\nRoma;1;1.234,5\n")


@pytest.mark.parametrize("value", ["", "NA", "n/a", "NaN", "null", ".", " ", "#N/A", '""'])
def test_the_usual_signs_for_missing_are_missing(tmp_path, value):
    rows = from_bytes(tmp_path, f"shop,wave,sales\nRoma,1,{value}\nMilano,1,2\n".encode())
    assert sales(rows) == {("Roma", "1"): None, ("Milano", "1"): 2.0}


def test_a_sign_for_missing_can_be_declared(tmp_path):
    (tmp_path / "till.csv").write_text("shop,wave,sales\nRoma,1,-9\nMilano,1,closed\nBari,1,2\n")
    rows = read(chain(source="path: till.csv, missing: ['-9', closed]"), tmp_path)
    assert list(sales(rows).values()) == [2.0, None, None]


def test_the_row_counts_blank_lines_as_an_editor_does(tmp_path):
    data = b"shop,wave,sales\nMilano,1,3\n\n\nRoma,1,many\n"
    assert refused(tmp_path, data).startswith("till.csv, row 5,")


def test_a_line_break_inside_quotes_stays_in_its_row(tmp_path):
    data = b'"the\nshop",wave,sales\n"Mi\nlano",1,3\nRoma,1,many\n'
    found = chain(source='path: till.csv, unit: "the\\nshop"')
    (tmp_path / "till.csv").write_bytes(data)
    with pytest.raises(SourceError, match=r"row 3, column 'sales': 'many'"):
        read(found, tmp_path)


def test_a_missing_column_is_answered_with_the_nearest_name(tmp_path):
    text = refused(tmp_path, b"shop,wave,sale\nRoma,1,2\n")
    assert text == "till.csv has no column 'sales'; did you mean 'sale'?"
    assert "did you mean 'SALES'" in refused(tmp_path, b"shop,wave,SALES\nRoma,1,2\n")
    assert "its columns are: shop, wave, z." in refused(tmp_path, b"shop,wave,z\nRoma,1,2\n")


def test_a_column_that_stands_twice_is_refused(tmp_path):
    text = refused(tmp_path, b"shop,wave,sales,sales\nRoma,1,2,3\n")
    assert "the column 'sales' stands twice in the header" in text


def test_a_column_nobody_uses_may_stand_twice_and_is_not_read(tmp_path):
    rows = from_bytes(tmp_path, b"shop,wave,note,Note,note,sales\nRoma,1,a,b,c,2\n")
    assert rows.table.columns == ("unit", "wave", "sales")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"shop,wave,sales\n", b"\xef\xbb\xbf"])
def test_a_file_without_rows_is_called_empty(tmp_path, data):
    assert "till.csv is empty" in refused(tmp_path, data)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(SourceError, match=r"nowhere\.csv does not exist"):
        read(chain(source="path: nowhere.csv"), tmp_path)


def test_a_row_with_too_few_values_is_refused_with_its_row(tmp_path):
    text = refused(tmp_path, b"shop,wave,sales\nRoma,1,2\nMilano,1\n")
    assert text.startswith("till.csv, row 3: 2 values stand under 3 column names")


def test_an_open_quotation_mark_is_refused_with_its_row(tmp_path):
    text = refused(tmp_path, b'shop,wave,sales\n"Roma,1,2\nMilano,1,2\n')
    assert text.startswith("till.csv, row 2: a quotation mark is not closed")


def test_a_spreadsheet_called_csv_is_no_text(tmp_path):
    assert "till.csv is not a text file" in refused(tmp_path, b"PK\x03\x04\0\0shop")


def test_several_files_are_stacked_and_their_rows_still_found(tmp_path):
    (tmp_path / "b.csv").write_text("sales,shop,wave\n3,Roma,2\nmany,Milano,2\n")
    (tmp_path / "a.csv").write_text(ROWS)
    with pytest.raises(SourceError, match=r"^b\.csv, row 3, column 'sales': 'many'"):
        read(chain(source="path: '*.csv'"), tmp_path)
    (tmp_path / "b.csv").write_text("sales,shop,wave\n3,Roma,2\n")
    for path in ("'*.csv'", "."):
        rows = read(chain(source=f"path: {path}"), tmp_path)
        assert sales(rows) == {**READ, ("Roma", "2"): 3.0}


def test_a_file_that_lacks_a_column_of_the_others_is_named(tmp_path):
    (tmp_path / "a.csv").write_text(ROWS.replace("\n", ",x\n").replace("sales,x", "sales,area"))
    (tmp_path / "b.csv").write_text(ROWS)
    with pytest.raises(SourceError, match=r"^b\.csv has no column 'area'"):
        read(chain(source="path: '*.csv'", units=", peers: area"), tmp_path)


def test_a_file_name_with_signs_of_a_glob_is_taken_as_it_is(tmp_path):
    (tmp_path / "till[1].csv").write_text(ROWS)
    rows = read(chain(source="path: 'till[1].csv'"), tmp_path)
    assert sales(rows) == READ


def test_only_columns_of_the_chain_enter_the_database(tmp_path):
    (tmp_path / "a.csv").write_text("shop,wave,q1,q2,e-mail\nRoma,1,2,3,eva@example.org\n")
    rows = read(chain(PERSON_LEVEL, source="path: a.csv"), tmp_path)
    assert records(rows) == [{"unit": "Roma", "wave": "1", "q1": 2.0, "q2": 3.0}]


def test_the_fingerprint_follows_the_bytes(tmp_path):
    first = from_bytes(tmp_path, ROWS.encode()).fingerprint
    assert from_bytes(tmp_path, ROWS.encode()).fingerprint == first
    assert from_bytes(tmp_path, ROWS.replace("20", "21").encode()).fingerprint != first


def test_a_line_without_end_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "till.csv").open("wb") as file:
        file.truncate(1 << 30)
    with (tmp_path / "till.csv").open("r+b") as file:
        file.write(b"shop,wave,sales\nRoma,1," + b"1" * 3_000_000)
    with pytest.raises(SourceError, match="a line of more than 2 MB"):
        read(chain(source="path: till.csv"), tmp_path)


def test_columns_are_shown_with_a_guess_and_a_sample(tmp_path):
    text = "shop,day,sales,left\nRoma,2024-03-01,NA,\nBari,2024-03-02,7.5,\n"
    (tmp_path / "till.csv").write_text(text)
    found = sources.columns(chain(source="path: till.csv").sources[0], tmp_path)
    assert found == [
        ("shop", "text", "Roma"),
        ("day", "date", "2024-03-01"),
        ("sales", "number", "7.5"),
        ("left", "empty", ""),
    ]


@pytest.mark.slow
def test_one_bad_row_in_five_million_is_found_by_its_row(tmp_path):
    with (tmp_path / "a.csv").open("w") as file:
        file.write("shop,wave,q1,q2\n")
        file.writelines("Roma,1,2,3\n" * 10_000 for _ in range(499))
        file.write("Roma,1,2,3\n" * 9_998 + "Roma,1,two,3\nRoma,1,2,3\n")
    with pytest.raises(SourceError, match=r"^a\.csv, row 5000000, column 'q1': 'two'"):
        read(chain(PERSON_LEVEL, source="path: a.csv"), tmp_path)
