"""Hand-made releases for the tests of the report room: every verdict, both grains, both ways.

`nhs` looks like hospital Trusts (figures of units), `shops` like a company of shops (people's
answers, a reverse loop, constructs that nothing measures), `few` like a firm of six shops.
The numbers are invented where a test needs a certain verdict.
"""

from dataclasses import replace
from functools import cache

from anello.model.chain import Chain, Construct, Grain, Link, Measure, Side, Source, Worth
from anello.model.evidence import (
    BETWEEN,
    BLOCK,
    LAGGED,
    PASS,
    TWO_WAVES,
    WARN,
    WITHIN,
    Check,
    Claim,
    Evidence,
    Level,
    Needs,
    Odds,
    Variant,
)  # fmt: skip
from anello.model.findings import (
    Driver,
    Findings,
    LagPoint,
    Quality,
    Released,
    SourceFact,
    UnitMean,
)  # fmt: skip
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.report import compose

SURE, UNSURE, SMALL = (
    Odds(0.9, 0.99, 0.001, 0.001),
    Odds(0.5, 0.7, 0.1, 0.2),
    Odds(0.01, 0.1, 0.8, 0.9),
)
OPS, EMP, CUS, MON = Side.OPERATIONS, Side.EMPLOYEE, Side.CUSTOMER, Side.MONEY
TRUSTS = Plural(Words("Trust", "Trust"), Words("Trusts", "Trust"))
SHOPS = Plural(Words("shop", "negozio"), Words("shops", "negozi"))
YEARS = Plural(Words("year", "anno"), Words("years", "anni"))
QUARTERS = Plural(Words("quarter", "trimestre"), Words("quarters", "trimestri"))


def construct(key, en, it, side):
    """A construct of both languages."""
    return Construct(key, Words(en, it), side)


def measured(constructs, grain, down=()):
    """One measure for each construct, by the same name."""
    return tuple(
        Measure(c.key, c.key, c.label, "s", (), grain=grain, higher_is_better=c.key not in down)
        for c in constructs
    )


def seen(link, level, std, half, odds, **more):
    """Evidence whose standardised estimate and half interval are these; SDs are 0.1 and 0.5."""
    worth = more.pop("worth", 0.1)
    between = level == Level.BETWEEN
    values = {
        "design": BETWEEN if between else WITHIN,
        "method": "plain means" if between else "unit and wave effects removed",
        "estimate": std * 5, "low": (std - half) * 5, "high": (std + half) * 5,
        "standardised": std, "sd_source": 0.1, "sd_target": 0.5, "se": half * 5 / 1.96, "df": 60.0,
        "units": 144, "waves": 8, "n": 1073, "worth": worth, "step": 0.1, "odds": odds,
        "only": link.only,
    }  # fmt: skip
    return Evidence(Claim(link.source, link.target, link.lag), level, **(values | more))


def both(link, between, within, **more):
    """Evidence at both levels; each is (standardised, half interval, odds)."""
    return (
        seen(link, Level.BETWEEN, *between, **more),
        seen(link, Level.WITHIN, *within, **more),
    )


def cannot(link, reason, **more):
    """A level at which nothing can be estimated."""
    check = Check("one_wave", BLOCK, reason)
    return Evidence(
        Claim(link.source, link.target, link.lag), Level.WITHIN, WITHIN, "none",
        units=120, waves=1, n=120, checks=(check,), only=link.only, **more,
    )  # fmt: skip


NHS = (
    construct("team", "Team climate", "Clima di squadra", EMP),
    construct("staffing", "Enough staff", "Personale sufficiente", EMP),
    construct("engagement", "Engagement", "Coinvolgimento", EMP),
    construct("burnout", "Burnout", "Esaurimento", EMP),
    construct("advocacy", "Would recommend as a place to work",
              "Lo consiglierebbe come luogo di lavoro", EMP),
    construct("retention", "Retention", "Permanenza", EMP),
    construct("shmi", "Mortality (SHMI)", "Mortalità (SHMI)", OPS),
    construct("waits", "A&E wait over 4 hours", "Attesa in pronto soccorso oltre 4 ore", OPS),
    construct("inpatient", "Inpatient score", "Voto dei ricoverati", CUS),
    construct("abuse", "Abuse by the public", "Aggressioni del pubblico", CUS),
    construct("loyalty", "Loyalty", "Fedeltà", CUS),
    construct("growth", "Growth and profit", "Crescita e profitto", MON),
)  # fmt: skip
NHS_MISSING = ("retention", "loyalty", "growth")


