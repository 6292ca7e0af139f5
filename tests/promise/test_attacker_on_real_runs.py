"""The attacker reads the release folders of three surveys, made by the command a company runs."""

import csv

import numpy as np
import pytest
from attacker import Fact, attack, mean
from staff import WAVES, paths, staff

from anello import run

ITEMS = ["workload", "colleagues", "pay", "leader"]
CHAIN = """
anello: 1
key: company
units: {column: unit, hierarchy: [region]}
waves: {column: year}
sources:
  staff: {path: staff.csv, grain: person}
constructs:
  work: {side: employee}
measures:
  workload: {construct: work, column: workload, low: 1, high: 5}
  colleagues: {construct: work, column: colleagues, low: 1, high: 5}
  pay: {construct: work, column: pay, low: 1, high: 5}
  leader: {construct: work, column: leader, low: 1, high: 5}
links:
  - pay ~ leader
"""


def surveyed(people, folder):
    """Write what the staff answered as one file, and the chain that reads it."""
    (folder / "chain.yaml").write_text(CHAIN, encoding="utf-8")
    with (folder / "staff.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["year", "region", "unit", *ITEMS])
        for wave in range(WAVES):
            for person in people.there(wave):
                region, unit = paths()[people.unit[wave, person]]
                given = people.answers[wave, person]
                cells = ["" if np.isnan(a) else int(a) for a in given]
                writer.writerow([2020 + wave, region, unit, *cells])
    return folder / "chain.yaml"


def facts(people, release, item):
    """Return what the folder tells of one question, to somebody who holds the staff list."""
    found = []
    with (release / "tables" / "unit_means.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["measure"] == ITEMS[item]]
    for row in rows:
        wave = int(row["wave"]) - 2020
        units = [int(name.removeprefix("unit ")) for name in row["unit"].split(" + ")]
        given = ~np.isnan(people.answers[wave, :, item])
        who = np.flatnonzero(given & np.isin(people.unit[wave], units)) + 400 * wave
        bound = float(row["mean"]) * len(who)
        if row["code"] == "or more":
            found.append(Fact(who, bound, 5.0 * len(who)))
        elif row["code"] == "or less":
            found.append(Fact(who, 1.0 * len(who), bound))
        else:
            found.append(mean(who, float(row["mean"]), digits=9))
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_folders_of_three_years_give_nobody_away(seed, tmp_path):
    people = staff(seed)
    release = run.run(surveyed(people, tmp_path), tmp_path / "release").folder.path
    for item in range(4):
        told = facts(people, release, item)
        assert len(told) > 40
        found = attack(told, 400 * WAVES)
        given = int((~np.isnan(people.answers[:, :, item])).sum())
        assert not found.exact
        assert len(found.sign) / given <= 0.005
