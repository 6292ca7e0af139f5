"""A prior is refused where it would mislead, and three lines are always told."""

import pytest

from anello.link.published.borrowing import ThreeLines, ask, prior, three_lines
from anello.link.published.library import library
from anello.link.published.three_lines_told import told
from anello.model.errors import ModelError
from anello.model.evidence import Level, Verdict

ANSWERS = {
    "contact": "much",
    "relation": "relation",
    "personal": "personal",
    "labour_share": 60,
    "units": 12,
    "employees_per_unit": 8,
    "customers_per_unit": 900,
}
HARTER = library().effect("harter_engagement")


def lines(r: float, units: int, **more) -> ThreeLines:
    return three_lines(prior(HARTER, ANSWERS, tau=0.10, attenuation=0.9), r, units, **more)


def test_every_question_is_asked_before_anything_is_borrowed():
    assert {q.key for q in ask()} == set(ANSWERS)
    for key in ANSWERS:
        fewer = {k: v for k, v in ANSWERS.items() if k != key}
        with pytest.raises(ModelError, match=f"Answer '{key}'"):
            prior(HARTER, fewer, tau=0.1, attenuation=0.9)


def test_the_question_is_asked_in_the_readers_language():
    with pytest.raises(ModelError) as refused:
        prior(HARTER, {}, tau=0.1, attenuation=0.9)
    assert "Quanto si incontrano di persona" in refused.value.text("it")


def test_little_contact_brings_a_caution_and_changes_no_number():
    plain = prior(HARTER, ANSWERS, tau=0.1, attenuation=0.9)
    warned = prior(HARTER, ANSWERS | {"contact": "little"}, tau=0.1, attenuation=0.9)
    assert plain.cautions == ()
    assert "1.3 against 3.2 points" in warned.cautions[0].en
    assert (warned.mean, warned.tau, warned.se) == (plain.mean, plain.tau, plain.se)


def test_a_prior_for_the_opposite_measure_is_turned():
    turned = prior(HARTER, ANSWERS, tau=0.1, attenuation=0.9, turned=True)
    assert turned.mean == pytest.approx(-prior(HARTER, ANSWERS, tau=0.1, attenuation=0.9).mean)


@pytest.mark.parametrize(
    ("key", "options", "sentence"),
    [
        ("gallup_2024_profit", {"tau": 0.1}, "is a claim"),
        ("apqc_customers", {"tau": 0.1, "places": "firm"}, "is a claim"),
        ("glassdoor", {"tau": 0.1, "places": "firm"}, "no correlation to borrow"),
        ("brown_lam_quality", {"tau": 0.1}, "no correlation to borrow"),
        ("jaramillo", {}, "across people, not between places like yours"),
        ("otto", {"tau": 0.1}, "across companies, not between places like yours"),
        ("harter_engagement", {"attenuation": 0.9}, "publishes no spread"),
        ("harter_engagement", {"tau": 0.1}, "corrected for noise"),
        ("harter_engagement", {"tau": 0.1, "attenuation": 0.9, "level": Level.WITHIN}, "over time"),
        ("nhs_engagement_2019", {"tau": 0.1, "places": "organisation"}, "declare `se`"),
    ],
)
def test_borrowing_is_refused_where_it_would_mislead(key, options, sentence):
    with pytest.raises(ModelError, match=sentence):
        prior(library().effect(key), ANSWERS, **options)


@pytest.mark.parametrize("answer", [{"contact": "lots"}, {"units": "many"}, {"units": -1}])
def test_an_answer_that_is_none_is_refused(answer):
    with pytest.raises(ModelError):
        prior(HARTER, ANSWERS | answer, tau=0.1, attenuation=0.9)


def test_a_declared_spread_is_said_to_be_declared():
    spoken = told(lines(0.3, 40))
    assert "was declared, not published" in spoken[1].en
    assert "dichiarata, non pubblicata" in spoken[1].it


def test_when_own_data_are_silent_and_the_studies_are_not_nothing_can_be_told_yet():
    found = lines(0.35, 20)
    assert found.alone.verdict is Verdict.CANNOT_TELL_YET
    assert found.together.verdict is Verdict.GOES_TOGETHER
    assert (found.verdict, found.leans) == (Verdict.CANNOT_TELL_YET, 1)
    assert told(found)[3].en == "Cannot tell yet; the literature leans yes."
    assert told(found)[3].it.startswith("Non si può ancora dire; gli studi pubblicati propendono")


def test_against_a_wished_fall_the_same_studies_lean_no():
    found = lines(0.10, 20, wished=-1)
    assert found.together.verdict is Verdict.BREAKS
    assert (found.verdict, found.leans) == (Verdict.CANNOT_TELL_YET, -1)
    assert told(found)[3].en == "Cannot tell yet; the literature leans no."


def test_many_shops_speak_for_themselves():
    found = lines(0.40, 400)
    assert found.verdict is Verdict.GOES_TOGETHER
    assert found.leans == 0
    assert told(found)[3].en.startswith("They go together in your own data")


def test_nine_shops_are_described_only_alone_and_borrow_no_verdict():
    found = lines(0.50, 9)
    assert found.alone.verdict is Verdict.DESCRIBED_ONLY
    assert found.verdict is Verdict.CANNOT_TELL_YET
    assert found.borrowed > 0.8


def test_three_lines_are_told_and_say_how_much_is_borrowed():
    first, second, third, _ = told(lines(0.1, 12))
    assert first.en.startswith("Your data alone: 0.10 (")
    assert second.en.startswith("The literature alone: 0.30 (")
    assert "share of the precision that is borrowed: 8" in third.en
    assert "quota della precisione presa in prestito: 8" in third.it
