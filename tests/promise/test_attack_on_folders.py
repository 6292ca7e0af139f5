"""`anello attack` finds what leaks in released folders, and is silent where nothing does."""

import json
from pathlib import Path

import numpy as np
import pytest
from attacker import attack as clean_room
from attacker import mean as fact
from click.testing import CliRunner
from handmade import mean_of, release, row, staff

from anello.cli import app
from anello.protect.attack import Kind

LONG = [3, 4, 2, 5, 3, 4, 3, 2, 4, 3, 1, 4]
"""Twelve answers, mean 38/12."""


def attacked(*words):
    done = CliRunner().invoke(app, ["attack", *map(str, words), "--json", "--lang", "en"])
    assert done.exit_code in (0, 1), done.output
    return done.exit_code, json.loads(done.stdout)


def told(*words, lang="en"):
    return CliRunner().invoke(app, ["attack", *map(str, words), "--lang", lang])


def only(found):
    assert len(found["findings"]) == 1, [f["sentence"] for f in found["findings"]]
    return found["findings"][0]


def test_five_who_all_answered_five_are_found(tmp_path):
    code, found = attacked(release(tmp_path / "a", [row("Rome 1", [5] * 5), row("Rome 2", LONG)]))
    finding = only(found)
    assert code == 1
    assert finding["exact"] is True
    assert (finding["least"], finding["most"], finding["people"]) == (5, 5, [5, 9])
    assert finding["place"] == ["Rome 1"]
    assert [r for r in found["rows"] if r["exact"]] == [
        {"release": "a", "measure": "pay", "wave": "2026", "equations": 2, "exact": 5, "side": 5,
         "conditional": 0, "small": 0}
    ]  # fmt: skip


def test_a_mean_of_48_of_five_tells_everybodys_side_and_nobodys_answer(tmp_path):
    _, found = attacked(release(tmp_path / "a", [row("Rome 1", [5, 5, 5, 5, 4])]))
    finding = only(found)
    assert (finding["exact"], finding["side"], finding["least"]) == (False, True, 4)


def test_a_mean_of_46_of_five_tells_nothing(tmp_path):
    code, found = attacked(release(tmp_path / "a", [row("Rome 1", [5, 5, 5, 5, 3])]))
    assert (code, found["findings"]) == (0, [])


def test_a_coded_mean_tells_nothing(tmp_path):
    code, found = attacked(release(tmp_path / "a", [row("Rome 1", [5] * 5, code="or more")]))
    assert (code, found["findings"]) == (0, [])


def test_a_second_release_after_one_left_tells_that_answer(tmp_path):
    before = release(tmp_path / "march", [row("Rome 1", [3, 4, 2, 5, 3, 3, 5])])
    after = release(tmp_path / "april", [row("Rome 1", [3, 4, 2, 5, 3, 3])])
    code, found = attacked(before, after)
    finding = only(found)
    assert code == 1
    assert finding["kind"] == "told twice, and one person more or fewer"
    assert finding["certain"] is True
    assert finding["least"] == finding["most"] == 5
    assert [f["release"] for f in finding["figures"]] == ["march", "april"]
    assert {r["release"]: r["exact"] for r in found["rows"]} == {"march": 0, "april": 0, None: 1}


def test_where_the_band_leaves_it_open_the_answer_is_told_with_its_condition(tmp_path):
    before = release(tmp_path / "march", [row("Rome 1", [3, 4, 2, 5, 3, 4, 3, 2, 4, 5, 3, 4])])
    after = release(tmp_path / "april", [row("Rome 1", [3, 4, 2, 5, 3, 4, 3, 2, 4, 5, 3])])
    code, found = attacked(before, after)
    finding = only(found)
    assert (code, finding["certain"]) == (1, False)
    assert finding["cases"] == [
        {"n": [10, 11], "least": 3, "most": 3},
        {"n": [12, 11], "least": 4, "most": 4},
    ]


def test_a_recut_tells_the_one_who_stands_between(tmp_path):
    a, b, c = [3, 4, 5, 3, 3], [4], [2, 3, 4, 5, 2]
    one = release(tmp_path / "teams", [row("Rome 1", a), row("Rome 2 + Rome 3", b + c)])
    other = release(tmp_path / "shifts", [row("Rome 1 + Rome 2", a + b), row("Rome 3", c)])
    code, found = attacked(one, other)
    finding = only(found)
    assert code == 1
    assert finding["place"] == ["Rome 2"]
    assert (finding["people"], finding["least"], finding["most"]) == ([1, 1], 4, 4)
    assert finding["certain"] is True
    assert {(f["release"], f["place"]) for f in finding["figures"]} == {
        ("teams", "Rome 1"),
        ("teams", "Rome 2 + Rome 3"),
        ("shifts", "Rome 1 + Rome 2"),
        ("shifts", "Rome 3"),
    }


