"""The ledger: what may leave, what may not and why, and that no crash opens it."""

import json
import multiprocessing
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anello.cli import app
from anello.model.errors import RefusedError
from anello.model.promise import Promise, Secrecy
from anello.protect import ledger
from anello.protect.atoms import cut
from anello.protect.ledger import Candidate, Ledger, audit
from anello.protect.ledger.audit import added
from anello.protect.ledger.public import NAME

DAY = date(2026, 11, 22)
PROMISE = Promise("2026", Secrecy.TOKEN, date(2027, 3, 31))
N = 60


def atoms(seed=0, wave="2026", people="all", n=N, unions=()):
    atom = np.random.default_rng(seed).permutation(n) // 6
    return Candidate(wave, "atoms", "means", people, atoms=f"cut {seed}", atom=atom, unions=unions)


def model(columns, wave="2026", people="all", sort="coefficient", members=N):
    weights = np.linalg.pinv(np.column_stack(columns))
    names = tuple(f"b{i}" for i in range(len(weights)))
    told = (sort,) * len(weights), weights, (members,) * len(weights)
    return Candidate(wave, "model", "pay on age", people, names, *told)


def plain():
    rng = np.random.default_rng(4)
    return [np.ones(N), rng.normal(size=N), np.arange(N) % 2.0]


def gate(folder, *candidates, promise=PROMISE, day=DAY):
    return ledger.gate(folder, candidates, promise, day)


def test_atoms_and_then_a_regression_may_leave(tmp_path):
    gate(tmp_path, atoms())
    [row] = gate(tmp_path, model(plain()))
    assert row.allowed
    assert row.seq == 2
    assert row.values["leverage"] < 0.5


def test_a_regression_with_a_dummy_for_one_person_has_leverage_one():
    dummy = (np.arange(N) == 7).astype(float)
    lever = ledger.leverage(Ledger("2026", weights=model([*plain(), dummy]).weights))
    assert lever[7] == pytest.approx(1.0)
    assert np.delete(lever, 7).max() < 0.25
    assert ledger.leverage(Ledger("2026", weights=model(plain()).weights)).max() < 0.25


def test_a_dummy_for_one_person_is_refused_in_words():
    found = audit(Ledger("2026"), model([*plain(), (np.arange(N) == 7).astype(float)]))
    assert not found.allowed
    assert "fewer than {k} people stand behind {name}" in found.sentence


def test_what_only_together_tells_of_one_person_is_refused_by_leverage(tmp_path):
    everybody, but_one = np.ones(N), (np.arange(N) != 7).astype(float)
    gate(tmp_path, model([everybody]))
    with pytest.raises(RefusedError, match=r"would tell 100 % of one person's answer"):
        gate(tmp_path, model([but_one]))


def test_leverage_agrees_with_the_hat_matrix_of_all_rows():
    cut, fit = atoms(), model(plain())
    told = ledger.leverage(Ledger("2026", atom=cut.atom, weights=fit.weights))
    rows = np.vstack(([cut.atom == a for a in range(10)], fit.weights)).astype(float)
    assert told == pytest.approx(np.diag(np.linalg.pinv(rows) @ rows))


def test_a_second_cut_is_refused(tmp_path):
    gate(tmp_path, atoms(0))
    with pytest.raises(RefusedError, match="second cut"):
        gate(tmp_path, atoms(1))


def test_a_second_release_after_one_leaver_is_refused(tmp_path):
    gate(tmp_path, atoms())
    with pytest.raises(RefusedError, match="other people"):
        gate(tmp_path, atoms(people="all but one", n=N - 1))


def test_the_same_answers_under_another_name_of_the_wave_are_refused(tmp_path):
    gate(tmp_path, atoms())
    with pytest.raises(RefusedError, match="released before, as wave 2026"):
        gate(tmp_path, atoms(1, wave="2026 again"))


def test_a_figure_of_half_an_atom_is_refused_and_one_of_whole_atoms_is_not():
    whole = np.flatnonzero(atoms().atom < 3)
    assert audit(Ledger("2026"), atoms(unions=(whole,))).allowed
    assert "whole groups" in audit(Ledger("2026"), atoms(unions=(whole[1:],))).sentence


