"""Every fault of a chain file is one sentence with file, line and what to do."""

import pytest

from anello.listen.chain_file import read, read_text
from anello.model.errors import ChainFileError

GOOD = """\
anello: 1
key: shops
worth_acting_on: 0.2 sd
confidentiality: {k: 5}
units:
  column: shop
  merges:
    - {from: [A, B], into: C, since: 2020}
waves:
  column: month
sources:
  till: {path: till.csv}
  staff: {path: staff.csv, grain: person}
constructs:
  climate: {side: employee, label: {en: Climate, it: Clima}}
  sales: {side: money}
measures:
  climate:
    source: staff
    items: [q1, {column: q2, reversed: true}]
    scoring: mean
    low: 1
    high: 5
    min_items: 1
  sales: {source: till, column: euro, direction: up}
links:
  - sales ~ lag(climate, 1)
  - formula: sales ~ climate
    expected_sign: 1
"""

FAULTS = {
    "an unknown key": (
        "    scoring: mean",
        "    scorin: mean",
        "line 21: there is no key `scorin` here; did you mean `scoring`?",
    ),
    "an unknown key unlike any": (
        "confidentiality: {k: 5}",
        "confidentiality: {zzz: 5}",
        "line 4: there is no key `zzz` here; known are: k, splits, comments, live, matched, "
        "promise, ledger.",
    ),
    "a missing key": (
        "  staff: {path: staff.csv, grain: person}",
        "  staff: {grain: person}",
        "line 13: `path` is missing; write, for example, `path: 'data/till.csv'`.",
    ),
    "a person of a figure of units": (
        "  till: {path: till.csv}",
        "  till: {path: till.csv, person: who}",
        "line 12: `person` says whose row it is; a row of this source is the figure of a unit.",
    ),
    "a word for a whole number": (
        "{k: 5}",
        "{k: five}",
        "line 4: `k` must be a whole number, not 'five'.",
    ),
    "a fraction for a whole number": (
        "min_items: 1",
        "min_items: 1.5",
        "line 24: `min_items` must be a whole number, not 1.5.",
    ),
    "a word for a number": ("low: 1", "low: one", "line 22: `low` must be a number, not 'one'."),
    "an infinite number": ("low: 1", "low: 1e999", "line 22: `low` must be a number, not 1e999."),
    "no for false": (
        "reversed: true",
        "reversed: no",
        "line 20: `reversed` must be true or false, not 'no'.",
    ),
    "true for a text": (
        "path: till.csv",
        "path: true",
        "line 12: `path` must be text, not true; put text in quotation marks.",
    ),
    "a text for a list": (
        "[q1, {column: q2, reversed: true}]",
        "q1",
        "line 20: `items` must be a list, as in [a, b], not 'q1'.",
    ),
    "a text for keys": (
        "{path: till.csv}",
        "till.csv",
        "line 12: `till` must have keys of its own, such as `name: value`, not 'till.csv'.",
    ),
    "an unknown side": (
        "employee",
        "employe",
        "line 15: `side` cannot be 'employe'; did you mean 'employee'? "
        "Known are: employee, customer, operations, money.",
    ),
    "an unknown direction": (
        "direction: up",
        "direction: left",
        "line 25: `direction` cannot be 'left'; known are: up, down.",
    ),
    "an unknown scoring": (
        "scoring: mean",
        "scoring: means",
        "line 21: `scoring` cannot be 'means'; did you mean 'mean'? Known are: mean, "
        "index_0_100, percent_positive, top_box, recommend, given, sentiment, topic_share.",
    ),
    "a sign that is none": (
        "expected_sign: 1",
        "expected_sign: 2",
        "line 29: `expected_sign` cannot be 2; known are: -1, 0, 1.",
    ),
    "an empty value": (
        "column: shop",
        "column:",
        "line 6: `column` is empty; write a value or remove the line.",
    ),
    "another format": (
        "anello: 1",
        "anello: 2",
        "line 1: the file is written in format 2, but this version reads format 1; "
        "update Anello, or write `anello: 1`.",
    ),
    "a key that cannot name a folder": (
        "key: shops",
        "key: Our Shops",
        "line 2: 'Our Shops' cannot name a folder; "
        "use small letters, numbers and -, as in 'our-shops'.",
    ),
    "more answers asked for than anybody has": (
        "{k: 5}",
        "{k: 1000001}",
        "line 4: `k` must be 1000000 or less, not 1000001.",
    ),
    "k below five": (
        "{k: 5}",
        "{k: 4}",
        "line 4: the smallest group is k = 5 answers; 4 would let single answers be read.",
    ),
    "an effect that is none": (
        "0.2 sd",
        "0,2 sd",
        "line 3: '0,2 sd' is not an effect; write a number above 0 in units of the target, "
        "or in standard deviations, as in `0.2 sd`.",
    ),
    "an effect of nothing": ("0.2 sd", "0", "line 3: `size` must be above 0.0, not 0.0."),
    "a label without its Italian": (
        ", it: Clima}",
        "}",
        "line 15: `it` is missing; write, for example, `it: 'Coinvolgimento'`.",
    ),
    "a name with a space": (
        "  sales: {side",
        "  net sales: {side",
        "line 16: 'net sales' cannot be a name in a formula; "
        "use letters, numbers and single underscores, and begin with a letter.",
    ),
    "an unknown source": (
        "source: staff",
        "source: staf",
        "line 19: there is no source called 'staf'; did you mean 'staff'?",
    ),
    "an unknown construct": (
        "  climate: {side",
        "  clime: {side",
        "line 18: there is no construct called 'climate'; did you mean 'clime'?",
    ),
    "an unknown measure in a link": (
        "- sales ~ lag(climate, 1)",
        "- sales ~ lag(climat, 1)",
        "line 27: there is no measure called 'climat'; did you mean 'climate'?",
    ),
    "a measure without its source": (
        "    source: staff\n",
        "",
        "line 18: 'climate' must say its `source`, one of: till, staff.",
    ),
    "a measure that reads nothing": (
        "column: euro, ",
        "",
        "line 25: 'sales' must say either `column` or `items`, so that it is known what to read.",
    ),
    "a scale upside down": (
        "low: 1",
        "low: 9",
        "line 22: `low` is 9 and `high` is 5; `low` must be the smaller one.",
    ),
    "a reversed item without a scale": (
        "    low: 1\n",
        "",
        "line 20: 'climate' has a reversed item, so it needs `low` and `high` of the scale.",
    ),
    "more items needed than there are": (
        "min_items: 1",
        "min_items: 3",
        "line 24: `min_items` is 3, but 'climate' has only 2.",
    ),
    "an item that stands twice": (
        "column: q2",
        "column: q1",
        "line 20: 'q1' stands twice in `items`; keep one.",
    ),
    "a loop inside one wave": (
        "sales ~ lag(climate, 1)",
        "climate ~ sales",
        "line 28: the links close a loop inside one wave: climate -> sales -> climate. "
        "Give the way back a lag, as in lag(climate, 1).",
    ),
    "a link that stands twice": (
        "sales ~ lag(climate, 1)",
        "sales ~ climate",
        "line 28: the link 'sales ~ climate' stands twice; remove one.",
    ),
    "a unit that merges twice": (
        "since: 2020}",
        "since: 2020}\n    - {from: [A], into: D, since: 2021}",
        "line 9: the unit 'A' merges twice: into 'C' and into 'D'; keep one.",
    ),
    "a unit that ends twice in the same one": (
        "since: 2020}",
        "since: 2020}\n    - {from: [A], into: C, since: 2021}",
        "line 9: the unit 'A' stands twice in `merges`; a unit ends once, keep one.",
    ),
    "a merger dated off the listed waves": (
        "  column: month",
        "  column: month\n  order: [before, after]",
        "line 8: the merger into 'C' is dated '2020', which is no wave; known are: before, after.",
    ),
    "a merger dated off the calendar": (
        "  column: month",
        "  column: month\n  every: quarter",
        "line 8: the merger into 'C' is dated '2020', which is no quarter; write it like 2024-Q1.",
    ),
    "waves that overlap": (
        "  column: month",
        "  column: month\n  periods:\n"
        "    - {key: a, opens: 2024-01-01, closes: 2024-02-01}\n"
        "    - {key: b, opens: 2024-02-01, closes: 2024-03-01}",
        "line 13: the wave 'b' opens on 2024-02-01, before 'a' closes on 2024-02-01.",
    ),
    "a day that is none": (
        "  column: month",
        "  column: month\n  periods: [{key: a, opens: 2024-02-30, closes: 2024-03-01}]",
        "line 11: '2024-02-30' is not a day; write it as 2024-03-31.",
    ),
    "two ways to cut waves": (
        "  column: month",
        "  column: month\n  every: month\n  order: [a]",
        "line 12: `every` and `order` both say how waves are cut; keep one.",
    ),
    "a noun for one only": (
        "  column: month",
        "  column: month\n  label: {en: [month, months], it: [mese]}",
        "line 11: `it` needs two words, for one and for many, as in [shop, shops].",
    ),
    "a base behind single answers": (
        "min_items: 1",
        "base: n",
        "line 24: `base` counts the answers behind a unit's figure; "
        "'climate' is read from single answers, so remove it.",
    ),
    "a key that stands twice": (
        "key: shops",
        "key: shops\nkey: stores",
        "line 3: `key` stands twice, first on line 2; keep one of the two.",
    ),
    "a tab": ("  column: shop", "\tcolumn: shop", "line 6: a tab stands here; indent with spaces."),
    "an open bracket": (
        "{k: 5}",
        "{k: 5",
        "line 4: the bracket opened here is not closed, or a comma is missing in it.",
    ),
    "an open quotation mark": (
        "key: shops",
        'key: "shops',
        "line 2: the quotation mark opened here is not closed.",
    ),
    "a second colon": (
        "key: shops",
        "key: shops: ours",
        "line 2: a second `: ` stands in this line (column 11); "
        "put the text in quotation marks, or indent this line like its neighbours.",
    ),
    "a line that does not fit": (
        "  merges:",
        " merges:",
        "line 7: the line does not fit its neighbours; indent keys of one list by the same spaces.",
    ),
    "a reference": (
        "key: shops",
        "key: &name shops\ntitle: *name",
        "line 2: a reference with * is not read; write the value out where it belongs.",
    ),
    "a tag": (
        "key: shops",
        "key: !!python/name:os.system shops",
        "line 2: the tag 'tag:yaml.org,2002:python/name:os.system' is not read; "
        "write the plain value.",
    ),
    "a second document": (
        "key: shops",
        "key: shops\n---",
        "line 3: a second document begins with ---; remove that line.",
    ),
    "a character that cannot be printed": (
        "key: shops",
        "key: sh\x07ops",
        "line 2: a character that cannot be printed stands here (U+0007); remove it.",
    ),
}