def test_four_who_are_left_by_difference_are_fewer_than_promised(tmp_path):
    a, b, c = [3, 4, 5, 3, 3], [4, 3, 2, 4], [2, 3, 4, 5, 2]
    one = release(tmp_path / "teams", [row("Rome 1", a), row("Rome 2 + Rome 3", b + c)])
    other = release(tmp_path / "shifts", [row("Rome 1 + Rome 2", a + b), row("Rome 3", c)])
    code, found = attacked(one, other)
    assert code == 1
    assert {f["kind"] for f in found["findings"]} == {"a group smaller than promised"}
    assert only(found)["people"] == [4, 4]


def test_whole_groups_told_in_another_order_tell_nothing(tmp_path):
    a, b, c = [3, 4, 5, 3, 3, 2], [4, 3, 2, 4, 5, 1, 3], [2, 3, 4, 5, 2]
    one = release(tmp_path / "old", [row("A", a), row("B + C", b + c)])
    other = release(tmp_path / "new", [row("A + B", a + b), row("C", c)])
    code, found = attacked(one, other)
    assert (code, found["findings"]) == (0, [])


def test_two_waves_of_the_same_team_tell_nothing(tmp_path):
    one = release(tmp_path / "2025", [row("Rome 1", LONG, wave="2025")])
    other = release(tmp_path / "2026", [row("Rome 1", LONG[:-1], wave="2026")])
    assert attacked(one, other)[0] == 0


def test_the_same_wave_told_alike_in_two_releases_tells_nothing(tmp_path):
    one = release(tmp_path / "2025", [row("Rome 1", LONG, wave="2025")])
    both = [row("Rome 1", LONG, wave="2025"), row("Rome 1", LONG[1:], wave="2026")]
    assert attacked(one, release(tmp_path / "2026", both))[0] == 0


def test_who_is_left_out_of_every_team_follows_from_the_whole(tmp_path):
    teams = {"A": [3, 4, 5, 3, 3], "B": [2, 3, 4, 5, 2, 3, 4]}
    everybody = [*teams["A"], *teams["B"], 1]
    whole = {"measure": "pay", "wave": "2026", "n_band": "10-19", "mean": mean_of(everybody)}
    rows = [row(u, a) for u, a in teams.items()]
    code, found = attacked(release(tmp_path / "a", rows, [whole]))
    assert code == 1
    assert (only(found)["people"], only(found)["least"], only(found)["most"]) == ([1, 1], 1, 1)
    full = whole | {"mean": mean_of(everybody[:-1])}
    assert attacked(release(tmp_path / "b", rows, [full]))[0] == 0


def test_the_whole_tells_what_a_code_keeps(tmp_path):
    teams = {"A": [5, 5, 5, 5, 5], "B": [2, 3, 4, 5, 2, 3, 4]}
    everybody = [*teams["A"], *teams["B"]]
    whole = {"measure": "pay", "wave": "2026", "units": 2, "n_band": "10-19",
             "mean": mean_of(everybody)}  # fmt: skip
    rows = [row("A", teams["A"], code="or more"), row("B", teams["B"])]
    assert attacked(release(tmp_path / "a", rows))[0] == 0
    code, found = attacked(release(tmp_path / "b", rows, [whole]))
    assert code == 1
    assert (only(found)["place"], only(found)["certain"]) == (["A"], False)
    assert {"n": [12, 5, 7], "least": 5, "most": 5} in only(found)["cases"]


def test_mean_and_spread_of_five_tell_the_whole_set(tmp_path):
    answers = [1, 3, 3, 4, 5]
    whole = {"measure": "pay", "wave": "2026", "n_band": "5-9", "mean": mean_of(answers),
             "sd": float(np.std(answers, ddof=1))}  # fmt: skip
    code, found = attacked(release(tmp_path / "a", [row("A", answers)], [whole]))
    assert code == 1
    assert [f["answers"] for f in found["findings"]] == [[1, 3, 3, 4, 5]]


def test_with_the_staff_list_a_recut_by_shift_names_the_one(tmp_path):
    answers = {f"p{i}": a for i, a in enumerate([3, 4, 5, 3, 3, 4, 2, 3, 4, 5, 2])}
    team = {p: "A" if i < 6 else "B" for i, p in enumerate(answers)}
    shift = {p: "day" if i < 5 else "night" for i, p in enumerate(answers)}

    def of(who, value):
        return [answers[p] for p in answers if who[p] == value]

    one = release(tmp_path / "teams", [row(t, of(team, t)) for t in "AB"])
    other = release(tmp_path / "shifts", [row(s, of(shift, s)) for s in ("day", "night")])
    lines = [
        {"person": p, "unit": team[p], "wave": "2026", "shift": shift[p], "answered": "yes"}
        for p in answers
    ]
    assert attacked(one, other)[0] == 0
    code, found = attacked(one, other, "--staff", staff(tmp_path / "staff.csv", lines))
    assert code == 1
    assert only(found)["who"] == ["p5"]
    assert (only(found)["least"], only(found)["most"]) == (4, 4)


