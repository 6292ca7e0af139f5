"""The verdict is the first rule that applies, and exactly one applies."""

from dataclasses import replace

import pytest

from anello.model.evidence import (
    BETWEEN,
    COMPARISON,
    LAGGED,
    TWO_WAVES,
    WITHIN,
    Check,
    Claim,
    Evidence,
    Level,
    Odds,
    Verdict,
)

STRONG = Odds(above_worth=0.80, above_half=0.99, p=0.001, q=0.004)
SMALL = Odds(above_worth=0.03, above_half=0.30, p=0.40, q=0.50)
UNSURE = Odds(above_worth=0.40, above_half=0.70, p=0.20, q=0.30)
ROW = Evidence(
    claim=Claim("engagement", "satisfaction"),
    level=Level.WITHIN,
    design=WITHIN,
    method="two-way within",
    estimate=0.3,
    units=40,
    waves=6,
    worth=0.2,
    step=1.0,
    odds=STRONG,
)


def test_a_strong_link_goes_together_but_never_holds():
    assert ROW.verdict is Verdict.GOES_TOGETHER


def test_the_same_numbers_hold_when_an_action_had_comparison_units():
    assert replace(ROW, design=COMPARISON).verdict is Verdict.HOLDS


def test_an_effect_surely_smaller_than_worth_it_breaks():
    assert replace(ROW, estimate=0.05, odds=SMALL).verdict is Verdict.BREAKS


def test_an_unsure_effect_cannot_be_told_yet():
    assert replace(ROW, odds=UNSURE).verdict is Verdict.CANNOT_TELL_YET


def test_a_large_p_after_counting_all_estimates_tried_is_not_enough():
    assert replace(ROW, odds=replace(STRONG, q=0.06)).verdict is Verdict.CANNOT_TELL_YET


def test_two_waves_cap_the_verdict_even_when_it_looks_broken():
    assert replace(ROW, design=TWO_WAVES, odds=SMALL).verdict is Verdict.CANNOT_TELL_YET


def test_a_blocking_check_caps_the_verdict_and_a_warning_does_not():
    warned = replace(ROW, checks=(Check("response_rate", "warn", "low"),))
    blocked = replace(ROW, checks=(Check("partial_periods", "block", "9 and 12 months"),))
    assert warned.verdict is Verdict.GOES_TOGETHER
    assert blocked.verdict is Verdict.CANNOT_TELL_YET


def test_nine_units_are_described_and_ten_are_judged():
    assert replace(ROW, units=9).verdict is Verdict.DESCRIBED_ONLY
    assert replace(ROW, units=10).verdict is Verdict.GOES_TOGETHER


def test_no_estimate_cannot_be_told_and_has_the_lowest_grade():
    empty = replace(ROW, estimate=None, odds=None)
    assert (empty.verdict, empty.grade) == (Verdict.CANNOT_BE_TOLD, "E")


def test_fewer_burnt_out_people_and_shorter_waits_count_as_the_wished_direction():
    lower = replace(ROW, estimate=-0.3, wished=-1)
    assert lower.verdict is Verdict.GOES_TOGETHER
    assert replace(ROW, estimate=-0.3, wished=1).verdict is not Verdict.GOES_TOGETHER


@pytest.mark.parametrize(
    ("design", "grade"), [(WITHIN, "C"), (LAGGED, "C"), (TWO_WAVES, "D"), (BETWEEN, "D")]
)
def test_the_grade_follows_from_the_design(design, grade):
    assert replace(ROW, design=design).grade == grade
