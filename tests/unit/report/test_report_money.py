"""Sums of money and chances in words, both languages, never without their interval."""

from dataclasses import replace

import pytest
from report_specimen import shops

from anello.model.evidence import Check, Claim, Level
from anello.model.money import Interval, MoneyFigure, WhatIf
from anello.model.plan import Prospect
from anello.model.words import Words
from anello.report.board import money_line
from anello.report.money_words import beside, counts, money, sentence, way
from anello.report.plan_lines import rows
from anello.report.reading import Reading
from anello.report.sections import SECTIONS
from anello.report.tables import table

RELEASED = shops()
LINK = RELEASED.value.chain.links[0]
SURE = MoneyFigure(
    "path", (LINK.source, LINK.target), "EUR", Level.WITHIN, 0.5, ("unit", "year"),
    Interval(310.0, 1234.0, 2140.0), everywhere=Interval(3100.0, 12340.0, 21400.0),
    conditional=False, units=10, waves=6, n=60,
)  # fmt: skip
REFUSED = MoneyFigure(
    "hours", (LINK.source,), "EUR",
    refused=Check("hours", "block",
                  "there is no figure in money: nothing measures the hours of managers."),
)  # fmt: skip


def reading(language="en", *figures, **more):
    value = replace(RELEASED.value, money=figures, **more)
    return Reading(value, RELEASED.gate, language)


def plain(text):
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "€1,234"), ("it", "1.234 €")], ids=["english", "italian"]
)
def test_a_sum_is_written_as_people_write_it(language, shown):
    assert plain(money(1234.0, "EUR", language)) == shown


def test_a_loss_bears_a_true_minus_and_nothing_bears_none():
    assert money(-1234.0, "EUR", "en") == "−€1,234"
    assert money(-0.2, "EUR", "en") == "€0"


def test_other_currencies_bear_their_own_sign():
    assert money(12.0, "GBP", "en") == "£12"
    assert plain(money(12.0, "CHF", "it")) == "12 CHF"


def test_a_sum_is_read_to_the_digits_that_its_interval_leaves():
    assert "€1,230 (from €310 to €2,140) per" in sentence(reading(), SURE)
    assert "1.230 € (da 310 € a 2.140 €) per" in plain(sentence(reading("it"), SURE))


def test_the_words_if_it_were_causal_stand_wherever_they_are_due():
    assert "If it were causal" not in sentence(reading(), SURE)
    unsure = replace(SURE, conditional=True)
    assert sentence(reading(), unsure).startswith("If it were causal: ")
    assert sentence(reading("it"), unsure).startswith("Se fosse una causa: ")
    cost = replace(unsure, kind="leavers", per=("year",))
    assert sentence(reading(), cost).startswith("If it were causal: ")


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_direct_link_is_laid_beside_with_the_word_that_they_disagree(language):
    both = replace(SURE, direct=Interval(4000.0, 5000.0, 6000.0), disagree=True)
    told = beside(reading(language), both)
    assert len(told) == 3
    assert "5,000" in told[1] or "5.000" in told[1]


def test_a_refusal_is_a_sentence_and_no_number():
    assert sentence(reading(), REFUSED).startswith("There is no figure in money")
    assert sentence(reading("it"), REFUSED).startswith("Non c’è una cifra in denaro")
    assert way(reading("it"), REFUSED) == "Ore dei responsabili"
    assert counts(reading(), REFUSED) == ""


def test_every_sum_says_how_much_stands_behind_it():
    assert "6 " in counts(reading(), SURE)
    assert "n 60" in counts(reading(), SURE)
    assert "n 60–69" in counts(reading(), replace(SURE, persons=True))


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_section_shows_paths_costs_and_the_what_if_only_if_asked(language):
    section = SECTIONS["money"].context
    assert section(reading(language)) is None
    asked = WhatIf(5.0, 1.3, 0.5, Words("One firm", "Una sola impresa"))
    made = section(reading(language, SURE, REFUSED, what_if=asked))
    assert (len(made["paths"]), len(made["costs"])) == (1, 1)
    assert made["asked"]["banner"] in ("One firm", "Una sola impresa")
    assert "1.3" in made["asked"]["text"] or "1,3" in made["asked"]["text"]
    assert section(reading(language, SURE))["asked"] is None


def test_the_board_reads_one_line_and_prefers_what_goes_together():
    assert money_line(reading()) == ""
    assert money_line(reading("en", REFUSED)) == ""
    line = money_line(reading("en", replace(SURE, conditional=True), SURE))
    assert "If it were causal" not in line
    assert line.endswith("1 more sum is in the report.")


def test_the_table_of_money_keeps_every_limit():
    found = table(reading("en", SURE, REFUSED), "money").to_pylist()
    assert (found[0]["low"], found[0]["middle"], found[0]["high"]) == (310.0, 1234.0, 2140.0)
    assert found[0]["if_causal"] == "no"
    assert found[1]["refused"].startswith("There is no figure")


PROSPECT = Prospect(
    Claim(LINK.source, LINK.target, LINK.lag), Level.WITHIN, 12, 6, 0.2, 0.31, 0.30, 0.001, 0.45,
    units_for=40, only=LINK.only,
)  # fmt: skip


@pytest.mark.parametrize(("language", "shown"), [("en", "0.45"), ("it", "0,45")])
def test_what_could_have_been_found_is_told_beside_what_is_needed(language, shown):
    made = reading(language, prospects=(PROSPECT,))
    told = SECTIONS["plans"].context(made)
    (row,) = told["rows"]
    assert (row["detectable"], row["seen"], row["nothing"]) == (shown, "31 %", "< 1 %")
    (line,) = rows(made.chain, (PROSPECT,), language)[2:]
    assert shown in line
    assert line.rstrip().endswith("-")