def test_with_a_list_of_each_release_the_one_who_left_is_named(tmp_path):
    answers = dict(zip(["Ada", "Bea", "Cai", "Dan", "Eva", "Fay"], [3, 4, 2, 5, 3, 1], strict=True))
    before = release(tmp_path / "march", [row("A", list(answers.values()))])
    after = release(tmp_path / "april", [row("A", [v for p, v in answers.items() if p != "Fay"])])
    lines = [
        {"person": p, "unit": "A", "wave": "2026", "release": r}
        for r in ("march", "april")
        for p in answers
        if (r, p) != ("april", "Fay")
    ]
    code, found = attacked(before, after, "--staff", staff(tmp_path / "staff.csv", lines))
    assert code == 1
    assert only(found)["who"] == ["Fay"]
    assert (only(found)["exact"], only(found)["least"]) == (True, 1)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_both_attackers_agree_on_teams_and_shifts(tmp_path, seed):
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 6, 24)
    team, shift = np.repeat([0, 1, 2], 8), rng.integers(0, 3, 24)
    figures = {("t", t): np.flatnonzero(team == t) for t in range(3)}
    figures |= {("s", s): np.flatnonzero(shift == s) for s in range(3)}
    figures = {name: who for name, who in figures.items() if len(who) >= 5}
    by_room = clean_room([fact(who, answers[who].mean()) for who in figures.values()], 24)
    releases = [
        release(
            tmp_path / kind,
            [row(f"{k}{v}", answers[who].tolist()) for (k, v), who in figures.items() if k == kind],
        )
        for kind in "ts"
    ]
    lines = [
        {"person": i, "unit": f"t{team[i]}", "wave": "2026", "shift": f"s{shift[i]}",
         "answered": "yes"}
        for i in range(24)
    ]  # fmt: skip
    _, found = attacked(*releases, "--staff", staff(tmp_path / "staff.csv", lines))
    certain = [f for f in found["findings"] if f["certain"] and f["everyone"]]
    exact = {int(p) for f in certain if f["exact"] for p in f["who"]}
    sides = {int(p) for f in certain if f["side"] for p in f["who"]}
    assert exact == by_room.exact
    assert sides == {p for p in by_room.sign if answers[p] != 3}


def test_the_answer_is_told_in_words_and_in_italian(tmp_path):
    folder = release(tmp_path / "a", [row("Rome 1", [5] * 5)])
    english, italian = told(folder), told(folder, lang="it")
    assert "Pay, 2026. Rome 1: 5 to 9 people, each answer 5." in english.stdout
    assert "Paga, 2026. Rome 1: da 5 a 9 persone, ogni risposta 5." in italian.stdout


def test_the_page_for_representatives_names_every_kind():
    docs = Path(__file__).parents[2] / "docs" / "how-to"
    english = (docs / "attack.md").read_text("utf-8")
    assert [k.value for k in Kind if f"| {k.value.split(':')[0]} |" not in english] == []
    rows = [(docs / f"attack{x}.md").read_text("utf-8").count("\n| ") for x in ("", ".it")]
    assert rows == [len(Kind) + 1] * 2


def test_a_release_without_its_scale_asks_for_one(tmp_path):
    folder = release(tmp_path / "a", [row("Rome 1", [5] * 5)], scale=None)
    assert told(folder).exit_code == 2
    assert "--scale" in told(folder).stderr
    assert told(folder, "--scale", "1:5").exit_code == 1
    assert told(folder, "--scale", "pay=1:7").exit_code == 0
    assert told(folder, "--scale", "five").exit_code == 2


@pytest.mark.parametrize(
    "lines",
    [
        [{"person": "a", "unit": "A"}],
        [{"person": "", "unit": "A", "wave": "2026"}],
        [{"person": "a", "unit": "A", "wave": "2026", "answered": "perhaps"}],
    ],
)
def test_a_staff_list_that_cannot_be_read_is_refused(tmp_path, lines):
    folder = release(tmp_path / "a", [row("Rome 1", LONG)])
    assert told(folder, "--staff", staff(tmp_path / "staff.csv", lines)).exit_code == 2


def test_what_is_no_release_and_what_was_changed_is_refused(tmp_path):
    folder = release(tmp_path / "a", [row("Rome 1", LONG)])
    assert told(tmp_path / "nothing").exit_code == 2
    assert told(folder, folder).exit_code == 2
    (folder / "tables" / "unit_means.csv").write_text("measure\n")
    assert told(folder).exit_code == 2
