"""Bad input gets one clear sentence: file, row, column, what to do; and nothing half-written.

Every test runs the command itself. Starting it costs more than refusing, so most run inside this
process, and one of each family as a process of its own.
"""

import os
import signal
import subprocess
import sys

import pytest

from anello import cli

CHAIN = """anello: 1
key: shops
worth_acting_on: 0.2 sd
units: {column: shop}
waves: {column: year}
sources:
  till: {path: till.csv}
  staff: {path: staff.csv}
constructs:
  mood: {side: employee, label: {en: Mood, it: Umore}}
  sales: {side: money, label: {en: Sales, it: Vendite}}
measures:
  mood: {source: staff, column: mood, low: 1, high: 5}
  sales: {source: till, column: euro}
links:
  - sales ~ mood
"""
TILL = "shop,year,euro\nRoma,2023,900\nRoma,2024,950\nBari,2023,700\nBari,2024,720\n"
STAFF = "shop,year,mood\nRoma,2023,3.5\nRoma,2024,4\nBari,2023,2\nBari,2024,2.5\n"
PEOPLE = "shop,year,format,mood\nRoma,2023,large,4\nRoma,2023,large,5\nRoma,2023,small,2\n"


@pytest.fixture
def shops(tmp_path):
    return written(tmp_path)


