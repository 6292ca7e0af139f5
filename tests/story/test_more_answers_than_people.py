"""A unit is not certified: where more people answered than work there, nothing of it is shown."""

import pytest

from anello import run
from anello.model.errors import ChainFileError

CHAIN = """
anello: 1
key: teams
units: {column: team}
waves: {column: year}
sources:
  staff: {path: staff.csv, grain: person, eligible: headcount}
  people: {path: people.csv}
constructs:
  mood: {side: employee}
  size: {side: operations}
measures:
  mood: {source: staff, column: q1, low: 1, high: 5}
  trust: {construct: mood, source: staff, column: q2, weight: w, low: 1, high: 5}
  headcount: {construct: size, source: people, column: people}
links:
  - headcount ~ mood
"""


def write(folder, teams, chain=CHAIN):
    """Write `teams`: name -> (people who may answer, people who did)."""
    (folder / "chain.yaml").write_text(chain, "utf-8")
    people = [f"{t},2026,{may}" for t, (may, _) in teams.items()]
    (folder / "people.csv").write_text("team,year,people\n" + "\n".join(people) + "\n", "utf-8")
    rows = [
        f"{t},2026,{1 + i % 5},{1 + (i * 2) % 5},1"
        for t, (_, answered) in teams.items()
        for i in range(answered)
    ]
    (folder / "staff.csv").write_text("team,year,q1,q2,w\n" + "\n".join(rows) + "\n", "utf-8")
    return folder / "chain.yaml"


def find(path):
    return run.analyse(path, ledger=path.parent / "ledger")


def told(found, measure="mood"):
    return {m.unit for m in found.means if m.measure == measure}


def notes(found):
    return [n for s in found.sources for n in s.notes if "than may" in n]


def test_a_team_with_more_answers_than_people_is_not_shown(tmp_path):
    found = find(write(tmp_path, {"Bar": (9, 10), "Hall": (30, 20)}))
    assert told(found) == told(found, "trust") == {"Hall"}
    assert notes(found) == [
        "More people answered than may in Bar (2026); nothing of them is shown."
    ]
    assert notes(found)[0].text("it").startswith("Hanno risposto più persone di quante possono")


def test_all_of_a_team_may_answer(tmp_path):
    found = find(write(tmp_path, {"Bar": (10, 10), "Hall": (30, 20)}))
    assert told(found) == told(found, "trust") == {"Bar", "Hall"}
    assert notes(found) == []


def test_a_team_that_stands_together_with_a_blocked_one_is_not_shown_either(tmp_path):
    found = find(write(tmp_path, {"Bar": (9, 10), "Cafe": (5, 3), "Hall": (30, 20)}))
    assert told(found) == {"Hall"}


def test_once_the_headcount_is_corrected_the_team_is_shown(tmp_path):
    find(write(tmp_path, {"Bar": (9, 10), "Hall": (30, 20)}))
    assert told(find(write(tmp_path, {"Bar": (12, 10), "Hall": (30, 20)}))) == {"Bar", "Hall"}


def test_where_nobody_knows_how_many_may_answer_nothing_is_blocked(tmp_path):
    path = write(tmp_path, {"Bar": (9, 10), "Hall": (30, 20)})
    (tmp_path / "people.csv").write_text("team,year,people\nHall,2026,30\n", "utf-8")
    assert told(find(path)) == {"Bar", "Hall"}


def test_the_share_that_answered_is_known_in_steps_of_five_percent(tmp_path):
    heard = run.listen(write(tmp_path, {"Bar": (30, 10), "Hall": (30, 20)}))
    keeper = run.keeping(heard.chain, heard.folder)
    panel = run.observe(heard, keeper=keeper).panel
    assert panel.response["mood"].ravel().tolist() == [0.30, 0.65]


@pytest.mark.parametrize("wrong", ["mood", "nobody"])
def test_only_a_measure_of_units_counts_who_may_answer(tmp_path, wrong):
    chain = CHAIN.replace("eligible: headcount", f"eligible: {wrong}")
    with pytest.raises(ChainFileError, match=f"names '{wrong}'"):
        find(write(tmp_path, {"Bar": (30, 10)}, chain))
