"""A study of single answers and the unit means of the same file are weighed together."""

from random import Random

import pytest

from anello import run
from anello.model.errors import ChainFileError, RefusedError

HEAD = """
anello: 1
key: teams
units: {column: team}
waves: {column: year}
sources:
  staff: {path: staff.csv, grain: person}
  women: {path: staff.csv, grain: person, where: {sex: f}}
"""
MEANS = """
constructs:
  mood: {side: employee}
measures:
  mood: {source: staff, column: q1, low: 1, high: 5}
  trust: {construct: mood, source: staff, column: q2, low: 1, high: 5}
links:
  - trust ~ mood
"""
TEAM_BY_TEAM = """
studies:
  work:
    kind: mixed
    source: women
    title: {en: Work, it: Lavoro}
    roles: {unit: shift, person: who}
    formulas: ["q1 ~ factor(team) + (1 | shift)"]
"""
SLOPE = TEAM_BY_TEAM.replace("factor(team) + (1 | shift)", "q2 + (1 | shift)")


def write(folder, chain, years=(2025,), teams=8, seed=1, ends=(1, 5)):
    """Write teams of five women and one man a year; answers between 2 and 4 make no coded mean."""
    random, people = Random(seed), []
    for year in years:
        for i in range(6 * teams):
            answers = f"{random.randint(*ends)},{random.randint(*ends)}"
            sex = "f" if i % 6 else "m"
            people.append(f"T{i // 6},{year},{answers},{sex},S{i % 7},{year}p{i}")
    head = "team,year,q1,q2,sex,shift,who\n"
    (folder / "staff.csv").write_text(head + "\n".join(people) + "\n", "utf-8")
    (folder / "chain.yaml").write_text(chain, "utf-8")
    return folder / "chain.yaml"


def find(path):
    heard = run.listen(path)
    return run.find(heard, keeper=run.keeping(heard.chain, heard.folder))


def test_team_by_team_of_the_women_may_leave_alone(tmp_path):
    [study] = find(write(tmp_path, HEAD + TEAM_BY_TEAM)).studies
    assert study.refused is None
    assert len(study.effects) > 8


@pytest.mark.parametrize("language", ["en", "it"])
def test_beside_the_means_of_all_it_would_tell_of_the_one_man_of_each_team(tmp_path, language):
    found = find(write(tmp_path, HEAD + MEANS + TEAM_BY_TEAM))
    assert found.means
    [study] = found.studies
    reason = getattr(dict(study.refused.values)["reason"], language)
    said = {"en": "of the same rows as staff/2025", "it": "delle stesse righe (staff/2025)"}
    assert said[language] in reason
    assert not study.effects


def test_after_the_study_the_means_of_all_do_not_leave_either(tmp_path):
    find(write(tmp_path, HEAD + TEAM_BY_TEAM))
    with pytest.raises(RefusedError, match="would tell"):
        find(write(tmp_path, HEAD + MEANS))


def test_one_slope_of_all_women_stands_beside_the_means_and_stays_when_a_year_is_added(tmp_path):
    chain = HEAD + MEANS + SLOPE
    assert find(write(tmp_path, chain, teams=20)).studies[0].refused is None
    again = find(write(tmp_path, chain, years=(2025, 2026), teams=20))
    assert {m.wave for m in again.means} == {"2025", "2026"}
    assert "other people" in str(again.studies[0].refused)


WOMEN = "women: {path: staff.csv, grain: person, where: {sex: f}}"


@pytest.mark.parametrize(
    "place",
    [
        "path: 'staff*.csv'",
        "path: ./staff.csv",
        "path: staff.csv, table: x",
        "path: staff.csv, sheet: x",
    ],
)
def test_another_name_of_the_same_file_is_the_same_file(tmp_path, place):
    chain = HEAD.replace(WOMEN, WOMEN.replace("path: staff.csv", place)) + MEANS + TEAM_BY_TEAM
    [study] = find(write(tmp_path, chain)).studies
    assert "the same rows" in str(study.refused)


def test_a_folder_that_was_moved_with_its_ledger_holds_the_same_file(tmp_path):
    (tmp_path / "here").mkdir()
    find(write(tmp_path / "here", HEAD + MEANS))
    (tmp_path / "here").rename(tmp_path / "there")
    rows = (tmp_path / "there" / "staff.csv").read_text("utf-8")
    path = write(tmp_path / "there", HEAD + TEAM_BY_TEAM)
    (tmp_path / "there" / "staff.csv").write_text(rows, "utf-8")
    assert "the same rows" in str(find(path).studies[0].refused)


def test_a_kind_that_counts_its_rows_otherwise_is_not_laid_beside(tmp_path):
    """Qualtrics has a second header, so its first answer is the second of the same file as CSV."""
    other = WOMEN.replace("grain", "kind: qualtrics, grain")
    path = write(tmp_path, HEAD.replace(WOMEN, other) + MEANS + TEAM_BY_TEAM)
    assert "which rows are the same cannot be told" in str(find(path).studies[0].refused)


def test_a_study_counts_people_as_its_source_does(tmp_path):
    chain = HEAD.replace("where: {sex: f}", "where: {sex: f}, person: who") + TEAM_BY_TEAM
    with pytest.raises(ChainFileError, match="'who' is whose row it is"):
        find(write(tmp_path, chain.replace(", person: who}\n    formulas", "}\n    formulas")))


def test_rows_without_a_person_are_not_known_again_in_a_changed_file(tmp_path):
    chain = HEAD + SLOPE.replace(", person: who", "")
    path = write(tmp_path, chain, teams=20)
    assert find(path).studies[0].refused is None
    rows = (tmp_path / "staff.csv").read_text("utf-8").splitlines()
    first: dict[tuple[str, ...], int] = {}
    for i, row in enumerate(rows):
        j = first.setdefault(tuple(row.split(",")[2:6]), i)
        if rows[j].split(",")[0] != row.split(",")[0]:
            rows[i], rows[j] = rows[j], rows[i]
            break
    (tmp_path / "staff.csv").write_text("\n".join(rows) + "\n", "utf-8")
    path.write_text(chain.replace("q2 +", "q2 + factor(team) +"), "utf-8")
    assert "the file has changed since" in str(find(path).studies[0].refused)


def test_few_answers_that_are_missing_take_only_the_sizes_in_standard_deviations(tmp_path):
    path = write(
        tmp_path,
        HEAD + MEANS + SLOPE.replace("source: women", "source: staff"),
        teams=100,
        ends=(2, 4),
    )
    rows = (tmp_path / "staff.csv").read_text("utf-8").splitlines()
    for i in range(5, 600, 200):
        team, year, _, *rest = rows[i].split(",")
        rows[i] = ",".join([team, year, "", *rest])
    (tmp_path / "staff.csv").write_text("\n".join(rows) + "\n", "utf-8")
    [study] = find(path).studies
    assert study.refused is None
    assert [e.estimate for e in study.effects if e.name == "slope"] != []
    assert all(e.standardised is None for e in study.effects)
    assert "would tell of the few whose answers are not complete" in str(study.doubts)