def fault(text: str) -> str:
    with pytest.raises(ChainFileError) as caught:
        read_text(text, "shops.yaml")
    return str(caught.value)


def test_the_file_of_these_tests_is_good():
    assert read_text(GOOD).key == "shops"


@pytest.mark.parametrize(("old", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_sentence_with_its_line(old, new, said):
    assert old in GOOD
    assert fault(GOOD.replace(old, new, 1)) == f"shops.yaml, {said}"


@pytest.mark.parametrize(
    ("broken", "line"), [("\n", 3), ("\r\n", 3), ("\r", 3), ("\x85", 2), ("\u2028", 2)]
)
def test_lines_are_counted_as_an_editor_counts_them(broken, line):
    assert fault(f"anello: 1\n# note{broken}sead: 5\n").startswith(f"shops.yaml, line {line}")


def test_two_faults_are_said_from_the_top():
    text = GOOD.replace("low: 1", "low: one").replace("{k: 5}", "{k: five}")
    assert fault(text).startswith("shops.yaml, line 4: `k`")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty; `anello init` writes one from a data file."),
        ("# only a comment\n", "the file is empty; `anello init` writes one from a data file."),
        (
            "- a\n- b\n",
            "a chain file is keys and values, such as `key: shops`; this one holds [a, b].",
        ),
        ("42", "a chain file is keys and values, such as `key: shops`; this one holds 42."),
    ],
)
def test_a_file_that_is_no_chain_says_so(text, said):
    assert fault(text) == f"shops.yaml, line 1: {said}"


