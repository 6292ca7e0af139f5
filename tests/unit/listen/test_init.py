"""From a till and a staff list to a chain file with a live link, without a word of YAML."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anello.listen.chain_file import read, read_text, read_with_warnings
from anello.listen.init import answers, look, propose, questions, template, write
from anello.model.chain import Grain, Side
from anello.model.errors import AnelloError, ChainFileError, OutputError, SourceError
from anello.model.words import Words

TILL = """shop,month,sales
A,2024-01,900
A,2024-02,950
B,2024-01,400
B,2024-02,410
"""
STAFF = """shop,month,leavers,engagement
A,2024-01,1,3.9
A,2024-02,0,4.1
B,2024-01,3,3.0
B,2024-02,2,3.1
"""
SURVEY = """employee_id,team,year,q1,q2,nps,age
1,X,2023,4,5,9,31
2,X,2023,2,1,3,45
3,Y,2023,5,5,10,28
4,Y,2023,3,4,7,60
"""


@pytest.fixture
def lay(tmp_path):
    def lay_files(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text)
        return look(tmp_path / f"{name}.csv" for name in texts)

    return lay_files


def test_a_till_and_a_staff_list_become_one_chain_with_a_live_link(lay, tmp_path):
    tables = lay(till=TILL, staff=STAFF)
    path = tmp_path / "shops.yaml"
    write(propose(tables, {}, tmp_path), path)
    chain = read(path)
    assert [link.formula for link in chain.links] == ["sales ~ leavers"]
    assert (chain.units.column, chain.waves.column) == ("shop", "month")
    assert [(s.path, s.grain) for s in chain.sources] == [
        ("till.csv", Grain.UNIT),
        ("staff.csv", Grain.UNIT),
    ]
    assert chain.wished(chain.links[0]) == -1


def test_the_day_somebody_was_hired_is_no_wave(lay, tmp_path):
    staff = "shop,data_assunzione,month,mood\nA,2019-03-01,2024-01,3\nB,2020-03-01,2024-01,4\n"
    assert "column: month" in propose(lay(staff=staff), {}, tmp_path)


def test_columns_are_labelled_in_both_languages_where_their_name_is_known(lay, tmp_path):
    chain = read_text(propose(lay(till=TILL, staff=STAFF), {}, tmp_path))
    assert chain.measure("sales").label == Words("Sales", "Vendite")
    assert chain.units.label.many == Words("shops", "negozi")
    assert chain.waves.label.one == Words("month", "mese")


def test_fewer_than_ten_shops_are_told_at_once(lay, tmp_path):
    tables = lay(till=TILL, staff=STAFF)
    assert "# With fewer than 10 a link is described, not judged." in propose(tables, {}, tmp_path)
    assert "# Con meno di 10 un legame si descrive" in propose(tables, {}, tmp_path, "it")


def test_what_is_given_goes_before_what_is_guessed(lay, tmp_path):
    given_ = {"employee": "engagement", "money": "sales", "links": "sales ~ lag(engagement, 1)"}
    text = propose(lay(till=TILL, staff=STAFF), given_, tmp_path)
    chain = read_text(text)
    assert [link.formula for link in chain.links] == ["sales ~ lag(engagement, 1)"]
    assert [m.key for m in chain.measures] == ["sales", "engagement"]
    assert "# leavers:" in text


def test_a_link_brings_its_columns_onto_a_side(lay, tmp_path):
    text = STAFF.replace("engagement", "footsteps")
    chain = read_text(propose(lay(staff=text), {"links": "leavers ~ footsteps"}, tmp_path))
    assert chain.side("footsteps") is Side.OPERATIONS


def test_a_column_that_nobody_put_on_a_side_claims_nothing(lay, tmp_path):
    text = STAFF.replace("leavers", "blue").replace("engagement", "green")
    proposed = propose(lay(figures=text), {}, tmp_path)
    chain, warnings = read_text(proposed), proposed.count("# ")
    assert (chain.measures, chain.links) == ((), ())
    assert "  # blue:" in proposed
    assert warnings > 5


def test_answers_of_people_are_told_from_figures_of_units(lay, tmp_path):
    given_ = {"employee": "q1,q2"}
    chain = read_text(propose(lay(survey=SURVEY), given_, tmp_path))
    q, nps = chain.measure("q"), chain.measure("nps")
    assert chain.sources[0].grain is Grain.PERSON
    assert ([i.column for i in q.items], q.scoring, q.low, q.high) == (["q1", "q2"], "mean", 1, 5)
    assert (nps.scoring, nps.low, nps.high) == ("recommend", 0, 10)


@pytest.mark.parametrize(
    ("answers_seen", "scale"),
    [
        ("1 5 3 2", (1, 5)),
        ("1 7 3 2", (1, 7)),
        ("0 10 3 2", (0, 10)),
        ("1 0 0 1", (0, 1)),
        ("1 9 3 2", (0, 10)),
        ("1.5 2 3 4", None),
        ("18 65 40 33", None),
    ],
)
def test_a_scale_is_guessed_from_what_was_answered(lay, answers_seen, scale):
    rows = [f"A,2024,{value}" for value in answers_seen.split()]
    (table,) = lay(survey="\n".join(["team,year,q", *rows]) + "\n")
    assert table.column("q").scale == scale


def test_days_of_a_till_are_cut_into_the_months_of_the_staff_list(lay, tmp_path):
    days = [f"{s};{d:02}/{m:02}/2024;{d}" for s in "AB" for m in (1, 2, 3) for d in range(1, 29)]
    months = [f"{s},2024-{m:02}-01,{m}" for s in "AB" for m in (1, 2, 3)]
    tables = lay(
        till="\n".join(["shop;date;sales", *days]) + "\n",
        staff="\n".join(["store,month,leavers", *months]) + "\n",
    )
    chain = read_text(propose(tables, {}, tmp_path))
    assert (chain.waves.column, chain.waves.every) == ("date", "month")
    assert [(s.grain, s.rollup, s.unit, s.wave) for s in chain.sources] == [
        (Grain.UNIT, "sum", None, None),
        (Grain.UNIT, None, "store", "month"),
    ]


def test_a_spreadsheet_and_a_parquet_file_are_looked_at_alike(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "till.xlsx")) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(line.split(",") for line in TILL.splitlines()):
            sheet.write_row(i, 0, [int(v) if v.isdigit() else v for v in row])
    table = pa.table({"shop": ["A", "B"], "day": [date(2024, 1, 1)] * 2, "euro": [1.5, 2.5]})
    pq.write_table(table, tmp_path / "other.parquet")
    till, other = look([tmp_path / "till.xlsx", tmp_path / "other.parquet"])
    assert [c.name for c in till.columns] == ["shop", "month", "sales"]
    assert till.column("sales").is_whole
    assert other.column("day").is_day
    assert (other.column("euro").low, other.column("euro").high) == (1.5, 2.5)


def test_the_questions_come_with_a_guess_for_each(lay):
    asked = {q.key: (q.default, q.many) for q in questions(lay(till=TILL, staff=STAFF))}
    assert asked == {
        "unit": ("shop", False),
        "wave": ("month", False),
        "employee": ("leavers, engagement", True),
        "customer": ("", True),
        "operations": ("", True),
        "money": ("sales", True),
        "links": ("", False),
    }


def test_an_unknown_column_is_answered_with_the_nearest(lay):
    with pytest.raises(SourceError, match="'shopp'; did you mean 'shop'"):
        answers(lay(till=TILL), {"unit": "shopp"})


def test_a_link_with_an_unknown_name_is_answered_with_what_there_is(lay, tmp_path):
    with pytest.raises(ChainFileError, match="names 'profit', which is no column of numbers"):
        propose(lay(till=TILL), {"links": "profit ~ sales"}, tmp_path)


def test_a_file_without_a_column_of_time_is_told_so(lay, tmp_path):
    tables = lay(till="shop,sales\nA,1\nB,2\n")
    with pytest.raises(SourceError, match="no column that says where or when; name it with --wave"):
        propose(tables, {}, tmp_path)
    assert questions(tables)[1].default == ""


def test_a_missing_or_empty_file_is_one_sentence(lay, tmp_path):
    with pytest.raises(AnelloError):
        look([tmp_path / "nothing.csv"])
    with pytest.raises(AnelloError, match="empty"):
        lay(empty="shop,month\n")


def test_a_file_that_exists_is_never_overwritten(tmp_path):
    path = tmp_path / "shops.yaml"
    path.write_text("mine")
    with pytest.raises(OutputError, match="exists already and stays as it is"):
        write("theirs", path)
    assert path.read_text() == "mine"


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write("text", tmp_path / "no folder" / "shops.yaml")


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(NAMES, min_size=1, max_size=5, unique_by=str.casefold),
    values=st.lists(st.sampled_from(["1", "2.5", "5", "no", "", "-3"]), min_size=4, max_size=4),
    language=st.sampled_from(["en", "it"]),
)
def test_whatever_the_columns_are_called_the_file_reads_back(tmp_path, names, values, language):
    header = ["shop", "month", *(n for n in names if n.lower() not in {"shop", "month"})]
    places = [["A", "2024-01"], ["A", "2024-02"], ["B", "2024-01"], ["B", "2024-02"]]
    rows = [
        place + [value] * (len(header) - 2) for place, value in zip(places, values, strict=True)
    ]
    pq.write_table(
        pa.table(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))),
        tmp_path / "t.parquet",
    )
    tables = look([tmp_path / "t.parquet"])
    numbers = [c.name for c in tables[0].columns if c.is_number and "," not in c.name]
    given_ = {"money": ",".join(numbers)} if numbers else {}
    chain = read_text(propose(tables, given_, tmp_path, language))
    read_back = {i.column for m in chain.measures for i in m.items}
    assert {n for n in numbers if n.strip() == n} <= read_back


def test_a_number_of_people_is_measured_only_when_asked_for(lay, tmp_path):
    tables = lay(survey=SURVEY)
    assert "employee_id" not in propose(tables, {}, tmp_path)
    asked = read_text(propose(tables, {"employee": "employee_id"}, tmp_path))
    assert asked.side("employee_id") is Side.EMPLOYEE


def test_the_standard_chain_has_every_construct_in_both_languages(tmp_path):
    path = tmp_path / "chain.yaml"
    write(template(), path)
    chain, warnings = read_with_warnings(path)
    assert [c.key for c in chain.constructs] == [
        "service_quality",
        "engagement",
        "retention",
        "productivity",
        "value",
        "satisfaction",
        "loyalty",
        "growth",
        "profit",
    ]
    assert all(c.label.en != c.label.it for c in chain.constructs)
    assert len(warnings) == 1  # there are no links yet


def test_the_standard_chain_reads_when_all_its_examples_are_made_live():
    lines = template().splitlines()
    live = [line.replace("# ", "", 1) if _is_example(line) else line for line in lines]
    chain = read_text("\n".join(live))
    assert {m.construct for m in chain.measures} == {c.key for c in chain.constructs}
    assert "engagement ~ lag(satisfaction, 1)" in [link.formula for link in chain.links]


def _is_example(line):
    return line.startswith("  # ") and " / " not in line
