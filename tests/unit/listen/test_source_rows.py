"""What is refused, left out, cut into waves and moved to today's units."""

import re

import pytest
from rows_of import PERSON_LEVEL, chain, read, records, sales

from anello.listen import chain_file
from anello.model.errors import AnelloError, SourceError


def given(folder, text, template=None, name="a.csv", **parts):
    (folder / name).write_text(text)
    source = f"path: {name}" + parts.pop("source", "")
    found = chain(source=source, **parts) if template is None else chain(
        template, source=source, **parts)  # fmt: skip
    return read(found, folder)


# Checks


def test_a_value_off_its_scale_is_refused_with_its_row(tmp_path):
    with pytest.raises(SourceError, match=r"^a\.csv, row 3, column 'q2': 6 lies outside the scale "
                                          r"from 1 to 5"):  # fmt: skip
        given(tmp_path, "shop,wave,q1,q2\nRoma,1,5,1\nRoma,1,3,6\n", PERSON_LEVEL)


def test_a_negative_base_is_refused(tmp_path):
    with pytest.raises(SourceError, match="column 'n': -1 lies outside the scale from 0 to -"):
        given(tmp_path, "shop,wave,sales,n\nRoma,1,3,-1\n", measure=", base: n")


def test_a_unit_twice_in_a_wave_is_refused_with_both_rows(tmp_path):
    text = "shop,wave,sales\nRoma,1,3\nBari,1,3\nRoma,1.0,4\n"
    with pytest.raises(SourceError, match=r"a\.csv, row 2, and a\.csv, row 4: 'Roma' stands twice"):
        given(tmp_path, text)


def test_people_of_one_unit_may_share_a_wave(tmp_path):
    assert given(tmp_path, "shop,wave,q1,q2\nRoma,1,5,1\nRoma,1,3,2\n", PERSON_LEVEL).rows == 2


DIARY = "shop,wave,q1,q2,who\nRoma,1,5,1,eva\nRoma,1,3,2,ugo\nBari,1,3,4,eva\nRoma,2,4,4,eva\n"


def test_a_person_twice_in_a_wave_is_refused_with_both_rows_and_not_named(tmp_path):
    with pytest.raises(SourceError, match=r"a\.csv, row 2, and a\.csv, row 4, are of one") as said:
        given(tmp_path, DIARY, PERSON_LEVEL, source=", person: who")
    assert "eva" not in str(said.value)


def test_a_person_may_answer_in_every_wave_and_somebody_without_a_name_too(tmp_path):
    text = DIARY.replace("Bari,1,3,4,eva", "Bari,1,3,4,") + "Bari,1,2,2,\n"
    rows = given(tmp_path, text, PERSON_LEVEL, source=", person: who")
    assert rows.rows == 5
    assert "who" not in rows.table.columns


def test_a_study_of_the_same_rows_says_who_is_who(tmp_path):
    study = """
studies:
  work: {kind: diary, title: {en: W, it: L}, roles: {person: who}, formulas: [q1 ~ q2]}
"""
    with pytest.raises(SourceError, match="are of one person in wave '1'"):
        given(tmp_path, DIARY, PERSON_LEVEL + study.replace("{", "{{").replace("}", "}}"))


def test_the_first_bad_row_is_named_whatever_its_column(tmp_path):
    text = "shop,wave,q1,q2\nRoma,1,5,1\nRoma,1,3,b\nRoma,1,a,2\n"
    with pytest.raises(SourceError, match="row 3, column 'q2': 'b'"):
        given(tmp_path, text, PERSON_LEVEL)


@pytest.mark.parametrize(
    ("text", "template", "parts", "sentence"),
    [
        ("shop,wave,sales,r\nA,1,3,45\n", None, {"measure": ", response: r"},
         "a.csv, row 2, column 'r': 45 lies outside the scale from 0 to 1."),
        ("shop,wave,sales,m\nA,1,3,13\n", None,
         {"measure": ", coverage: {column: m, full: 12}"},
         "a.csv, row 2, column 'm': 13 lies outside the scale from 0 to 12."),
        ("shop,wave,sales\nA,1,1e60\n", None, {}, "column 'sales': '1e60' is not a number."),
        ("shop,Shop,wave,sales\nA,A,1,3\n", None, {"source": ", where: {Shop: A}"},
         "the columns 'shop' and 'Shop' differ only in capital letters."),
    ],
)  # fmt: skip
def test_what_could_not_be_so_is_refused(tmp_path, text, template, parts, sentence):
    with pytest.raises(SourceError, match=re.escape(sentence)):
        given(tmp_path, text, template, **parts)


def test_a_group_that_differs_between_the_people_of_a_unit_is_refused_with_both_rows(tmp_path):
    text = "shop,wave,kind,q1,q2\nA,1,big,1,1\nA,2,small,1,1\nA,1,,1,1\nA,1,small,1,1\n"
    with pytest.raises(
        SourceError, match=r"row 5, column 'kind': 'small', but a\.csv, row 2, says"
    ):
        given(tmp_path, text, PERSON_LEVEL, units=", peers: kind")