def test_a_missing_file_is_answered_with_what_is_there(tmp_path):
    (tmp_path / "shops.yaml").write_text(GOOD)
    with pytest.raises(ChainFileError) as caught:
        read(tmp_path / "shop.yaml")
    assert str(caught.value) == (
        f"there is no file {tmp_path / 'shop.yaml'} (in its folder: shops.yaml); "
        "`anello init` writes one."
    )


def test_a_folder_is_not_a_chain_file(tmp_path):
    (tmp_path / "shops.yaml").write_text(GOOD)
    with pytest.raises(ChainFileError, match=r"is a folder; .* \(in it: shops.yaml\)"):
        read(tmp_path)


def test_another_encoding_is_refused_with_the_line(tmp_path):
    path = tmp_path / "shops.yaml"
    path.write_bytes(GOOD.replace("it: Clima", "it: Qualità").encode("latin-1"))
    with pytest.raises(ChainFileError, match="line 15: the text is not UTF-8"):
        read(path)


def test_utf_16_is_refused(tmp_path):
    path = tmp_path / "shops.yaml"
    path.write_text(GOOD, encoding="utf-16")
    with pytest.raises(ChainFileError, match="line 1: the text is not UTF-8"):
        read(path)


def test_lists_without_end_are_refused():
    assert "nested too deeply" in fault("[" * 5000)