def written(folder, chain=CHAIN, till=TILL, staff=STAFF):
    (folder / "chain.yaml").write_text(chain, "utf-8")
    for name, text in (("till.csv", till), ("staff.csv", staff)):
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def process(*words, cwd):
    return subprocess.run(
        [sys.executable, "-c", "from anello.cli import main; main()", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ANELLO_LANG": "en"},
    )


def here(monkeypatch, capsys, *words, cwd):
    """Run the same command inside this process; return its exit code and standard error."""
    monkeypatch.chdir(cwd)
    monkeypatch.setattr(sys, "argv", ["anello", *map(str, words)])
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, capsys.readouterr().err


def said(text):
    """Return what stands on standard error besides the steps of progress."""
    lines = [x for x in text.splitlines() if not (x.startswith("  ") and x.endswith(" ..."))]
    return "\n".join(lines).strip()


def snapshot(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


@pytest.fixture
def refused(monkeypatch, capsys):
    """Hold `run` and `check` to one sentence in each language, and to leaving nothing behind."""

    def refused(folder, sentence, *values, apart=False):
        before = snapshot(folder)
        words = ("run", "chain.yaml", "--out", "release", "--lang", "en")
        if apart:
            run = process(*words, cwd=folder)
            code, error = run.returncode, run.stderr
        else:
            code, error = here(monkeypatch, capsys, *words, cwd=folder)
        assert code == 2, error
        assert said(error) == sentence
        code, error = here(monkeypatch, capsys, "check", "chain.yaml", "--lang", "it", cwd=folder)
        italian = said(error)
        assert code == 1
        assert italian != sentence
        assert len(italian.splitlines()) == len(sentence.splitlines())
        for value in values:
            assert value in sentence
            assert value in italian
        assert snapshot(folder) == before

    return refused


# Files, columns, text


def test_a_missing_file_is_named_and_where_it_was_looked_for(shops, refused):
    (shops / "till.csv").unlink()
    refused(
        shops,
        "till.csv does not exist. Correct `path`; it counts from the folder of the chain file.",
        "till.csv",
        apart=True,
    )


def test_a_missing_chain_file_is_named_with_its_neighbours(shops, monkeypatch, capsys):
    words = ("run", "chian.yaml", "--lang")
    code, english = here(monkeypatch, capsys, *words, "en", cwd=shops)
    sentence = "there is no file chian.yaml (in its folder: chain.yaml); `anello init` writes one."
    assert (code, said(english)) == (2, sentence)
    code, italian = here(monkeypatch, capsys, *words, "it", cwd=shops)
    assert (code, "chian.yaml" in italian, said(italian) != sentence) == (2, True, True)
    assert snapshot(shops) == ["chain.yaml", "staff.csv", "till.csv"]


@pytest.mark.parametrize(
    ("every", "typo"), [("day", "0001-05-02"), ("week", "9999-12-31"), ("month", "0204-05-02")]
)
def test_one_date_with_a_mistyped_year_is_named_with_its_row(tmp_path, refused, every, typo):
    dates = ("2024-05-02", "2023-05-02", typo, "2024-06-02")
    rows = "".join(f"Roma,{date},{n}\n" for n, date in enumerate(dates))
    chain = CHAIN.replace("{column: year}", f"{{column: year, every: {every}}}")
    written(tmp_path, chain, till="shop,year,euro\n" + rows)
    refused(
        tmp_path,
        f"till.csv, row 4, column 'year': the year of '{typo}' is not one between 1900 and 2199. "
        "Correct the date.",
        "till.csv",
        typo,
    )


@pytest.mark.parametrize("typo", ["1924-05-02", "2104-05-02"], ids=["too early", "too late"])
def test_a_date_a_century_from_the_others_is_named_with_its_row(tmp_path, refused, typo):
    rows = f"Roma,2024-05-02,1\nBari,{typo},2\nBari,2024-05-03,2\n"
    chain = CHAIN.replace("{column: year}", "{column: year, every: day}")
    written(tmp_path, chain, till="shop,year,euro\n" + rows)
    refused(
        tmp_path,
        f"till.csv, row 3, column 'year': {typo!r} lies more than 30 years from the other dates. "
        "Correct the date.",
        "till.csv",
        typo,
    )


def test_a_missing_column_is_answered_with_the_nearest(tmp_path, refused):
    written(tmp_path, CHAIN.replace("column: euro", "column: euros"))
    refused(
        tmp_path,
        "till.csv has no column 'euros'; did you mean 'euro'?",
        "till.csv",
        "'euros'",
        "'euro'",
    )


def test_a_column_like_no_other_is_answered_with_all_of_them(tmp_path, refused):
    written(tmp_path, CHAIN.replace("column: euro", "column: takings"))
    sentence = "till.csv has no column 'takings'; its columns are: shop, year, euro."
    refused(tmp_path, sentence, "till.csv", "'takings'", "shop, year, euro")


def test_two_encodings_in_one_file_are_refused_at_the_row_of_the_second(tmp_path, refused):
    staff = STAFF.encode() + "Forlì,2023,3\n".encode() + "Forlì,2024,3\n".encode("cp1252")
    written(tmp_path, staff=staff)
    refused(
        tmp_path,
        "staff.csv, row 7: the text mixes two encodings (UTF-8 and another one). "
        "Save the whole file as UTF-8.",
        "staff.csv",
        "7",
        "UTF-8",
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_one_encoding_with_or_without_its_mark_is_read_and_rows_still_count(
    encoding, tmp_path, refused
):
    written(tmp_path, staff=f"{STAFF}Forlì,2023,often\n".encode(encoding))
    refused(
        tmp_path,
        "staff.csv, row 6, column 'mood': 'often' is not a number. "
        "Correct it or list it under `missing`.",
        "staff.csv",
        "6",
        "'mood'",
        "'often'",
    )


def test_text_in_a_number_is_named_with_row_column_and_what_it_says(tmp_path, refused):
    written(tmp_path, till=TILL.replace("700", "1.2.3"))
    refused(
        tmp_path,
        "till.csv, row 4, column 'euro': '1.2.3' is not a number. "
        "Correct it or list it under `missing`.",
        "till.csv",
        "4",
        "'euro'",
        "'1.2.3'",
        "`missing`",
        apart=True,
    )


def test_a_value_outside_the_scale_is_named_with_the_scale(tmp_path, refused):
    written(tmp_path, staff=STAFF.replace("3.5", "35"))
    refused(
        tmp_path,
        "staff.csv, row 2, column 'mood': 35 lies outside the scale from 1 to 5. "
        "Correct it, or list it under `missing`.",
        "staff.csv",
        "2",
        "'mood'",
        "35",
        "1",
        "5",
    )


@pytest.mark.parametrize("text", ["", "shop,year,mood\n"])
def test_an_empty_source_is_said_to_be_empty(text, tmp_path, refused):
    written(tmp_path, staff=text)
    sentence = "staff.csv is empty: there is no row below the header. Give a source with rows."
    refused(tmp_path, sentence, "staff.csv")


def test_a_unit_twice_in_a_wave_is_refused_with_both_rows(tmp_path, refused):
    written(tmp_path, till=TILL + "Roma,2024,990\n")
    refused(
        tmp_path,
        "till.csv, row 3, and till.csv, row 6: 'Roma' stands twice in wave '2024'. "
        "Keep one, or set `grain: person` if each row is a person.",
        "till.csv",
        "3",
        "6",
        "'Roma'",
        "'2024'",
        "`grain: person`",
    )


def people(rows, shops):
    """Return so many rows, too wide for one thread, and the row of the one that says "often"."""
    note = "a" * (60_000_000 // rows)
    years, points = (2023, 2024), (2, 3, 4, 5)
    answers = "".join(f"{s},{y},{a},{note}\n" for s in shops for y in years for a in points)
    half = answers * (rows // answers.count("\n") // 2)
    return f"shop,year,mood,note\n{half}Roma,2023,often,\n{half}", half.count("\n") + 2


@pytest.mark.parametrize("rows", [200_000, pytest.param(5_000_000, marks=pytest.mark.slow)])
def test_one_bad_row_among_very_many_is_found_and_named(rows, tmp_path, refused):
    text, row = people(rows, [f"S{i:03}" for i in range(125)])
    assert text.count("\n") == rows + 2
    written(
        tmp_path, CHAIN.replace("path: staff.csv", "path: staff.csv, grain: person"), staff=text
    )
    refused(
        tmp_path,
        f"staff.csv, row {row}, column 'mood': 'often' is not a number. "
        "Correct it or list it under `missing`.",
        "staff.csv",
        str(row),
        "'mood'",
        "'often'",
    )


# What is said of a unit


def test_a_units_figure_that_varies_inside_it_is_refused(tmp_path, refused):
    written(tmp_path, staff=STAFF + "Bari,2023,4\n")
    refused(
        tmp_path,
        "staff.csv, row 4, and staff.csv, row 6: 'Bari' stands twice in wave '2023'. "
        "Keep one, or set `grain: person` if each row is a person.",
        "'Bari'",
        "4",
        "6",
    )


@pytest.mark.parametrize(
    "chain",
    [
        CHAIN.replace("{column: shop}", "{column: shop, peers: format}"),
        CHAIN.replace("{column: shop}", "{column: shop, hierarchy: [format]}"),
        CHAIN.replace("- sales ~ mood", "- {formula: sales ~ mood, only: {format: large}}"),
        CHAIN.replace("- sales ~ mood", "- {formula: sales ~ mood, peers: format}"),
    ],
    ids=["units.peers", "hierarchy", "only", "peers"],
)
def test_a_group_of_units_that_varies_among_the_people_of_one_is_refused(chain, tmp_path, refused):
    written(
        tmp_path, chain.replace("path: staff.csv", "path: staff.csv, grain: person"), staff=PEOPLE
    )
    refused(
        tmp_path,
        "staff.csv, row 4, column 'format': 'small', but staff.csv, row 2, says 'large' of the "
        "same unit and wave. Correct one, or choose people with `where`.",
        "staff.csv",
        "4",
        "'format'",
        "'small'",
        "2",
        "'large'",
        "`where`",
    )


def test_a_unit_that_merges_twice_is_refused_with_both_ways(tmp_path, refused):
    merges = """units:
  column: shop
  merges:
    - {from: [Bari, Lecce], into: Puglia, since: 2024}
    - {from: [Bari], into: Sud, since: 2024}
"""
    written(tmp_path, CHAIN.replace("units: {column: shop}\n", merges))
    refused(
        tmp_path,
        "chain.yaml, line 8: the unit 'Bari' merges twice: into 'Puglia' and into 'Sud'; keep one.",
        "chain.yaml",
        "8",
        "'Bari'",
        "'Puglia'",
        "'Sud'",
    )


def test_a_unit_that_ends_twice_in_the_same_unit_is_refused_too(tmp_path, refused):
    merges = """units:
  column: shop
  merges:
    - {from: [Bari], into: Puglia, since: 2023}
    - {from: [Bari], into: Puglia, since: 2024}
"""
    written(tmp_path, CHAIN.replace("units: {column: shop}\n", merges))
    refused(
        tmp_path,
        "chain.yaml, line 8: the unit 'Bari' stands twice in `merges`; a unit ends once, keep one.",
        "8",
        "'Bari'",
        "`merges`",
    )


# The chain


def test_waves_that_overlap_are_refused_with_their_days(tmp_path, refused):
    periods = """waves:
  column: year
  periods:
    - {key: spring, opens: 2024-03-01, closes: 2024-04-15}
    - {key: easter, opens: 2024-04-15, closes: 2024-04-30}
"""
    written(tmp_path, CHAIN.replace("waves: {column: year}\n", periods))
    refused(
        tmp_path,
        "chain.yaml, line 9: the wave 'easter' opens on 2024-04-15, "
        "before 'spring' closes on 2024-04-15.",
        "9",
        "'easter'",
        "2024-04-15",
        "'spring'",
    )


def test_a_loop_inside_one_wave_is_refused_with_the_way_out(tmp_path, refused):
    written(tmp_path, CHAIN + "  - mood ~ sales\n")
    refused(
        tmp_path,
        "chain.yaml, line 17: the links close a loop inside one wave: sales -> mood -> sales. "
        "Give the way back a lag, as in lag(sales, 1).",
        "17",
        "sales -> mood -> sales",
        "lag(sales, 1)",
        apart=True,
    )


def test_an_unknown_measure_in_a_link_is_answered_with_the_nearest(tmp_path, refused):
    written(tmp_path, CHAIN.replace("- sales ~ mood", "- sales ~ moode"))
    refused(
        tmp_path,
        "chain.yaml, line 16: there is no measure called 'moode'; did you mean 'mood'?",
        "16",
        "'moode'",
        "'mood'",
    )


def test_unbalanced_parentheses_in_a_link_get_a_caret(tmp_path, refused):
    written(tmp_path, CHAIN.replace("- sales ~ mood", "- sales ~ lag(mood, 1"))
    refused(
        tmp_path,
        "chain.yaml, line 16: the parenthesis opened here is not closed.\n"
        "    sales ~ lag(mood, 1\n"
        "               ^",
        "16",
        "\n    sales ~ lag(mood, 1\n               ^",
    )


def test_a_group_that_no_unit_belongs_to_is_answered_with_those_there_are(tmp_path, refused):
    till = TILL.replace("year,", "year,format,").replace("2023,", "2023,big,")
    till = till.replace("2024,", "2024,big,")
    link = "- {formula: sales ~ mood, only: {format: large}}"
    written(tmp_path, CHAIN.replace("- sales ~ mood", link), till=till)
    refused(
        tmp_path,
        "the link 'sales ~ mood' keeps the units whose 'format' is 'large', but there is none; "
        "it holds: big. Correct `only`.",
        "'sales ~ mood'",
        "'format'",
        "'large'",
        "big",
    )


# Folders that exist, and the exit codes that the command line promises


def test_a_folder_that_exists_is_left_as_it_is(shops, monkeypatch, capsys):
    (shops / "mine").mkdir()
    before = snapshot(shops)
    done = process("run", "chain.yaml", "--out", "mine", cwd=shops)
    sentence = "mine exists already and a release never changes; name another folder."
    assert (done.returncode, said(done.stderr)) == (2, sentence)
    code, italian = here(
        monkeypatch, capsys, "run", "chain.yaml", "--out", "mine", "--lang", "it", cwd=shops
    )
    assert code == 2
    assert said(italian).startswith("mine esiste già")
    assert snapshot(shops) == before


def test_an_error_is_one_object_too_for_those_who_asked_for_json(shops):
    (shops / "till.csv").unlink()
    done = process("run", "chain.yaml", "--json", cwd=shops)
    assert done.returncode == 2
    assert done.stdout == f'{{"error": "{done.stderr.strip()}"}}\n'
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_exit_code_is_0_when_all_is_well_in_a_folder_with_blanks_and_accents(tmp_path):
    folder = tmp_path / "Città nuova, perché no"
    folder.mkdir()
    written(folder, chain=CHAIN.replace("\n", "\r\n"), staff=STAFF.replace("\n", "\r\n"))
    assert process("check", folder / "chain.yaml", cwd=tmp_path).returncode == 0


def test_the_exit_code_is_2_for_an_option_that_does_not_exist(shops, monkeypatch, capsys):
    before = snapshot(shops)
    assert here(monkeypatch, capsys, "run", "chain.yaml", "--colour", cwd=shops)[0] == 2
    code, error = here(monkeypatch, capsys, "run", "chain.yaml", "--lang", "de", cwd=shops)
    assert code == 2
    assert "'de'" in error
    assert snapshot(shops) == before


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another signal on Windows")
def test_an_interrupted_run_ends_with_130_and_leaves_nothing(shops):
    before = snapshot(shops)
    code = "from anello.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "run", "chain.yaml", "--out", "release"],
        cwd=shops,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ANELLO_LANG": "en"},
    ) as running:
        assert "Reading" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        left = running.stderr.read()
        running.wait(timeout=30)
    assert running.returncode == 130, left
    assert "Traceback" not in left
    assert snapshot(shops) == before


# One model of rows: `anello fit lmm`


ROWS = "shop,x,y\n" + "".join(
    f"{s},{i},{i * k % 7}\n" for k, s in enumerate("abcd", 2) for i in range(6)
)


@pytest.mark.parametrize(
    ("formula", "rows", "sentence", "values"),
    [
        (
            "y ~ (x + (1 | shop)",
            ROWS,
            "The parenthesis opened here is never closed.\n  y ~ (x + (1 | shop)\n      ^",
            ("\n  y ~ (x + (1 | shop)\n      ^",),
        ),
        (
            "y ~ x + (1 | shops)",
            ROWS,
            "There is no column 'shops' in the data; did you mean 'shop'?\n"
            "  y ~ x + (1 | shops)\n               ^",
            ("'shops'", "'shop'", "\n               ^"),
        ),
    ],
    ids=["parenthesis", "column"],
)
def test_a_wrong_formula_gets_a_caret(formula, rows, sentence, values, shops, monkeypatch, capsys):
    (shops / "rows.csv").write_text(rows)
    before = snapshot(shops)
    done = process("fit", "lmm", formula, "rows.csv", cwd=shops)
    assert (done.returncode, done.stdout, done.stderr.rstrip("\n")) == (2, "", sentence)
    words = ("fit", "lmm", formula, "rows.csv", "--lang", "it")
    code, italian = here(monkeypatch, capsys, *words, cwd=shops)
    assert code == 2
    assert italian.splitlines()[0] != sentence.splitlines()[0]
    assert all(v in italian for v in values)
    assert snapshot(shops) == before


def test_a_file_of_rows_that_is_missing_is_named(shops, monkeypatch, capsys):
    words = ("fit", "lmm", "y ~ x + (1 | shop)", "rows.csv", "--lang")
    assert here(monkeypatch, capsys, *words, "en", cwd=shops) == (2, "There is no file rows.csv.\n")
    assert here(monkeypatch, capsys, *words, "it", cwd=shops) == (
        2,
        "Il file rows.csv non esiste.\n",
    )


def test_a_text_among_the_numbers_of_a_model_is_named_with_its_row(shops, monkeypatch, capsys):
    many = "shop,x,y\n" + "a,1,2\n" * 30_000
    (shops / "rows.csv").write_text(many + "a,often,2\n")
    words = ("fit", "lmm", "y ~ x + (1 | shop)", "rows.csv", "--lang", "en")
    assert here(monkeypatch, capsys, *words, cwd=shops) == (
        2,
        "rows.csv, row 30002, column 'x': 'often' is not a number, as it is in the rows before. "
        "Correct it or leave it empty.\n",
    )