def test_a_group_may_change_from_wave_to_wave_and_be_unknown_for_some(tmp_path):
    text = "shop,wave,kind,q1,q2\nA,1,big,1,1\nA,2,small,1,1\nA,1,,1,1\n"
    assert given(tmp_path, text, PERSON_LEVEL, units=", peers: kind").rows == 3


def test_a_share_of_answers_that_differs_inside_a_unit_is_refused(tmp_path):
    text = "shop,wave,r,q1,q2\nA,1,0.5,1,1\nA,1,0.6,1,1\n"
    with pytest.raises(SourceError, match=r"row 3, column 'r': 0\.6, but a\.csv, row 2, says 0\.5"):
        given(tmp_path, text, PERSON_LEVEL, measure=", response: r")


def test_a_merger_dated_with_a_word_among_years_is_refused(tmp_path):
    with pytest.raises(AnelloError, match="dated 'spring', which is no wave"):
        given(tmp_path, "shop,wave,sales\nA,2023,3\n",
              units=", merges: [{from: A, into: B, since: spring}]")  # fmt: skip


# Left out


def test_rows_without_unit_or_wave_are_left_out_and_counted(tmp_path):
    rows = given(tmp_path, "shop,wave,sales\nRoma,1,3\n,1,4\nBari,,5\nNA,NA,6\n")
    assert sales(rows) == {("Roma", "1"): 3.0}
    assert rows.notes == (
        "2 rows without a unit were left out.",
        "1 row without a wave was left out.",
    )


def test_a_filter_keeps_its_rows_and_what_it_leaves_is_not_checked(tmp_path):
    text = "shop,wave,kind,sales\nRoma,1,shop,3\nall,1,benchmark,*\n"
    rows = given(tmp_path, text, source=", where: {kind: shop}")
    assert (sales(rows), rows.notes) == ({("Roma", "1"): 3.0}, ())


def test_a_filter_on_nothing_is_answered_with_what_there_is(tmp_path):
    text = "shop,wave,kind,sales\nRoma,1,shop,3\nBari,1,depot,3\n"
    with pytest.raises(
        SourceError, match="no row has 'Shop' in the column 'kind'; it holds: depot,"
    ):
        given(tmp_path, text, source=", where: {kind: Shop}")


def test_a_source_without_a_usable_row_is_refused(tmp_path):
    with pytest.raises(SourceError, match="has no row that can be used"):
        given(tmp_path, "shop,wave,sales\n,1,3\n")


def test_a_source_wholly_outside_the_waves_is_refused(tmp_path):
    with pytest.raises(SourceError, match="has no row that can be used"):
        given(tmp_path, "shop,wave,sales\nRoma,1,3\n", waves=", order: ['2', '3']")


# Waves


@pytest.mark.parametrize(
    ("every", "key"),
    [("day", "2024-12-30"), ("week", "2025-W01"), ("month", "2024-12"), ("quarter", "2024-Q4"),
     ("year", "2024")],
)  # fmt: skip
@pytest.mark.parametrize(
    "day",
    ["2024-12-30", "2024-12-30 23:59:59", "30/12/2024", "30.12.2024", "12/30/2024 8:00",
     "20241230", "2024-12-30T10:00:00Z"],
)  # fmt: skip
def test_a_date_falls_into_its_wave(tmp_path, every, key, day):
    rows = given(tmp_path, f"shop,wave,sales\nRoma,{day},3\n", waves=f", every: {every}")
    assert sales(rows) == {("Roma", key): 3.0}


def test_a_date_that_can_be_read_two_ways_is_refused(tmp_path):
    with pytest.raises(SourceError, match="'03/04/2024' could be a day and a month in either"):
        given(tmp_path, "shop,wave,sales\nRoma,03/04/2024,3\n", waves=", every: month")


def test_one_date_settles_how_the_column_is_read(tmp_path):
    text = "shop,wave,sales\nRoma,03/04/2024,3\nRoma,25/05/2024,4\n"
    rows = given(tmp_path, text, waves=", every: month")
    assert list(sales(rows)) == [("Roma", "2024-04"), ("Roma", "2024-05")]


def test_what_is_no_date_is_refused_with_its_row(tmp_path):
    text = "shop,wave,sales\nRoma,2024-01-01,3\nRoma,spring,4\n"
    with pytest.raises(SourceError, match="row 3, column 'wave': 'spring' is not a date"):
        given(tmp_path, text, waves=", every: month")


def test_days_outside_every_period_are_left_out_and_counted(tmp_path):
    periods = ", periods: [{key: spring, opens: 2024-03-01, closes: 2024-03-31}]"
    text = "shop,wave,sales\nRoma,2024-03-31,3\nBari,2024-04-01,4\nBari,2024-02-29,4\n"
    rows = given(tmp_path, text, waves=periods)
    assert sales(rows) == {("Roma", "spring"): 3.0}
    assert rows.notes == ("2 rows lie outside every wave and were left out.",)


def test_waves_missing_from_the_order_are_left_out(tmp_path):
    text = "shop,wave,sales\nRoma,before,3\nRoma,after,4\nRoma,trial,4\n"
    rows = given(tmp_path, text, waves=", order: [before, after]")
    assert set(sales(rows)) == {("Roma", "before"), ("Roma", "after")}
    assert len(rows.notes) == 1