def nhs():
    """Nine measures, eight links, one of them leading back; three constructs nobody measures."""
    stepped = Worth(0.1, step=0.1)
    links = (
        Link("team", "engagement", worth=stepped),
        Link("staffing", "burnout", worth=stepped),
        Link("engagement", "shmi", worth=stepped),
        Link("engagement", "waits"),
        Link("burnout", "waits", controls=("staffing",)),
        Link("burnout", "inpatient", worth=stepped),
        Link("advocacy", "inpatient", only=(("benchmark_group", "Acute"),)),
        Link("abuse", "burnout", lag=1, worth=stepped),
    )
    two = "Two waves only."
    evidence = (
        *both(links[0], (0.57, 0.12, SURE), (0.63, 0.06, SURE), units=129),
        *both(links[1], (-0.65, 0.1, SURE), (-0.65, 0.1, SURE), wished=-1, units=126),
        *both(links[2], (-0.25, 0.15, SURE), (-0.01, 0.1, SMALL), wished=-1,
              checks=(Check("peers", WARN, "Inside peer groups the estimate is {peers}, "
                            "against {all} overall.", (("peers", -0.02), ("all", -0.01))),
                      Check("reliability", PASS, "{measure} is reliable: {icc2} between units.",
                            (("measure", "engagement"), ("icc2", 0.94)))),
              variants=(Variant("second:shmi", "shmi", -0.12, -0.3, 0.06, 140, 5, 600),
                        Variant("wave:2019", "2019", -0.2, -0.36, -0.04, 131, 1, 131))),
        *both(links[3], (-0.2, 0.15, UNSURE), (-0.11, 0.12, UNSURE), wished=-1, units=135, waves=4,
              needs=Needs(60, 4, "The interval holds both nothing and enough.")),
        seen(links[4], Level.BETWEEN, 0.595, 0.14, SURE, units=135, waves=2, n=270),
        seen(links[4], Level.WITHIN, 0.2, 0.18, UNSURE, units=135, waves=2, n=270,
             design=TWO_WAVES, checks=(Check("waves", BLOCK, two),), needs=Needs(None, 3, "")),
        seen(links[5], Level.BETWEEN, -0.29, 0.14, SURE, units=120, waves=1, n=120, wished=-1),
        cannot(links[5], "One year of data: nothing can be followed."),
        seen(links[6], Level.BETWEEN, 0.3, 0.1, SURE, units=120, waves=1, n=120),
        cannot(links[6], "One year of data: nothing can be followed."),
        *both(links[7], (0.48, 0.12, SURE), (0.24, 0.18, SURE), units=126, design=LAGGED),
    )  # fmt: skip
    own = tuple(c for c in NHS if c.key not in NHS_MISSING)
    chain = Chain(
        "nhs", Words("Hospital Trusts in England", "Trust ospedalieri in Inghilterra"), NHS,
        measured(own, Grain.UNIT, down=("shmi", "waits", "burnout", "abuse")), links,
        (Source("s", "trusts.csv"),), Units("trust_code", TRUSTS), Waves("year", YEARS),
    )  # fmt: skip
    team = Driver("engagement", "team", "within", 0.6, 0.5, 0.61, 0.6, 0.4, 129)
    staffing = Driver("engagement", "staffing", "within", 0.4, 0.2, 0.39, 0.4, 0.4, 129)
    found = Findings(
        chain, "0.1.0", "3f9a2c77d0e1",
        (SourceFact("s", "csv", 1073, "ab" * 32, ("12 rows of partial years dropped",)),),
        evidence,
        (UnitMean("engagement", "=RJ1", "2019", 3.8, 412),
         UnitMean("shmi", "RJ1", "2019", float("nan"), None)),
        (Quality("engagement", "2019", 131, 540000, 3.79, 0.11, icc2=0.94, response_rate=0.47),),
        (team, staffing),
        tuple(LagPoint("engagement", "shmi", k, -k / 100, -0.1, 0.09, 0.9, 144, 900)
              for k in range(4)),
        tried=16,
    )  # fmt: skip
    return Released(found, gate="exact n")


