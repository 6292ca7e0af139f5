"""What a reader is told of a claim, word for word, in both languages."""

from dataclasses import replace

import pytest
from report_specimen import SMALL, SURE, UNSURE, few, nhs, seen, shops

from anello.model.chain import Link, Worth
from anello.model.evidence import BLOCK, TWO_WAVES, Check, Level, Needs, Verdict
from anello.report.reading import Reading
from anello.report.sentences import both, sentence, word

DECLARED = Link("engagement", "shmi", worth=Worth(0.2, step=0.1))
DEFAULT = Link("engagement", "shmi")


def told(e, link, language="en", release=nhs):
    """Say it as a reader of the release would hear it."""
    made = release()
    return sentence(Reading(made.value, made.gate, language), e, link)


def within(std, half, odds, **more):
    """Evidence inside a unit; for one step of 0.1 the target shows half of `std`."""
    return seen(DECLARED, Level.WITHIN, std, half, odds, wished=-1, **more)


def test_a_link_that_goes_together_says_size_interval_and_step():
    e = within(-0.6, 0.4, SURE)
    assert told(e, DECLARED) == (
        "Go together inside Trusts over time: when engagement is one step (0.1) higher, "
        "mortality (SHMI) is 0.3 lower (0.1 to 0.5)."
    )
    assert told(e, DECLARED, "it") == (
        "Vanno insieme, dentro ogni Trust, nel tempo: quando «Coinvolgimento» segna un passo (0,1) "
        "in più, «Mortalità (SHMI)» segna 0,3 in meno (da 0,1 a 0,5)."
    )


def test_between_units_it_is_where_and_not_when():
    e = seen(DECLARED, Level.BETWEEN, -0.6, 0.4, SURE, wished=-1)
    assert told(e, DECLARED).startswith("Go together between Trusts: where engagement is one step")


def test_a_broken_link_without_effect_says_less_than_what_was_worth_it():
    e = within(-0.02, 0.1, SMALL, worth=0.2)
    assert told(e, DECLARED) == (
        "Breaks inside Trusts over time: if they go together at all, then by less than the 0.2 "
        "you said was worth it; when engagement is one step (0.1) higher, mortality (SHMI) is "
        "0.01 lower (from 0.06 lower to 0.04 higher)."
    )


def test_a_broken_link_that_is_real_says_so():
    e = within(-0.1, 0.04, SMALL, worth=0.2)
    assert "Breaks inside Trusts over time: real, but smaller than the 0.2 you said" in told(
        e, DECLARED
    )
    assert "c’è, ma è più piccolo della soglia di 0,2 detta prima" in told(e, DECLARED, "it")


def test_a_broken_link_that_runs_the_wrong_way_says_so():
    e = within(0.6, 0.4, SMALL, worth=0.2)
    assert told(e, DECLARED) == (
        "Breaks inside Trusts over time, the wrong way: when engagement is one step (0.1) higher, "
        "mortality (SHMI) is 0.3 higher (0.1 to 0.5)."
    )


def test_a_worth_that_nobody_said_is_not_put_into_their_mouth():
    e = within(-0.02, 0.1, SMALL, worth=0.2)
    assert "the 0.2 standard deviations taken as worth it" in told(e, DEFAULT)
    assert "you said" not in told(e, DEFAULT)


def test_a_worth_said_in_standard_deviations_is_quoted_so():
    link = replace(DEFAULT, worth=Worth(0.2, standardised=True))
    e = within(-0.02, 0.1, SMALL, worth=0.00896)
    assert "less than the 0.2 standard deviations you said was worth it" in told(e, link)


def test_an_interval_without_zero_is_never_rounded_onto_it():
    assert "0.240 lower (0.002 to 0.478)" in told(within(-0.48, 0.476, UNSURE), DECLARED)


def test_cannot_tell_yet_names_what_it_would_take():
    needs = Needs(14, 6, "")
    e = within(-0.11, 0.12, UNSURE, units=12, needs=needs)
    assert told(e, DECLARED).endswith("About 14 more Trusts, or 6 more years.")
    assert told(e, DECLARED, "it").endswith("Servono circa 14 Trust o 6 anni in più.")
    assert "in 12 Trusts" in told(e, DECLARED)


