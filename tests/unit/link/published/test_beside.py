"""Their finding beside ours, at its level, in both languages."""

import pytest

from anello.link.published.beside import beside
from anello.link.published.what_if import sears
from anello.model.chain import Chain, Construct, Grain, Item, Measure, Side, Source
from anello.model.errors import ModelError
from anello.model.evidence import BETWEEN, WITHIN, Claim, Evidence, Level
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words

SHOPS = Plural(Words("shop", "negozio"), Words("shops", "negozi"))


def chain(source: tuple[str, Side], target: tuple[str, Side]) -> Chain:
    constructs = tuple(Construct(k, Words(k, k), side) for k, side in (source, target))
    measures = tuple(
        Measure(c.key, c.key, c.label, "file", (Item(c.key),), "given", Grain.UNIT)
        for c in constructs
    )
    return Chain(
        key="demo",
        title=Words("Demo", "Prova"),
        constructs=constructs,
        measures=measures,
        links=(),
        sources=(Source("file", "data.csv", grain=Grain.UNIT),),
        units=Units("shop", SHOPS),
        waves=Waves("year", SHOPS),
    )


ENGAGED = chain(("engagement", Side.EMPLOYEE), ("satisfaction", Side.CUSTOMER))


def evidence(level: Level, slope: float, low: float, high: float, units: int = 40) -> Evidence:
    """Return evidence whose source has SD 2 and whose target has SD 4: standardised = slope / 2."""
    design = WITHIN if level is Level.WITHIN else BETWEEN
    return Evidence(
        Claim("engagement", "satisfaction"), level, design, "test", estimate=slope,
        standardised=slope / 2, low=low, high=high, sd_source=2.0, sd_target=4.0, units=units,
    )  # fmt: skip


def sentences(found) -> dict[str, Words]:
    return {told.effect.key: told.sentence for told in (*found.findings, *found.claims)}


def test_a_correlation_across_units_stands_beside_a_change_within_shops():
    own = (
        evidence(Level.BETWEEN, 0.6, 0.2, 1.0),
        evidence(Level.WITHIN, 0.12, -0.08, 0.32),
    )
    found = sentences(beside(ENGAGED, "engagement", "satisfaction", own))["harter_engagement"]
    assert found.en == (
        "Their finding is a correlation corrected for noise in the measures across units of other "
        "companies: 0.33 (Harter, Schmidt & Hayes, J. Applied Psychology 87, 2002; 36 independent "
        "samples; 7,939 units; as reported by others). Yours is 0.06 within your shops over time, "
        "interval −0.04 to 0.16."
    )
    assert found.it == (
        "Il loro risultato è una correlazione corretta per il rumore delle misure tra unità di "
        "altre imprese: 0,33 (Harter, Schmidt & Hayes, J. Applied Psychology 87, 2002; 36 campioni "
        "indipendenti; 7.939 unità; riportato da altri). Da voi è 0,06, seguendo negozi nel tempo, "
        "intervallo da −0,04 a 0,16."
    )


def test_a_correlation_across_companies_says_so():
    money = chain(("satisfaction", Side.CUSTOMER), ("money", Side.MONEY))
    own = (evidence(Level.BETWEEN, 0.6, 0.2, 1.0),)
    found = sentences(beside(money, "satisfaction", "money", own))["otto"]
    assert found.en.startswith("Their finding is a correlation across companies: 0.101 (Otto")
    assert found.en.endswith("Yours is 0.30 between your shops, interval 0.10 to 0.50.")


def test_claims_are_said_to_be_claims_and_stand_apart():
    found = beside(ENGAGED, "engagement", "satisfaction", ())
    assert all(t.effect.kind == "claim" for t in found.claims)
    assert all(t.effect.kind != "claim" for t in found.findings)
    assert found.claims[0].sentence.en.startswith("They claim ")
    assert found.claims[0].sentence.it.startswith("Loro affermano ")


def test_without_own_data_the_page_says_so():
    found = sentences(beside(ENGAGED, "engagement", "satisfaction", ()))["harter_engagement"]
    assert found.en.endswith("Yours cannot be told from these data.")


def test_nine_shops_are_described_only():
    own = (evidence(Level.BETWEEN, 0.6, 0.2, 1.0, units=9),)
    found = sentences(beside(ENGAGED, "engagement", "satisfaction", own))["harter_engagement"]
    assert found.en.endswith("Yours is 0.30 over 9 shops: too few to judge, described only.")
    assert found.it.endswith("Da voi è 0,30 su 9 negozi: troppo poco per giudicare, si descrive soltanto.")  # fmt: skip # noqa: E501


def test_staff_who_stay_are_the_opposite_of_staff_who_leave():
    stay = chain(("engagement", Side.EMPLOYEE), ("retention", Side.EMPLOYEE))
    found = beside(stay, "engagement", "retention", ())
    assert {t.turned for t in found.findings} == {True}
    assert "the opposite (staff who leave)" in found.findings[0].sentence.en


def test_the_opposite_is_named_on_whichever_side_it_stands():
    leave = chain(("retention", Side.EMPLOYEE), ("money", Side.MONEY))
    found = sentences(beside(leave, "retention", "money", ()))["park_total"]
    assert "the opposite (staff who leave)" in found.en


def test_the_way_back_is_shown_too():
    attitude = chain(("satisfaction_staff", Side.EMPLOYEE), ("satisfaction", Side.CUSTOMER))
    assert beside(attitude, "satisfaction_staff", "satisfaction", ()).findings == ()
    staff = chain(("morale", Side.EMPLOYEE), ("satisfaction", Side.CUSTOMER))
    keys = {t.effect.key for t in beside(staff, "morale", "satisfaction", ()).back}
    assert {"getta", "chi_gursoy"} <= keys


def test_an_unknown_link_has_nothing_beside_it_and_still_asks():
    canteen = chain(("canteen", Side.EMPLOYEE), ("parking", Side.CUSTOMER))
    found = beside(canteen, "canteen", "parking", ())
    assert found.findings == found.back == found.claims == ()
    assert [q.key for q in found.questions][:3] == ["contact", "relation", "personal"]


def test_five_points_at_sears_return_the_famous_numbers_under_their_banner():
    found = sears(5)
    assert (found.customer, found.growth) == pytest.approx((1.3, 0.5), abs=1e-12)
    assert (sears(10).customer, sears(10).growth) == pytest.approx((2.6, 1.0), abs=1e-12)
    assert found.banner.en.startswith("One firm, 1998, unpublished model")
    assert "non una previsione" in found.banner.it
    with pytest.raises(ModelError, match="number of points"):
        sears(float("nan"))
