"""At its close a wave is cut into frozen groups, and every figure of them passes the ledger."""

import csv
from datetime import date
from random import Random

import pytest

from anello import run
from anello.model.atoms import Coded
from anello.model.errors import AuditError, RefusedError
from anello.model.promise import Promise, Secrecy
from anello.protect import campaign
from anello.protect import promise as promises
from anello.protect.ledger import Keeper
from anello.protect.ledger import read as ledger_lines

CHAIN = """
anello: 1
key: teams
confidentiality: {k: 5}
units: {column: team}
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

HALF = [5, 2, 5, 4] * 5
BIG = [1, 2, 3, 4, 5, 2, 3, 4, 3, 3, 4, 2, 3, 1, 5, 4, 3, 2, 4, 3]


def answers(**teams):
    """Return rows of two questions for each team: `q2` asks the same the other way round."""
    return [
        {"team": team, "year": "2025", "q1": q, "q2": 6 - q}
        for team, given in teams.items()
        for q in given
    ]


def write(folder, rows, chain=CHAIN):
    folder.mkdir(exist_ok=True)
    (folder / "chain.yaml").write_text(chain, encoding="utf-8")
    with (folder / "staff.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder / "chain.yaml"


def find(path, **how):
    heard = run.listen(path)
    return run.find(heard, keeper=run.keeping(heard.chain, heard.folder, **how))


def means(found, measure="mood"):
    return {m.unit: (m.mean, m.code) for m in found.means if m.measure == measure}


def test_a_team_of_three_is_told_together_with_its_neighbour(tmp_path):
    found = find(write(tmp_path, answers(Bar=[1, 2, 3, 4, 5], Bistro=[2, 3, 4], Hall=BIG)))
    assert means(found) == {
        "Bar + Bistro": (3.0, Coded.EXACT),
        "Hall": (3.05, Coded.EXACT),
    }


def test_five_who_all_said_five_are_told_as_four_and_a_half_or_more(tmp_path):
    found = find(write(tmp_path, answers(Bar=[5, 5, 5, 5, 5], Hall=BIG)))
    assert means(found)["Bar"] == (4.5, Coded.HIGH)
    assert means(found, "trust")["Bar"] == (1.5, Coded.LOW)


def test_the_same_answers_pass_again_under_the_same_lines(tmp_path):
    path = write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG))
    first = find(path)
    lines = len(ledger_lines(tmp_path / "ledger").rows)
    write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG)[::-1])
    again = find(path)
    assert again.means == first.means
    assert again.ledger == first.ledger
    assert len(ledger_lines(tmp_path / "ledger").rows) == lines


def test_a_second_run_cuts_the_same_groups_whatever_the_order_of_the_columns(tmp_path):
    swapped = CHAIN.replace("column: q1", "column: zeal")
    rows = [
        {"team": t, "year": "2025", "zeal": q, "q2": 1 + (q * i) % 5}
        for t in "abcdefghijkl"
        for i, q in enumerate([5, 5, 5, 4, 5, 5, 4, 5, 5, 3, 5, 5])
    ]
    path = write(tmp_path, rows, swapped)
    first = find(path)
    assert find(path).means == first.means
    assert {m.code for m in first.means} == {Coded.EXACT, Coded.HIGH}


def test_after_one_has_left_the_rest_is_not_told_again(tmp_path):
    path = write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG))
    run.run(path, tmp_path / "first")
    write(tmp_path, answers(Bar=[1, 2, 3, 4, 5], Hall=BIG))
    with pytest.raises(RefusedError, match="other people"):
        run.run(path, tmp_path / "second")
    assert not (tmp_path / "second").exists()


def test_an_answer_that_was_changed_is_not_told_beside_the_first(tmp_path):
    path = write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG))
    find(path)
    write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 4], Hall=BIG))
    with pytest.raises(RefusedError, match="the answers in q1 are not those"):
        find(path)


def test_another_question_of_the_same_people_may_follow(tmp_path):
    rows = answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG)
    first = find(write(tmp_path, rows, CHAIN.replace("trust ~ mood", "calm ~ mood").replace(
        "  trust: {", "  calm: {"
    )))  # fmt: skip
    more = CHAIN.replace(
        "links:", "  third: {construct: mood, column: q3, low: 1, high: 5}\nlinks:"
    )
    rows = [row | {"q3": 1 + i % 5} for i, row in enumerate(rows)]
    later = find(write(tmp_path, rows, more))
    assert means(later) == means(first)
    assert set(means(later, "third")) == {"Bar", "Hall"}


def test_the_same_answers_under_the_name_of_another_year_are_refused(tmp_path):
    rows = answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG)
    path = write(tmp_path, rows)
    find(path)
    write(tmp_path, [row | {"year": "2026"} for row in rows])
    with pytest.raises(RefusedError, match="released before, as wave staff/2025"):
        find(path)


def test_a_share_of_the_same_answers_as_a_mean_needs_four_groups_and_twenty_people(tmp_path):
    top = CHAIN.replace(
        "links:", "  top: {construct: mood, column: q1, scoring: top_box, low: 1, high: 5}\nlinks:"
    )
    found = find(write(tmp_path, answers(Bar=HALF[:12], Hall=HALF), top))
    assert set(means(found)) == {"Bar", "Hall"}
    assert set(means(found, "top")) == {"Hall"}


def test_a_share_alone_needs_ten(tmp_path):
    top = CHAIN.replace("column: q1, low", "column: q1, scoring: top_box, low")
    found = find(write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 1, 5], Hall=BIG), top))
    assert set(means(found)) == {"Hall"}
    assert set(means(found, "trust")) == {"Bar", "Hall"}


def test_a_weighted_mean_that_one_person_carries_is_not_told(tmp_path):
    weighed = CHAIN.replace("column: q1, low: 1", "column: q1, weight: w, low: 1")
    rows = [row | {"w": 1} for row in answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG)]
    rows[0]["w"] = 50
    found = find(write(tmp_path, rows, weighed))
    assert set(means(found)) == {"Hall"}
    assert means(found)["Hall"][0] == 3.05


class NoMood(Keeper):
    """A ledger that refuses every weighted mean of mood."""

    def admit(self, candidates):
        if any(c.what == "mood" for c in candidates):
            raise AuditError("it would tell too much.")
        return super().admit(candidates)


def test_weighted_means_that_the_ledger_refuses_are_left_out_and_said(tmp_path):
    weighed = CHAIN.replace("column: q1, low: 1", "column: q1, weight: w, low: 1")
    rows = [row | {"w": 1 + i % 2} for i, row in enumerate(answers(Bar=BIG, Hall=BIG))]
    heard = run.listen(write(tmp_path, rows, weighed))
    keeper = run.keeping(heard.chain, heard.folder)
    found = run.find(heard, keeper=NoMood(keeper.folder, keeper.promise, keeper.day))
    assert set(means(found, "trust")) == {"Bar", "Hall"}
    assert not means(found)
    [note] = found.sources[0].notes
    assert note == (
        "The weighted means of Mood in 2025 are left out, for the ledger refused them: it would "
        "tell too much."
    )
    assert "medie ponderate di Mood in 2025" in note.text("it")


def test_the_floor_of_the_promise_holds_where_it_is_higher(tmp_path):
    path = write(
        tmp_path,
        answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG, Yard=[1, 2, 3, 4, 5, 3, 2, 4]),
        CHAIN.replace("{k: 5}", "{k: 5, promise: promise.json}"),
    )
    promise = Promise("teams", Secrecy.CONFIDENTIAL, date(2030, 1, 1), scores=8)
    promises.write(promise, tmp_path / "promise.json")
    assert set(means(find(path))) == {"Bar + Hall", "Yard"}
    assert {row.k for row in ledger_lines(tmp_path / "ledger").rows} == {8}


def test_a_weaker_promise_for_the_same_wave_is_refused(tmp_path):
    path = write(tmp_path, answers(Hall=BIG, Bar=BIG), CHAIN.replace("k: 5", "k: 8"))
    find(path)
    write(tmp_path, answers(Hall=BIG, Bar=BIG))
    with pytest.raises(RefusedError, match="would lower the promise"):
        find(path)


def test_the_ledger_lies_where_the_organisation_keeps_it(tmp_path, monkeypatch):
    rows = answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG)
    path = write(tmp_path / "a", rows, CHAIN.replace("{k: 5}", "{k: 5, ledger: ../named}"))
    monkeypatch.setenv("ANELLO_LEDGER", str(tmp_path / "everywhere"))
    find(path)
    assert ledger_lines(tmp_path / "named").rows
    find(write(tmp_path / "b", rows))
    assert ledger_lines(tmp_path / "everywhere").rows
    find(path, ledger=tmp_path / "said")
    assert ledger_lines(tmp_path / "said").rows


def test_without_its_secret_the_ledger_lets_nothing_leave(tmp_path):
    path = write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG))
    find(path)
    (tmp_path / "ledger" / "private" / "seed").write_bytes(b"short")
    with pytest.raises(RefusedError, match="the secret of the ledger"):
        find(path)


def test_figures_of_persons_that_passed_no_ledger_are_not_released(tmp_path):
    heard = run.listen(write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG)))
    with pytest.raises(RefusedError, match="did not pass the ledger"):
        run.release(run.find(heard))


def test_reliability_that_would_tell_of_the_one_who_skipped_an_item_is_left_out(tmp_path):
    scale = CHAIN.replace("mood: {column: q1", "mood: {items: [q1, q2], min_items: 1")
    scale = scale.replace("mood, column: q2", "mood, column: q3")
    rows = [row | {"q2": 1 + i % 5, "q3": 1 + i % 4} for i, row in enumerate(answers(Hall=BIG * 3))]
    whole = find(write(tmp_path / "whole", rows, scale))
    assert [q.alpha is None for q in whole.quality if q.measure == "mood"] == [False]
    rows[7]["q2"] = ""
    one = find(write(tmp_path / "one", rows, scale))
    told = next(q for q in one.quality if q.measure == "mood")
    assert told.alpha is None
    assert told.mean == pytest.approx(next(iter(means(one).values()))[0])


DIARY = """
anello: 1
key: drivers
units: {column: depot}
waves: {column: year}
sources:
  diary: {path: staff.csv, grain: person}