COMPANY = (
    construct("quality", "Internal service quality", "Qualità del servizio interno", EMP),
    construct("pride", "Pride", "Orgoglio", EMP),
    construct("stay", "Retention", "Permanenza", OPS),
    construct("value", "Value for the customer", "Valore per il cliente", OPS),
    construct("happy", "Satisfaction", "Soddisfazione", CUS),
    construct("loyal", "Loyalty", "Fedeltà", CUS),
    construct("profit", "Profit", "Profitto", MON),
)


def shops():
    """People's answers in 42 shops, with a way back; value and profit are not measured."""
    links = (
        Link("quality", "pride", worth=Worth(0.2, standardised=True)),
        Link("pride", "stay"),
        Link("stay", "happy"),
        Link("happy", "loyal"),
        Link("pride", "happy", worth=Worth(0.1, step=0.1)),
        Link("happy", "pride", lag=1),
    )
    small = {"persons": True, "units": 42, "waves": 8}
    evidence = (
        *both(links[0], (0.41, 0.2, SURE), (0.41, 0.08, SURE), n=3412, **small),
        *both(links[1], (0.3, 0.3, UNSURE), (0.05, 0.04, SMALL), n=1290, **small),
        *both(links[2], (0.3, 0.3, UNSURE), (-0.12, 0.08, SMALL), n=1290, **small),
        *both(links[3], (0.3, 0.3, UNSURE), (0.02, 0.09, SMALL), n=860, **small),
        *both(links[4], (0.38, 0.1, SURE), (0.38, 0.09, SURE), n=860, **small),
        *both(links[5], (0.38, 0.3, UNSURE), (0.12, 0.14, UNSURE), n=860, design=LAGGED,
              needs=Needs(14, 2, "The interval holds both nothing and enough."), **small),
    )  # fmt: skip
    missing = ("value", "profit")
    own = tuple(c for c in COMPANY if c.key not in missing)
    chain = Chain(
        "shops", Words("Sample company", "Azienda di prova"), COMPANY, measured(own, Grain.PERSON),
        links, (Source("s", "answers.csv", grain=Grain.PERSON),), Units("shop", SHOPS),
        Waves("quarter", QUARTERS),
    )  # fmt: skip
    quality = Quality(
        "pride", "2026-Q1", 42, 437, 3.9, 0.4, 0.84, 0.85, 0.12, 0.7, 0.8, 0.65, withheld=3
    )
    found = Findings(
        chain,
        "0.1.0",
        "77aa00bb11cc",
        (),
        evidence,
        (),
        (quality,),
        withheld=3,
        tried=12,
        ledger=("a1" * 32,),
    )
    return Released(found, gate="frozen groups and ledger")


def few():
    """Six shops: described only."""
    made = shops().value
    evidence = tuple(
        replace(e, units=6, odds=None, needs=Needs(4, None, "A verdict takes ten units."))
        for e in made.evidence
    )
    return Released(replace(made, evidence=evidence, withheld=0), gate="frozen groups and ledger")


def long():
    """Forty links in a chain of forty-one measures with long names."""
    name = "A measure whose name goes on and on, far longer than any picture has room for, number"
    own = tuple(
        construct(f"m{i}", f"{name} {i}", f"{name} {i}", (EMP, OPS, CUS, MON)[i // 11])
        for i in range(41)
    )
    links = tuple(Link(f"m{i}", f"m{i + 1}") for i in range(40))
    needs = Needs(60, 4, "The interval holds both nothing and enough.")
    evidence = tuple(
        e for link in links
        for e in both(link, (0.2, 0.3, UNSURE), (0.1, 0.2, UNSURE), needs=needs)
    )  # fmt: skip
    chain = Chain(
        "long", Words("A long chain", "Una catena lunga"), own, measured(own, Grain.UNIT), links,
        (Source("s", "s.csv"),), Units("unit", SHOPS), Waves("wave", QUARTERS),
    )  # fmt: skip
    return Released(
        Findings(chain, "0.1.0", "00ff00ff00ff", (), evidence, tried=80), gate="exact n"
    )


def empty():
    """A chain that was read but found nothing at all."""
    return Released(
        replace(shops().value, evidence=(), quality=(), withheld=0), gate="frozen groups and ledger"
    )


@cache
def files(release):
    """The files of one of these releases, composed once."""
    return compose(release())
