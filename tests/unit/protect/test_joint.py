"""Unit means and studies of one file: what they tell of a person together, row by row."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from anello.model.errors import RefusedError
from anello.model.promise import Promise, Secrecy
from anello.protect import ledger
from anello.protect.ledger import Candidate, Ledger, Reading
from anello.protect.ledger.joint import Told, joint
from anello.protect.ledger.joint_span import JointSpan, Placed

DAY = date(2026, 11, 22)
PROMISE = Promise("2026", Secrecy.TOKEN, date(2027, 3, 31))
FILE = Reading(("staff.csv",), "year", "2026", state="monday")
STUDY = replace(FILE, wave="")
N = 36


def order(seed, n=N):
    return np.random.default_rng(seed).permutation(n)


def means(at, wave="2026", state="monday", size=6):
    """The means of teams of six, of rows that stand at `at`."""
    reading = replace(FILE, wave=wave, state=state)
    atom = np.arange(len(at)) // size
    return Candidate(
        f"staff/{wave}", "atoms", "means", f"people {wave}", atoms=wave, atom=atom,
        reading=reading, at=at,
    )  # fmt: skip


def study(rows, weights, state="monday", at=None, reading=STUDY):
    """One sum over `rows` of the file, told by a study that reads all of them in its own order."""
    at = order(9) if at is None else at
    told = np.zeros((1, len(at)))
    told[0, np.isin(at, rows)] = weights
    return Candidate(
        "staff/study of team", "model", "sum", "people of the study", ("sum",), ("mean",), told,
        (5,), reading=replace(reading, state=state), at=at,
    )  # fmt: skip


def held(name, weights, **more):
    silent = np.zeros(weights.shape, bool)
    return Ledger(name, weights=weights, about=("",) * len(weights), silent=silent, **more)


def gate(folder, *candidates):
    return ledger.gate(folder, candidates, PROMISE, DAY)


def projection(rows):
    rows = np.asarray(rows, float)
    return np.linalg.pinv(rows) @ rows


def test_the_leverage_of_all_is_the_diagonal_of_the_projection_on_all():
    rng = np.random.default_rng(1)
    one, two, of = order(1)[:18], order(1)[18:], order(9)
    a, b = np.arange(18) // 6, np.arange(18) // 9
    first, second = rng.normal(size=(2, 18)), rng.normal(size=(1, 18))
    own = rng.normal(size=(3, N))
    rows = np.zeros((11, N))
    for i in range(3):
        rows[i, one[a == i]] = 1
    for i in range(2):
        rows[3 + i, two[b == i]] = 1
    rows[5:7, one], rows[7:8, two], rows[8:, of] = first, second, own
    span = JointSpan.of(
        [
            Placed(one, Ledger("1", atom=a, weights=first)),
            Placed(two, Ledger("2", atom=b, weights=second)),
        ],
        [Placed(of, held("s", own))],
    )
    assert span.rows == pytest.approx(np.diag(projection(rows)))


def test_of_the_rows_of_a_person_the_best_told_combination_counts():
    rng = np.random.default_rng(2)
    person, of = np.arange(N) // 3, order(9)
    own, atom = rng.normal(size=(8, N)), np.arange(N) // 6
    asked = Placed(of, held("s", own, person=person))
    span = JointSpan.of([Placed(np.arange(N), Ledger("1", atom=atom))], [asked])
    rows = np.zeros((14, N))
    rows[np.arange(N) // 6, np.arange(N)] = 1
    rows[6:, of] = own
    whole = projection(rows)
    most = max(
        np.linalg.eigvalsh(whole[np.ix_(of[person == i], of[person == i])])[-1] for i in range(12)
    )
    assert span.of_people(asked) == pytest.approx(most)


@pytest.mark.parametrize("study_first", [True, False])
def test_a_sum_of_five_beside_the_mean_of_their_six_would_tell_of_the_sixth(tmp_path, study_first):
    at = order(1)
    asked = [means(at), study(at[:5], 1.0)]
    first, second = asked[::-1] if study_first else asked
    assert gate(tmp_path, first)[0].allowed
    with pytest.raises(
        RefusedError, match=r"released of the same rows as staff/.*would tell 100 %"
    ):
        gate(tmp_path, second)


def test_a_sum_of_other_rows_may_stand_beside_the_means(tmp_path):
    gate(tmp_path, means(order(1)))
    [row] = gate(tmp_path, study(order(1)[:30], 1.0))
    assert row.values["leverage"] < 0.5


def test_answers_of_one_person_in_two_waves_are_counted_together():
    """Five of six in each wave: of each row little is told, of both together much."""
    one, two = np.arange(18), np.arange(18, 36)
    waves = [
        Told(
            replace(FILE, wave=w),
            Ledger(w, atom=np.arange(18) // 6, places={"monday": at}),
        )
        for w, at in (("1", one), ("2", two))
    ]
    told = np.zeros((1, N))
    told[0, [0, 18]], told[0, [7, 8, 13, 14, 25, 26, 31, 32]] = 1.0, 0.3
    told[0, [9, 10, 15, 16, 27, 28, 33, 34]] = -0.3
    for person, allowed in ((np.arange(N), True), (np.tile(np.arange(18), 2), False)):
        own = held("s", told, person=person, places={"monday": np.arange(N)})
        assert joint(Told(STUDY, own), waves).allowed is allowed


def test_after_the_file_has_changed_rows_are_known_once_its_waves_are_closed_again(tmp_path):
    at, moved = order(1), order(3)
    gate(tmp_path, means(at))
    late = study(moved[:30], 1.0, state="tuesday", at=order(5))
    with pytest.raises(RefusedError, match="which rows are the same cannot be told"):
        gate(tmp_path, late)
    gate(tmp_path, means(moved, state="tuesday"))
    assert gate(tmp_path, late)[0].allowed


def test_a_new_wave_in_a_longer_file_stands_apart_from_a_study_of_the_older_waves(tmp_path):
    gate(tmp_path, means(order(1)))
    gate(tmp_path, study(order(1)[:30], 1.0))
    assert gate(tmp_path, means(N + order(2), wave="2027", state="tuesday"))[0].allowed


def test_a_new_wave_in_a_changed_file_is_refused_where_a_study_knew_no_waves(tmp_path):
    gate(tmp_path, study(order(1)[:30], 1.0))
    with pytest.raises(RefusedError, match="which rows are the same cannot be told"):
        gate(tmp_path, means(order(2), wave="2027", state="tuesday"))


def test_rows_of_a_database_have_no_place_so_only_the_one_or_the_other_leaves(tmp_path):
    gate(tmp_path, replace(means(order(1)), at=None))
    with pytest.raises(RefusedError, match="a database gives them no place"):
        gate(tmp_path, replace(study(order(1)[:30], 1.0), at=None))


def test_of_a_wave_whose_weights_are_destroyed_no_study_leaves(tmp_path):
    gate(tmp_path, means(order(1)))
    ledger.destroy(tmp_path, "staff/2026", DAY)
    with pytest.raises(RefusedError, match="its private ledger is destroyed"):
        gate(tmp_path, study(order(1)[:30], 1.0))


def test_a_study_of_women_stands_apart_from_the_means_of_men(tmp_path):
    men = replace(means(order(1)), reading=replace(FILE, where=(("sex", "m"),)))
    gate(tmp_path, men)
    other = N + order(9)
    women = study(other[:5], 1.0, at=other, reading=replace(STUDY, where=(("sex", "f"),)))
    assert gate(tmp_path, women)[0].allowed


def test_who_is_filtered_apart_from_the_one_is_still_beside_the_other(tmp_path):
    """A sum of six men and five of six women: with the men's mean and the women's, one woman."""

    def only(sex, at):
        reading = replace(FILE, where=(("sex", sex),))
        told = replace(means(at), wave=f"{sex}/2026", people=sex, reading=reading)
        return replace(told, atoms=sex)

    men, women = np.arange(18), np.arange(18, 36)
    gate(tmp_path, only("m", men))
    assert gate(tmp_path, study(np.r_[men[:6], women[:5]], 1.0))[0].allowed
    with pytest.raises(RefusedError, match="would tell 100 %"):
        gate(tmp_path, only("f", women))


def test_two_rows_that_would_fall_on_one_are_never_laid_together(tmp_path):
    gate(tmp_path, means(order(1)))
    with pytest.raises(RefusedError, match="which rows are the same cannot be told"):
        gate(tmp_path, study([0], 1.0, at=np.zeros(N, np.int64)))


def test_places_are_kept_once(tmp_path):
    for _ in range(2):
        gate(tmp_path, means(order(1)))
    [path] = (tmp_path / "private").iterdir()
    size = path.stat().st_size
    gate(tmp_path, means(order(1)))
    assert path.stat().st_size == size


def test_a_sum_of_all_but_three_beside_the_means_is_the_sum_of_three(tmp_path):
    """Each of the three carries less than half, but at the end of the scale all would be told."""
    at = order(1)
    gate(tmp_path, means(at))
    with pytest.raises(RefusedError, match="fewer than 5 people stand behind it"):
        gate(tmp_path, study(np.setdiff1d(at, at[[0, 8, 16]]), 1.0))


def test_waves_that_share_rows_are_laid_over_one_another(tmp_path):
    """Another question of the same people is cut anew; a study of both meets both cuts."""
    at = order(1)
    other = replace(means(at, wave="2026"), wave="again/2026", people="same people", atoms="again")
    gate(tmp_path, means(at))
    gate(tmp_path, replace(other, atom=(np.arange(N) + 1) // 6 % 6))
    ledgers = [ledger.recall(tmp_path, w) for w in ("staff/2026", "again/2026")]
    rows = np.zeros((13, N))
    for j, one in enumerate(ledgers):
        rows[6 * j + one.atom, one.places["monday"]] = 1
    own = np.random.default_rng(5).normal(size=(1, N))
    rows[12] = own
    placed = [Placed(one.places["monday"], one) for one in ledgers]
    span = JointSpan.of(placed, [Placed(np.arange(N), held("s", own))])
    assert span.rows == pytest.approx(np.diag(projection(rows)))


def test_rows_without_an_answer_to_a_question_are_in_no_sum_of_it(tmp_path):
    """Two left the question out: neither the mean of their team nor the study holds them."""
    at = np.arange(N)
    told = np.zeros((1, N))
    told[0] = np.arange(N) - 17.5
    told[0, [3, 30]] = 0.0
    gone = told == 0.0
    asked = Candidate(
        "staff/study of team", "model", "slope", "people of the study", ("slope",),
        ("coefficient",), told, (N,), reading=STUDY, at=at, about=("q1",), silent=gone,
    )  # fmt: skip
    first = replace(means(at), columns=(("q1", "sum of q1", "digest"),))
    gate(tmp_path, first)
    assert gate(tmp_path, asked)[0].allowed
    placed = Placed(at, ledger.recall(tmp_path, "staff/2026"))
    left = placed.without(np.array([3, 30]))
    assert len(left.place) == N - 2
    assert np.bincount(left.ledger.atom).min() == 5


def test_of_columns_that_no_mean_tells_a_study_is_not_laid_beside(tmp_path):
    at = order(1)
    gate(tmp_path, replace(means(at), columns=(("q2", "sum of q2", "digest"),)))
    asked = replace(study(at[:5], 1.0), about=("q1",), silent=np.zeros((1, N), bool))
    assert gate(tmp_path, asked)[0].allowed


def test_atoms_that_got_too_small_are_told_with_their_neighbour():
    left = Placed(np.arange(N), Ledger("1", atom=np.arange(N) // 6))
    silent = np.array([0, 1, 20, 21, 35])
    assert np.bincount(left.without(silent).ledger.atom).tolist() == [0, 10, 10, 0, 6, 5]
    assert set(left.without(np.arange(3, 33)).ledger.atom) == {0}


def test_what_is_too_much_for_the_memory_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr("anello.protect.ledger.joint.LARGEST", 10)
    gate(tmp_path, means(order(1)))
    with pytest.raises(RefusedError, match="cannot be weighed together in memory"):
        gate(tmp_path, study(order(1)[:30], 1.0))