studies:
  nights: {kind: diary, source: diary, roles: {person: driver, day: day}, formulas: [mood ~ sleep]}
"""


def diary(people, seed=0):
    random = Random(seed)
    return [
        {
            "driver": f"d{p:02}",
            "day": day,
            "sleep": random.randint(4, 9),
            "mood": random.randint(1, 5),
        }
        for p in range(people)
        for day in range(1, 11)
    ]


def test_a_diary_leaves_under_a_line_of_its_own_and_not_again_with_one_person_less(tmp_path):
    rows = diary(30)
    first = find(write(tmp_path, rows, DIARY))
    assert first.studies[0].effects
    assert [row.wave for row in ledger_lines(tmp_path / "ledger").rows] == ["diary/study of driver"]
    later = find(write(tmp_path, [r for r in rows if r["driver"] != "d07"], DIARY))
    assert not later.studies[0].effects
    assert later.studies[0].refused.name == "ledger"


def test_no_total_tells_what_a_code_keeps(tmp_path):
    rows = answers(Bar=[5, 5, 5, 5, 5, 5], Hall=BIG, Yard=BIG[:12])
    found = find(write(tmp_path, rows))
    assert means(found)["Bar"] == (4.5, Coded.HIGH)
    [told] = [q for q in found.quality if q.measure == "mood"]
    assert told.units == 2
    assert told.mean == pytest.approx(sum(BIG + BIG[:12]) / 32)


def test_the_splits_of_the_promise_hold_where_they_are_higher(tmp_path):
    top = CHAIN.replace("column: q1, low", "column: q1, scoring: top_box, low")
    path = write(tmp_path, answers(Bar=BIG, Hall=BIG), top)
    assert set(means(find(path))) == {"Bar", "Hall"}
    promise = Promise("teams", Secrecy.CONFIDENTIAL, date(2030, 1, 1), splits=40)
    promises.write(promise, tmp_path / "promise.json")
    (tmp_path / "ledger").rename(tmp_path / "old ledger")
    path.write_text(top.replace("{k: 5}", "{k: 5, promise: promise.json}"), "utf-8")
    assert means(find(path)) == {}


def test_answers_of_a_campaign_are_read_under_the_promise_beside_them(tmp_path):
    promise = Promise("teams", Secrecy.CARD, date(2030, 1, 1), scores=8)
    promises.write(promise, tmp_path / "promise.json")
    campaign.open_(tmp_path / "spring", tmp_path / "promise.json")
    path = write(tmp_path, answers(Bar=[1, 2, 3, 4, 5, 3], Hall=BIG))
    (tmp_path / "staff.csv").rename(tmp_path / "spring" / "answers.csv")
    there = CHAIN.replace("staff.csv", "spring/answers.csv")
    path.write_text(there, "utf-8")
    with pytest.raises(RefusedError, match=r"name it .* `promise: spring/promise\.json`"):
        run.listen(path)
    path.write_text(there.replace("k: 5", "promise: promise.json"), "utf-8")
    with pytest.raises(RefusedError, match="given under the promise beside them"):
        run.listen(path)
    path.write_text(there.replace("k: 5", "promise: spring/promise.json"), "utf-8")
    assert set(means(find(path))) == {"Bar + Hall"}


def test_every_ledger_cuts_by_a_secret_of_its_own(tmp_path):
    path = write(tmp_path, answers(Bar=BIG, Hall=BIG))
    heard = run.listen(path)
    seeds = {run.keeping(heard.chain, tmp_path, tmp_path / name).seed() for name in "abc"}
    assert {len(seed) for seed in seeds} == {32}
    assert len(seeds) == 3
    assert all(len(set(seed)) > 8 for seed in seeds)
    assert run.keeping(heard.chain, tmp_path, tmp_path / "a").seed() in seeds
