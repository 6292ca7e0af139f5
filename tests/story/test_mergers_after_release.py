"""Teams that merge after a wave was released: whole groups are added up, nothing is cut anew."""

import csv

import pytest

from anello import run
from anello.model.atoms import Coded
from anello.model.errors import RefusedError
from anello.protect.ledger import read as ledger_lines

CHAIN = """
anello: 1
key: teams
units:
  column: team
  hierarchy: [region]
  merges: []
waves: {column: year}
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
MERGED = CHAIN.replace("merges: []", "merges: [{from: [Bar, Bistro], into: Cafe, since: 2025}]")
INTO = "{from: [Bar, Bistro], into: Cafe, since: 2025}"
SALES = "  sales: {construct: mood, source: till, column: sold, scoring: given}\n"
HALL = [1, 2, 3, 4, 5, 2, 3, 4, 3, 3, 4, 2, 3, 1, 5, 4, 3, 2, 4, 3]
HALF = [5, 2, 5, 4] * 5
BAR, BISTRO = [1, 2, 3, 4, 5, 3], [2, 3, 4, 4, 5, 3, 2, 1]


def write(folder, teams, chain):
    """Write one answer to each of two questions for every person of the teams."""
    folder.mkdir(exist_ok=True)
    (folder / "chain.yaml").write_text(chain, encoding="utf-8")
    with (folder / "staff.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["team", "region", "year", "q1", "q2"])
        for team, given in teams.items():
            region = "North" if team in ("Hall", "Bar") else "South"
            writer.writerows([team, region, 2025, q, 6 - q] for q in given)
    return folder / "chain.yaml"


def find(path):
    heard = run.listen(path)
    return run.find(heard, keeper=run.keeping(heard.chain, heard.folder))


def means(found, measure="mood"):
    return {m.unit: (round(m.mean, 9), m.code) for m in found.means if m.measure == measure}


def lines(folder):
    return len(ledger_lines(folder / "ledger").rows)


def test_a_merger_after_the_release_adds_whole_groups_up(tmp_path):
    teams = {"Bar": BAR, "Bistro": BISTRO, "Hall": HALL}
    before = find(write(tmp_path, teams, CHAIN))
    asked = lines(tmp_path)
    after = find(write(tmp_path, teams, MERGED))
    assert means(before) == {
        "Bar": (3.0, Coded.EXACT),
        "Bistro": (3.0, Coded.EXACT),
        "Hall": (3.05, Coded.EXACT),
    }
    assert means(after) == {"Cafe": (3.0, Coded.EXACT), "Hall": (3.05, Coded.EXACT)}
    assert {r.allowed for r in ledger_lines(tmp_path / "ledger").rows[asked:]} <= {True}


def test_a_code_is_not_told_by_the_sum_with_another_team(tmp_path):
    teams = {"Bar": [5, 5, 5, 5, 5, 5], "Bistro": BISTRO, "Hall": HALL}
    before = find(write(tmp_path, teams, CHAIN))
    assert means(before)["Bar"] == (4.5, Coded.HIGH)
    after = find(write(tmp_path, teams, MERGED))
    told = means(after)["Cafe"][0] * 14 - means(before)["Bistro"][0] * 8
    assert told / 6 == pytest.approx(4.75)


def test_small_teams_that_were_told_together_stay_together_after_a_merger(tmp_path):
    teams = {"Bar": BAR, "Bistro": [2, 3, 4], "Hall": HALL, "Yard": [1, 2, 3, 5]}
    before = find(write(tmp_path, teams, CHAIN))
    assert set(means(before)) == {"Bar", "Hall", "Bistro + Yard"}
    after = find(write(tmp_path, teams, MERGED))
    assert set(means(after)) == {"Cafe", "Hall", "Cafe + Yard"}
    assert means(after)["Cafe + Yard"] == means(before)["Bistro + Yard"]
    assert means(after)["Cafe"] == means(before)["Bar"]


def test_small_teams_that_merged_before_the_first_release_are_one_team(tmp_path):
    chain = MERGED.replace("[Bar, Bistro]", "[Bistro, Zoo]")
    found = find(write(tmp_path, {"Bistro": [2, 3, 4], "Hall": HALL, "Yard": BAR, "Zoo": [1, 5, 3]},
                       chain))  # fmt: skip
    assert means(found)["Cafe"] == (3.0, Coded.EXACT)
    assert set(means(found)) == {"Cafe", "Hall", "Yard"}


def test_teams_that_merged_across_two_groups_are_one_place_under_one_name(tmp_path):
    few = {"Bar": [1, 3, 5], "Hall": [2, 3, 4], "Bistro": [3, 3, 4], "Cox": [4, 4, 2]}
    east = "{from: [Bar, Cox], into: East, since: 2025}"
    west = "{from: [Hall, Bistro], into: West, since: 2025}"
    find(write(tmp_path, few, CHAIN))
    after = find(write(tmp_path, few, CHAIN.replace("merges: []", f"merges: [{east}, {west}]")))
    assert means(after) == {"East + West": (round(38 / 12, 9), Coded.EXACT)}


def test_a_merger_taken_back_shows_what_was_shown_at_first(tmp_path):
    teams = {"Bar": BAR, "Bistro": BISTRO, "Hall": HALL}
    first = find(write(tmp_path, teams, CHAIN))
    find(write(tmp_path, teams, MERGED))
    assert means(find(write(tmp_path, teams, CHAIN))) == means(first)


def test_names_changed_in_the_file_itself_are_refused(tmp_path):
    find(write(tmp_path, {"Bar": BAR, "Bistro": BISTRO, "Hall": HALL}, CHAIN))
    with pytest.raises(RefusedError, match="other people"):
        find(write(tmp_path, {"Cafe": BAR + BISTRO, "Hall": HALL}, CHAIN))


def test_a_top_box_beside_a_mean_is_added_up_only_of_teams_that_may_tell_it(tmp_path):
    top = MERGED.replace(
        "links:", "  top: {construct: mood, column: q1, scoring: top_box, low: 1, high: 5}\nlinks:"
    )
    found = find(write(tmp_path, {"Bar": HALF, "Bistro": BISTRO, "Hall": HALF}, top))
    assert set(means(found, "top")) == {"Cafe", "Hall"}
    share = means(found, "top")["Cafe"][0]
    assert share == means(found, "top")["Hall"][0]


def test_a_weighted_mean_of_two_teams_is_told_only_where_each_could_be(tmp_path):
    """Cafe less Bar would be the two of Bistro who said how many hours they work."""
    teams = {"Bar": BAR, "Bistro": BISTRO, "Hall": HALL}
    for chain in (CHAIN, MERGED):
        path = write(tmp_path, teams, chain.replace("column: q1", "column: q1, weight: hours"))
        rows = path.with_name("staff.csv").read_text("utf-8").splitlines()
        silent = [i for i, row in enumerate(rows) if row.startswith("Bistro")][2:]
        weighed = [row + (",10" if i not in silent else ",") for i, row in enumerate(rows)]
        weighed[0] = rows[0] + ",hours"
        path.with_name("staff.csv").write_text("\n".join(weighed) + "\n", "utf-8")
        found = find(path)
        assert set(means(found)) == ({"Bar", "Hall"} if chain is CHAIN else {"Hall"})


def weighed(folder, teams, chain):
    """Write a chain in which every measure is weighted, by hours that are the same for all."""
    for column in ("q1", "q2"):
        chain = chain.replace(f"column: {column}", f"column: {column}, weight: hours")
    path = write(folder, teams, chain)
    rows = path.with_name("staff.csv").read_text("utf-8").splitlines()
    told = [rows[0] + ",hours", *(row + ",10" for row in rows[1:])]
    path.with_name("staff.csv").write_text("\n".join(told) + "\n", "utf-8")
    return path


def test_weighted_means_alone_are_of_the_groups_of_the_first_release(tmp_path):
    """Cafe less Bar would be the three of Bistro."""
    teams = {"Bar": BAR, "Bistro": [2, 3, 4], "Hall": HALL, "Yard": [1, 2, 3, 5]}
    before = find(weighed(tmp_path, teams, CHAIN))
    after = find(weighed(tmp_path, teams, MERGED))
    assert set(means(before)) == {"Bar", "Hall", "Bistro + Yard"}
    assert set(means(after)) == {"Cafe", "Hall", "Cafe + Yard"}
    assert means(after)["Cafe"] == means(before)["Bar"]


def test_weighted_means_alone_are_known_again_under_another_source(tmp_path):
    teams = {"Bar": BAR, "Bistro": BISTRO, "Hall": HALL}
    find(weighed(tmp_path, teams, CHAIN))
    with pytest.raises(RefusedError, match="released before, as wave staff/2025"):
        find(weighed(tmp_path, teams, CHAIN.replace("staff: {path", "others: {path")))


def test_a_merger_takes_no_small_team_out_of_the_spread_that_was_told(tmp_path):
    """The SD with and without five people would be their squares, and so their answers."""
    one = {"Bar": [2, 4, 2, 4, 3], "Bistro": [2, 3, 4], "Yard": [1, 2, 5], "Hall": HALL}
    one["Attic"] = HALL[::-1]
    said = CHAIN.replace("  trust: {construct: mood, column: q2, low: 1, high: 5}\n", SALES)
    said = said.replace("mood: {column", "mood: {source: staff, column")
    said = said.replace("sources:", "sources:\n  till: {path: till.csv}").replace("trust", "sales")
    found = []
    for chain in (said, said.replace("merges: []", "merges: [" + INTO + "]")):
        path = write(tmp_path, one, chain)
        sold = "".join(f"{t},{2025},{i}\n" for i, t in enumerate(one))
        path.with_name("till.csv").write_text("team,year,sold\n" + sold, "utf-8")
        found.append({q.measure: q.sd for q in find(path).quality})
    assert found[0]["mood"] > 0
    assert not found[1]["mood"] > 0