@pytest.mark.parametrize("sort", ["residual", "fitted", "score", "minimum", "quantile", "leaf"])
def test_what_tells_of_single_persons_is_refused(sort):
    assert "never leaves" in audit(Ledger("2026"), model(plain(), sort=sort)).sentence


def test_a_group_of_four_is_refused_by_its_own_word_and_by_its_weights():
    four = (np.arange(N) < 4).astype(float)
    assert not audit(Ledger("2026"), model(plain(), members=4)).allowed
    assert not audit(Ledger("2026"), model([np.ones(N), four])).allowed


@pytest.mark.parametrize("weights", [np.full((1, N), np.nan), np.zeros((1, N)), np.zeros((0, 0))])
def test_without_weights_that_can_be_read_nothing_leaves(weights):
    m = len(weights)
    asked = Candidate("2026", "model", "", "all", ("b",) * m, ("mean",) * m, weights, (N,) * m)
    assert "no number leaves" in audit(Ledger("2026"), asked).sentence


def test_a_lower_k_than_was_promised_is_refused(tmp_path):
    high = Promise("2026", Secrecy.TOKEN, date(2027, 3, 31), scores=6)
    gate(tmp_path, atoms(), promise=high)
    with pytest.raises(RefusedError, match="lower the promise"):
        gate(tmp_path, model(plain()))


def test_all_leave_or_none(tmp_path):
    with pytest.raises(RefusedError):
        gate(tmp_path, atoms(), model([(np.arange(N) == 3).astype(float)]))
    assert [r.allowed for r in ledger.read(tmp_path).rows] == [False]


def test_the_same_release_again_stands_on_its_old_line(tmp_path):
    assert gate(tmp_path, atoms()) == gate(tmp_path, atoms())
    assert len(ledger.read(tmp_path).rows) == 1


def test_once_the_private_ledger_is_destroyed_nothing_more_leaves(tmp_path):
    gate(tmp_path, atoms())
    ledger.destroy(tmp_path, "2026", DAY)
    with pytest.raises(RefusedError, match="destroyed"):
        gate(tmp_path, model(plain()))
    assert ledger.faults(tmp_path) == ()


def test_a_private_ledger_that_was_taken_away_shuts_the_wave(tmp_path):
    gate(tmp_path, atoms())
    for path in (tmp_path / "private").iterdir():
        path.unlink()
    assert ledger.faults(tmp_path) == ("2026",)
    with pytest.raises(RefusedError, match="not whole"):
        gate(tmp_path, model(plain()))


def test_who_cuts_the_public_ledger_off_still_meets_the_private_one(tmp_path):
    gate(tmp_path, atoms(0))
    (tmp_path / NAME).unlink()
    with pytest.raises(RefusedError, match="second cut"):
        gate(tmp_path, atoms(1))


def test_a_clock_set_back_does_not_set_the_ledger_back(tmp_path):
    gate(tmp_path, atoms())
    [row] = gate(tmp_path, model(plain()), day=date(1999, 1, 1))
    assert row.day == "2026-11-22"


def test_a_crash_at_any_byte_of_the_public_ledger_loses_no_line_before_it(tmp_path):
    gate(tmp_path, atoms())
    first = len((tmp_path / NAME).read_bytes())
    gate(tmp_path, model(plain()))
    data = (tmp_path / NAME).read_bytes()
    for size in range(first, len(data)):
        (tmp_path / NAME).write_bytes(data[:size])
        chain = ledger.read(tmp_path)
        assert (len(chain.rows), chain.torn) == (1, size - first)
    gate(tmp_path, model(plain()))
    assert [r.seq for r in ledger.read(tmp_path).rows] == [1, 2]