# Units


MERGED = """shop,name,wave,sales,n,months
A,Old A,1,10,100,12
B,Old B,1,20,300,9
C,New,1,5,,12
A,Old A,2,10,100,12
C,New,2,30,300,12
"""
POOLED = """
anello: 1
key: shops
units:
  column: shop
  name: name
  merges: [{{from: [A, B], into: C, since: {since}, backdate: {backdate}}}]
waves: {{column: wave}}
sources: {{till: {{path: a.csv}}}}
constructs: {{sales: {{side: money}}}}
measures: {{sales: {{column: sales, base: {base}, coverage: {{column: months, full: 12}}}}}}
links: []
"""


def merged(folder, since="'2'", backdate="false", base="n", text=MERGED):
    (folder / "a.csv").write_text(text)
    found = chain_file.read_text(POOLED.format(since=since, backdate=backdate, base=base))
    return read(found, folder)


def test_from_its_wave_on_a_merged_unit_is_pooled_by_its_base(tmp_path):
    rows = merged(tmp_path)
    assert sales(rows) == {
        ("A", "1"): 10.0,
        ("B", "1"): 20.0,
        ("C", "1"): 5.0,
        ("C", "2"): 25.0,  # (10 x 100 + 30 x 300) / 400
    }
    last = records(rows)[-1]
    assert (last["n"], last["months"], last["unit_name"]) == (400.0, 12.0, "New")
    assert rows.notes == (
        "1 row of A, B is counted as C from 2 on.",
        "2 figures of merged units were pooled into 1 figure, "
        "weighted by the base if there is one.",
    )


def test_backdated_the_earlier_waves_are_pooled_too(tmp_path):
    rows = merged(tmp_path, backdate="true", text=MERGED.replace("C,New,1,5,,12\n", ""))
    assert sales(rows) == {("C", "1"): 17.5, ("C", "2"): 25.0}  # (10 x 100 + 20 x 300) / 400
    assert records(rows)[0]["months"] == 9.0
    assert records(rows)[0]["unit_name"] == "Old A"


def test_without_a_base_figures_are_pooled_by_their_plain_mean(tmp_path):
    rows = merged(tmp_path, backdate="true")  # C has no base in wave 1
    assert sales(rows)["C", "1"] == pytest.approx((10 + 20 + 5) / 3)


def test_a_missing_figure_lends_no_weight(tmp_path):
    rows = merged(tmp_path, text=MERGED.replace("A,Old A,2,10,100", "A,Old A,2,,100"))
    assert sales(rows)["C", "2"] == 30.0


def test_two_mergers_follow_one_another_in_time(tmp_path):
    merges = ", merges: [{from: [B], into: C, since: 2}, {from: [A], into: B, since: 1}]"
    text = "shop,wave,sales\nA,1,3\nA,2,4\n"
    rows = given(tmp_path, text, units=merges.replace("}", ", backdate: false}"))
    assert sales(rows) == {("B", "1"): 3.0, ("C", "2"): 4.0}


def test_a_merger_outside_the_listed_waves_is_refused(tmp_path):
    merges = ", merges: [{from: [A], into: B, since: summer}]"
    with pytest.raises(AnelloError, match="the merger into 'B' is dated 'summer'"):
        given(tmp_path, "shop,wave,sales\nA,spring,3\n", units=merges, waves=", order: [spring]")


def test_people_of_merged_units_only_change_their_unit(tmp_path):
    merges = ", merges: [{from: [A], into: B, since: 1, backdate: true}]"
    text = "shop,wave,q1,q2\nA,1,5,1\nB,1,3,2\n"
    rows = given(tmp_path, text, PERSON_LEVEL, units=merges)
    assert [(r["unit"], r["q1"]) for r in records(rows)] == [("B", 5.0), ("B", 3.0)]


# Names


def test_a_column_with_a_name_of_the_product_is_refused(tmp_path):
    text = "shop,wave,unit\nRoma,1,2\n"
    with pytest.raises(SourceError, match="the column name 'unit' is kept for the product's own"):
        given(tmp_path, text, measure=", base: unit")


TWO = """
anello: 1
key: shops
units: {column: shop, peers: area}
waves: {column: wave}
sources: {till: {path: a.csv}, other: {path: b.csv}}
constructs: {sales: {side: money}, waste: {side: operations}}
measures: {sales: {column: sales, source: till}, waste: {column: waste, source: other}}
links: []
"""


def test_a_group_may_stand_in_another_source_but_not_nowhere(tmp_path):
    text = "shop,wave,sales\nRoma,1,2\n"
    with pytest.raises(SourceError, match="has no column 'area'"):
        given(tmp_path, text, units=", peers: area")
    assert read(chain_file.read_text(TWO), tmp_path).rows == 1


def test_columns_that_differ_only_in_capitals_are_refused(tmp_path):
    with pytest.raises(SourceError, match="'sales' and 'Sales' differ only in capital letters"):
        given(tmp_path, "shop,wave,sales,Sales\nRoma,1,2,3\n", measure=", base: Sales")
