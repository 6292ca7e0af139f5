"""A study of single answers and the unit means of the same file are weighed together."""

from random import Random

import pytest

from anello import run
from anello.model.errors import RefusedError

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


def write(folder, chain, years=(2025,), teams=8, seed=1):
    """Write teams of five women and one man a year."""
    random, people = Random(seed), []
    for year in years:
        for i in range(6 * teams):
            answers = f"{random.randint(1, 5)},{random.randint(1, 5)}"
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