def test_a_crash_at_any_byte_of_the_private_ledger_never_opens_it(tmp_path):
    gate(tmp_path, model([np.ones(N)]))
    [path] = (tmp_path / "private").iterdir()
    first = path.read_bytes()
    public = (tmp_path / NAME).read_bytes()
    gate(tmp_path, model(plain()))
    data = path.read_bytes()
    for size in {*range(len(first), len(data), 37), len(data)}:
        path.write_bytes(data[:size])
        (tmp_path / NAME).write_bytes(public)
        with pytest.raises(RefusedError, match="would tell"):
            gate(tmp_path, model([(np.arange(N) != 7).astype(float)]))
    path.write_bytes(first[:-1])
    with pytest.raises(RefusedError, match="not whole"):
        gate(tmp_path, model(plain()))


def test_a_changed_line_breaks_the_chain_and_nothing_leaves(tmp_path):
    gate(tmp_path, atoms())
    path = tmp_path / NAME
    path.write_text(path.read_text().replace('"allowed":true', '"allowed":false'))
    with pytest.raises(RefusedError, match="line 1 of the ledger"):
        gate(tmp_path, model(plain()))


def test_a_full_disk_is_a_refusal_and_leaves_the_ledger_whole(tmp_path, monkeypatch):
    gate(tmp_path, atoms())

    def full(handle, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("anello.protect.ledger.public.os.write", full)
        with pytest.raises(RefusedError, match="No space left"):
            gate(tmp_path, model(plain()))
    assert len(ledger.read(tmp_path).rows) == 1
    assert gate(tmp_path, model(plain()))[0].seq == 2


def _leave(folder, seed, answers):
    try:
        gate(folder, model([np.ones(N), np.random.default_rng(seed).normal(size=N)]))
        answers.put(True)
    except RefusedError:
        answers.put(False)


def test_two_processes_at_once_write_one_chain(tmp_path):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    running = [context.Process(target=_leave, args=(tmp_path, s, answers)) for s in range(4)]
    for process in running:
        process.start()
    told = [answers.get(timeout=60) for _ in running]
    for process in running:
        process.join(timeout=60)
    rows = ledger.read(tmp_path).rows
    assert sum(told) == sum(r.allowed for r in rows) == 4
    assert len({r.private for r in rows}) == 4


def test_the_public_ledger_holds_no_weights_and_no_rows(tmp_path):
    gate(tmp_path, atoms())
    [told] = [json.loads(line) for line in (tmp_path / NAME).read_text().splitlines()]
    assert not [v for v in told.values() if isinstance(v, list)]


def test_a_fit_by_weights_is_the_fit_itself():
    rng = np.random.default_rng(8)
    x = np.column_stack((np.ones(20), rng.normal(size=20), np.arange(20) < 9))
    y, rows = rng.normal(size=20), np.arange(5, 25)
    asked = ledger.of_fit("w", "p", "pay", x, ["a", "b", "c"], rows, 30)
    whole = np.zeros(30)
    whole[rows] = y
    assert asked.weights @ whole == pytest.approx(np.linalg.lstsq(x, y, rcond=None)[0])
    assert asked.members == (20, 20, 9)


def test_a_cut_is_entered_and_its_regression_follows(tmp_path):
    rng = np.random.default_rng(2)
    answers = rng.integers(1, 6, (60, 1)).astype(float)
    made = cut(
        answers, np.arange(60) // 20, [("a",), ("b",), ("c",)], np.zeros(60, int), bytes(32),
        wave="2026", items=["pay"], low=[1], high=[5],
    )  # fmt: skip
    people = ledger.people_of(answers, bytes(32))
    gate(tmp_path, ledger.of_cut(made, people, "means"))
    x = np.column_stack((np.ones(60), rng.normal(size=60)))
    asked = ledger.of_fit("2026", people, "pay on age", x, ["all", "age"], np.arange(60), 60)
    assert gate(tmp_path, asked)[0].values["leverage"] < 0.5


def _keep_leaving(folder, pipe):
    for seed in range(1000):
        wave = f"wave {seed}"
        [row] = gate(folder, atoms(seed, wave=wave, people=wave))
        pipe.send(row.hash)


@pytest.mark.slow
def test_what_was_answered_for_survives_a_hundred_kills(tmp_path):
    context = multiprocessing.get_context("fork")
    rng = np.random.default_rng(0)
    told: set[str] = set()
    answered = 0
    for round_ in range(100):
        mine, theirs = context.Pipe(duplex=False)
        folder = tmp_path / f"{round_ // 10}"
        process = context.Process(target=_keep_leaving, args=(folder, theirs))
        process.start()
        theirs.close()
        time.sleep(rng.uniform(0, 0.1))
        process.kill()
        process.join()
        told = told if round_ % 10 else set()
        try:
            while True:
                told.add(mine.recv())
                answered += 1
        except EOFError:
            pass
        if folder.exists():
            assert told <= {row.hash for row in ledger.read(folder).rows}
            assert ledger.faults(folder) == ()
    assert answered > 100


@given(st.binary(max_size=300))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_stands_in_the_file_it_is_read_or_refused_in_words(tmp_path, data):
    (tmp_path / NAME).write_bytes(data)
    whole = b"\n" in data
    with pytest.raises(RefusedError, match="was changed") if whole else nullcontext():
        assert ledger.read(tmp_path).torn == len(data)


@pytest.mark.parametrize("values", ["[" * 5000 + "]" * 5000, '{"a":' * 900 + "1" + "}" * 900])
def test_a_line_of_deep_lists_is_refused(tmp_path, values):
    gate(tmp_path, atoms())
    path = tmp_path / NAME
    told = json.loads(path.read_text()) | {"values": "HERE"}
    path.write_text(json.dumps(told).replace('"HERE"', values) + "\n")
    with pytest.raises(RefusedError, match="was changed"):
        ledger.read(tmp_path)


def test_two_variances_that_left_together_leave_together_again(tmp_path):
    rng, cut = np.random.default_rng(5), atoms()
    one = rng.uniform(1, 2, N) * rng.choice([-1, 1], N)
    other = np.where(cut.atom < 3, rng.permutation(one), one)
    told = ("variance",) * 2, np.array([one, other]), (N, N)
    asked = Candidate("2026", "model", "spread", "all", ("around", "inside"), *told)
    first = gate(tmp_path, cut, asked)
    assert gate(tmp_path, cut, asked) == first


@pytest.mark.parametrize("floor", ["splits", "comments", "live", "matched"])
def test_no_floor_of_a_promise_is_lowered_for_a_wave(tmp_path, floor):
    high = replace(PROMISE, **{floor: 60})
    gate(tmp_path, atoms(), promise=high)
    with pytest.raises(RefusedError, match=r"at least 60; .* would lower the promise"):
        gate(tmp_path, model(plain()))
    assert gate(tmp_path, model(plain()), promise=high)


def test_a_ledger_that_was_emptied_is_found_by_its_private_records(tmp_path):
    gate(tmp_path, atoms())
    (tmp_path / NAME).write_text("")
    assert ledger.untold(tmp_path) == 1
    found = CliRunner().invoke(app, ["ledger", "verify", str(tmp_path)])
    assert found.exit_code == 3
    assert "records of 1 waves of which no line tells" in found.output


def test_that_a_private_ledger_is_not_whole_is_written_too(tmp_path):
    gate(tmp_path, atoms())
    for path in (tmp_path / "private").iterdir():
        path.unlink()
    with pytest.raises(RefusedError, match="not whole"):
        gate(tmp_path, model(plain()))
    assert [r.allowed for r in ledger.read(tmp_path).rows] == [True, False]


def test_a_second_form_of_the_same_answers_is_refused_for_few_groups():
    told = audit_of(atoms(), "sum of q1")
    few = np.flatnonzero(atoms().atom < 3)
    asked = replace(atoms(unions=(few,)), columns=(("q1", "top_box of q1", "d"),))
    assert "were told in another form" in audit(told, asked).sentence
    many = replace(asked, unions=(np.arange(N),))
    assert audit(told, many).allowed


def audit_of(asked, form):
    return added(Ledger("2026"), replace(asked, columns=(("q1", form, "d"),)))
