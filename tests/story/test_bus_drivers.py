"""What was planted in the bus drivers' diary reaches the report; no person does."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from anello import run
from anello.model.errors import AnelloError, RefusedError
from anello.protect.release import release
from anello.report import compose
from anello.sample import diary
from anello.sample.drivers import INERTIA, MEDIATED, TRUTH, Roster, rows

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return diary(tmp_path_factory.mktemp("drivers") / "study", seed=1)


@pytest.fixture(scope="module")
def findings(study):
    return run.analyse(study, ledger=study.parent.parent / "ledger")


@pytest.fixture(scope="module")
def files(findings):
    return compose(release(findings))


def effect(findings, formula, name, level, source=None):
    return next(
        e
        for e in findings.studies[0].effects
        if (e.formula, e.name, e.level) == (formula, name, level) and source in (None, e.source)
    )


@pytest.mark.parametrize("planted", TRUTH, ids=lambda t: f"{t.formula} / {t.source}")
def test_what_was_planted_inside_and_between_lies_in_its_interval(findings, planted):
    for level, truth in (("within", planted.within), ("between", planted.between)):
        if truth is not None:
            found = effect(findings, planted.formula, "slope", level, planted.source)
            assert found.low <= truth <= found.high


def test_the_mask_hurts_on_the_day_and_old_hands_who_wear_it_more_rest_better(findings):
    inside = effect(findings, "insomnia ~ mask", "slope", "within")
    between = effect(findings, "insomnia ~ mask", "slope", "between")
    assert inside.low > 0
    assert between.high < 0


def test_nothing_is_found_where_nothing_was_planted(findings):
    inside = effect(findings, "conflict ~ mask", "slope", "within")
    assert inside.low < 0 < inside.high


def test_the_way_through_anxiety_is_found_with_its_parts(findings):
    formula = MEDIATED["formula"]
    for name, key in (("a*b", "product"), ("cov(a,b)", "covariance"), ("indirect", "indirect"),
                      ("direct", "direct"), ("total", "total")):  # fmt: skip
        found = effect(findings, formula, name, "within")
        assert found.low <= MEDIATED[key] <= found.high


def test_what_is_left_of_a_conflict_the_next_evening_is_found(findings):
    found = effect(findings, "ar1(conflict)", "phi", "within")
    assert found.low <= INERTIA <= found.high


def test_3276_prompts_are_sent_and_each_answer_stands_once():
    roster = Roster()
    assert roster.drivers * roster.days * 3 == 3276
    found = rows(roster, np.random.default_rng(1))
    keys = [tuple(row[i] for i in (0, 2, 3)) for row in found]
    assert len(keys) == len(set(keys))
    assert 0.8 < len(keys) / 3276 < 0.9


def test_the_page_says_opposite_signs_in_words_and_draws_both_levels(files):
    for name, opposite, inside in (
        ("report.html", "The signs are opposite", "Inside a person"),
        ("report.it.html", "I segni sono opposti", "Dentro una persona"),
    ):
        page = files[name].decode()
        assert page.count(opposite) == 2
        pictures = re.findall(r'<svg[^>]*class="ip study plain".*?</svg>', page, re.DOTALL)
        assert len(pictures) == 9
        assert all(inside in picture for picture in pictures)


def test_the_employer_sees_no_person(study, files):
    with (study.parent / "diary.csv").open() as file:
        people = {row["driver"] for row in csv.DictReader(file)}
    assert len(people) == 78
    pattern = re.compile(rb"\bd\d\d\b")
    for name, data in files.items():
        if name.endswith((".html", ".json", ".csv", ".svg")):
            assert not pattern.search(data), name
        if name.endswith(".parquet"):
            table = pyarrow.parquet.read_table(io.BytesIO(data))
            assert table.num_rows < 60, name
            assert not any(str(v) in people for c in table.columns for v in c.to_pylist()), name


def test_counts_of_people_leave_as_bands(files):
    table = list(csv.DictReader(files["tables/studies.csv"].decode().splitlines()))
    assert {row["persons_band"] for row in table} == {"70-79"}
    assert {row["persons"] for row in table} == {"70"}
    assert "78" not in {row["persons"] for row in table}


def test_a_release_of_the_same_diary_has_the_same_bytes(findings, files):
    assert compose(release(findings)) == files


def test_a_diary_of_nine_people_shows_nothing_at_all(tmp_path):
    found = run.analyse(diary(tmp_path / "few", roster=Roster(drivers=9, depots=2, stopped=0)))
    only = found.studies[0]
    assert only.effects == only.told == only.bands == ()
    page = compose(release(found))["report.html"].decode()
    assert "Fewer than 10 people took part" in page


def test_the_gate_refuses_a_study_that_forgot_its_floor(findings):
    leaked = replace(findings.studies[0], persons=9)
    with pytest.raises(RefusedError, match="fewer than 10 people"):
        release(replace(findings, studies=(leaked,)))


def test_the_bundled_example_is_what_the_product_writes(study):
    bundled = ROOT / "examples" / "bus_drivers"
    for name in ("chain.yaml", "diary.csv", "truth.json"):
        assert (bundled / name).read_bytes() == (study.parent / name).read_bytes()
    assert len(json.loads((bundled / "truth.json").read_text("utf-8"))["effects"]) == len(TRUTH)


def broken(study, tmp_path, find, put):
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in ("chain.yaml", "diary.csv"):
        text = (study.parent / name).read_text("utf-8")
        (folder / name).write_text(text.replace(*find, 1) if name == put else text, "utf-8")
    with pytest.raises(AnelloError) as error:
        run.analyse(folder / "chain.yaml")
    assert error.value.text("it") != str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("find", "said"),
    [
        (("kind: diary", "kind: dairy"), "did you mean 'diary'"),
        (("person: driver", "persons: driver"), "has no 'persons' under `roles`"),
        (("person: driver, ", ""), "which column is its 'person'"),
        (("- mood ~ sleep", "- mood ~ sleep *"), "no meaning in the formula"),
        (("- mood ~ sleep", "- mood ~ slep"), "did you mean 'sleep'"),
        (("grain: person", "grain: unit"), "a study reads rows of persons"),
    ],
)
def test_a_fault_in_the_chain_file_is_one_sentence_with_its_place(study, tmp_path, find, said):
    assert said in broken(study, tmp_path, find, "chain.yaml")


def test_a_prompt_that_stands_twice_is_shown_with_its_rows(study, tmp_path):
    with (study.parent / "diary.csv").open() as file:
        lines = file.read().splitlines()
    doubled = "\n".join([lines[1], lines[1]])
    said = broken(study, tmp_path, (lines[1], doubled), "diary.csv")
    assert "diary.csv, row 2 and row 3, column 'driver'" in said


def test_a_word_among_the_sliders_is_shown_with_its_row_and_column(study, tmp_path):
    lines = (study.parent / "diary.csv").read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    cells[4] = "well"
    said = broken(study, tmp_path, (lines[1], ",".join(cells)), "diary.csv")
    assert "row 2, column 'sleep': 'well' is not a number" in said