@pytest.mark.parametrize(
    ("units", "waves", "ending"),
    [(1, None, "About 1 Trust more."), (None, 1, "About 1 year more."), (None, 3, "3 more years.")],
)
def test_one_more_is_not_many_more(units, waves, ending):
    e = within(-0.11, 0.12, UNSURE, needs=Needs(units, waves, ""))
    assert told(e, DECLARED).endswith(ending)


def test_in_italian_one_serves_and_many_serve():
    one, many = (within(-0.11, 0.12, UNSURE, needs=Needs(None, n, "")) for n in (1, 2))
    assert told(one, DECLARED, "it").endswith("Serve circa 1 anno in più.")
    assert told(many, DECLARED, "it").endswith("Servono circa 2 anni in più.")


def test_a_reason_becomes_a_full_sentence():
    e = within(-0.11, 0.12, UNSURE, needs=Needs(None, 1, "change needs three waves"))
    assert told(e, DECLARED).endswith("About 1 year more. Change needs three waves.")


def test_two_waves_say_that_they_are_two():
    e = within(-0.11, 0.12, SURE, design=TWO_WAVES)
    assert told(e, DECLARED).endswith("Two years are too few to follow anything.")


def test_a_blocking_check_is_part_of_the_sentence():
    check = Check("partial", BLOCK, "{measure} covers {waves} months.",
                  (("measure", "shmi"), ("waves", 9)))  # fmt: skip
    e = within(-0.6, 0.4, SURE, checks=(check,))
    assert told(e, DECLARED).endswith("Mortality (SHMI) covers 9 months.")


def test_what_cannot_be_told_gives_its_reason():
    e = replace(within(-0.6, 0.4, SURE), estimate=None, standardised=None)
    assert told(e, DECLARED) == (
        "Cannot be told this way inside Trusts over time. The data hold nothing to estimate."
    )


def test_fewer_than_ten_units_are_described_without_an_interval():
    e = within(-0.6, 0.4, None, units=6)
    assert told(e, DECLARED) == (
        "Described only inside Trusts over time: 6 Trusts are too few for a verdict, which takes "
        "10; in these, when engagement is one step (0.1) higher, mortality (SHMI) is 0.30 lower."
    )


def test_a_lag_controls_and_a_cut_are_said():
    link = replace(DECLARED, lag=1, controls=("staffing",), only=(("group", "Acute"),))
    said = told(replace(within(-0.6, 0.4, SURE), only=link.only), link)
    assert "0.3 lower (0.1 to 0.5) 1 year later." in said
    assert said.endswith("Held equal: enough staff. Only where group = Acute.")


def test_one_standard_deviation_is_a_step_with_its_size():
    assert "is one standard deviation (0.1) higher" in told(within(-0.6, 0.4, SURE), DEFAULT)


def test_no_sentence_speaks_of_a_cause():
    forbidden = (
        "cause",
        "drive",
        "significan",
        "smile",
        "impact",
        "causa",
        "significativ",
        "guida",
    )
    for release in (nhs, shops, few):
        made = release()
        reading = Reading(made.value, made.gate)
        for pair in reading.pairs:
            for e in pair.rows:
                said = " ".join(both(reading, e, pair.link).values()).lower()
                assert not [w for w in forbidden if w in said]


def test_the_specimens_show_every_verdict_a_link_can_have():
    shown = {e.verdict for made in (nhs(), shops(), few()) for e in made.value.evidence}
    assert shown == set(Verdict) - {Verdict.HOLDS}


def test_a_verdict_word_begins_its_sentence_in_both_languages():
    for language in ("en", "it"):
        for release in (nhs, shops, few):
            reading = Reading(release().value, "gate", language)
            for pair in reading.pairs:
                for e in pair.rows:
                    begins = word(reading, e.verdict)
                    assert sentence(reading, e, pair.link).startswith(begins)
