"""What a chain file says of money and of plans, and what it may not say."""

import pytest

from anello.listen.chain_file import read_text
from anello.model.errors import ChainFileError
from anello.model.money import Amount

BASE = """
anello: 1
key: shops
units: {column: shop}
waves: {column: month, every: month}
sources: {till: {path: till.csv}}
constructs: {climate: {side: employee}, happy: {side: customer}, sales: {side: money}}
measures: {climate: {column: c}, happy: {column: h}, sales: {column: euro}}
links: [happy ~ climate, sales ~ happy, 'climate ~ lag(sales, 1)']
"""


def read(money):
    return read_text(f"{BASE}money: {money}\n").money


def test_a_plain_number_is_worth_exactly_that():
    found = read("{currency: EUR, worth: {sales: 1000}}")
    assert (found.currency, found.values[0].amount) == ("EUR", Amount(1000, 1000, 1000))


def test_waves_by_the_calendar_say_how_many_make_a_year():
    assert read("{currency: EUR}").waves_per_year == 12
    assert read("{currency: EUR, waves_per_year: 11}").waves_per_year == 11


def test_a_path_is_written_with_arrows():
    found = read("{currency: EUR, worth: {sales: 1}, paths: climate -> happy → sales}")
    assert found.paths == (("climate", "happy", "sales"),)


@pytest.mark.parametrize(
    ("money", "word"),
    [
        ("{currency: EURO}", "is no currency"),
        ("{worth: {sales: 1}}", "`currency` is missing"),
        ("{currency: EUR, worth: {profit: 1}}", "there is no measure called 'profit'"),
        ("{currency: EUR, worth: {sales: 0}}", "worth nothing"),
        ("{currency: EUR, worth: {sales: {low: 2, mid: 1, high: 3}}}", "rises"),
        ("{currency: EUR, worth: {sales: {mid: 1}}}", "`low` is missing"),
        ("{currency: EUR, worth: {sales: 1}, paths: climate}", "is no path"),
        ("{currency: EUR, worth: {sales: 1}, paths: climate -> }", "is no path"),
        ("{currency: EUR, worth: {sales: 1}, paths: climate -> sales}", "needs the link"),
        (
            "{currency: EUR, worth: {sales: 1}, paths: happy -> sales -> climate -> happy}",
            "comes back to 'happy'",
        ),
        ("{currency: EUR, paths: climate -> happy}", "nobody has said what one more"),
        ("{currency: EUR, waves_per_year: 0}", "above 0"),
        ("{currency: EUR, disengagement: {of: mood}}", "there is no measure called 'mood'"),
        (
            "{currency: EUR, disengagement: {of: climate, hours: {measure: sales, each: 0}}}",
            "is no cost",
        ),
        (
            "{currency: EUR, disengagement: {of: climate, hours: {measure: sales, each: -30}}}",
            "is no cost",
        ),
        (
            "{currency: EUR, disengagement: {of: climate, hours: "
            "{measure: sales, each: 30, makes: 0}}}",
            "above 0",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_line(money, word):
    with pytest.raises(ChainFileError, match=r"line 1[01]") as fault:
        read(money)
    assert word in str(fault.value)
    assert fault.value.text("it") != str(fault.value)


def test_a_plan_is_read_with_what_is_usual():
    plan = read_text(f"{BASE}plan: {{units: 20, waves: 6, size: 12}}\n").plan
    assert (plan.units, plan.waves, plan.size, plan.icc, plan.stable) == (20, 6, 12, 0.1, 0.5)


@pytest.mark.parametrize("wrong", ["units: 0", "icc: 1.5", "stable: 1", "reliability: 0"])
def test_a_plan_that_cannot_be_is_refused(wrong):
    keys = {"units": "20", "waves": "6"} | dict([wrong.split(": ")])
    written = ", ".join(f"{k}: {v}" for k, v in keys.items())
    with pytest.raises(ChainFileError, match="line 10"):
        read_text(f"{BASE}plan: {{{written}}}\n")
