"""The same rows of one file never leave as two waves, whatever the chain file calls them."""

import pytest

from anello import run
from anello.model.errors import RefusedError

CHAIN = """
anello: 1
key: teams
units: {column: team}
waves: {column: day, every: quarter}
sources:
  staff: {path: staff.csv, grain: person}
constructs:
  mood: {side: employee}
measures:
  mood: {column: q1, low: 1, high: 5}
  trust: {construct: mood, column: q2, low: 1, high: 5}
links:
  - trust ~ mood
"""
STAFF = "staff: {path: staff.csv, grain: person}"
WOMEN = "women: {path: staff.csv, grain: person, where: {sex: f}}"
MEN = "men: {path: staff.csv, grain: person, where: {sex: m}}"


def write(folder, chain, each=14, men=1):
    """Write teams in which all but a few are women, and who answered from January to March."""
    people = [
        f"{team},2025-0{1 + i % 3}-11,{1 + i % 5},{1 + i * 2 % 5},{'m' if i < men else 'f'}"
        for team in ("Bar", "Hall")
        for i in range(each)
    ]
    head = "team,day,q1,q2,sex\n"
    (folder / "staff.csv").write_text(head + "\n".join(people) + "\n", "utf-8")
    (folder / "chain.yaml").write_text(chain, "utf-8")
    return folder / "chain.yaml"


def find(path):
    heard = run.listen(path)
    return run.find(heard, keeper=run.keeping(heard.chain, heard.folder))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (STAFF, WOMEN),
        (WOMEN, STAFF),
        (STAFF, "again: {path: staff.csv, grain: person, missing: ['2']}"),
        (STAFF, "again: {path: ./staff.csv, grain: person, unit: sex}"),
        ("every: quarter", "every: year"),
    ],
)
def test_all_of_a_team_and_all_but_one_are_no_two_waves(tmp_path, one, other):
    chain = CHAIN if one in CHAIN else CHAIN.replace(STAFF, one)
    find(write(tmp_path, chain))
    with pytest.raises(RefusedError, match="released before, as wave"):
        find(write(tmp_path, chain.replace(one, other)))


def test_few_answers_are_known_again_under_another_source(tmp_path):
    find(write(tmp_path, CHAIN, each=6))
    with pytest.raises(RefusedError, match="released before, as wave staff/2025-Q1"):
        find(write(tmp_path, CHAIN.replace("staff: {", "others: {"), each=6))


def test_women_and_men_of_one_file_may_be_two_sources(tmp_path):
    find(write(tmp_path, CHAIN.replace(STAFF, WOMEN), men=7))
    assert find(write(tmp_path, CHAIN.replace(STAFF, MEN), men=7)).means


@pytest.mark.parametrize("scale", ["low: 1, high: 10", "scoring: given"])
def test_a_code_is_not_opened_by_a_wider_scale(tmp_path, scale):
    find(write(tmp_path, CHAIN))
    with pytest.raises(RefusedError, match="q1 was told on another scale"):
        find(write(tmp_path, CHAIN.replace("column: q1, low: 1, high: 5", f"column: q1, {scale}")))


def test_two_scales_of_one_question_do_not_leave_together(tmp_path):
    twice = "  wide: {construct: mood, column: q1, low: 1, high: 10}\nlinks:"
    with pytest.raises(RefusedError, match="q1 was told on another scale"):
        find(write(tmp_path, CHAIN.replace("links:", twice)))


STUDY = """
studies:
  work:
    kind: mixed
    source: staff
    title: {en: Work, it: Lavoro}
    roles: {unit: team, person: who}
    formulas: ["q1 ~ q2 + (1 | team)"]
"""


def test_a_study_of_all_and_one_of_all_but_one_are_no_two_studies(tmp_path):
    both = CHAIN.replace(STAFF, f"{STAFF}\n  {WOMEN}") + STUDY
    for column in ("q1", "q2"):
        both = both.replace(f"column: {column}", f"source: staff, column: {column}")
    path = write(tmp_path, both, each=40)
    rows = (tmp_path / "staff.csv").read_text("utf-8").splitlines()
    named = [rows[0] + ",who", *(f"{row},p{i}" for i, row in enumerate(rows[1:]))]
    (tmp_path / "staff.csv").write_text("\n".join(named) + "\n", "utf-8")
    assert find(path).studies[0].refused is None
    path.write_text(both.replace("source: staff\n", "source: women\n"), "utf-8")
    refused = find(path).studies[0].refused
    assert "released before" in str(refused)


def test_a_zero_below_zero_is_the_same_answer(tmp_path):
    path = write(tmp_path, CHAIN.replace("low: 1", "low: 0"))
    rows = (tmp_path / "staff.csv").read_text("utf-8")
    (tmp_path / "staff.csv").write_text(rows.replace(",1,", ",-0,"), "utf-8")
    first = find(path)
    (tmp_path / "staff.csv").write_text(rows.replace(",1,", ",0,"), "utf-8")
    assert find(path).ledger == first.ledger
