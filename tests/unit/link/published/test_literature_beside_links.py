"""Every link of a chain meets what is published about it; nothing is guessed, nothing is judged."""

from dataclasses import replace

import numpy as np
import pytest

from anello.link import judge
from anello.link.literature import literature
from anello.link.published.borrowing import ask
from anello.link.published.library import library
from anello.listen.chain_borrowing import QUESTIONS, STANDARDS
from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source, Worth
from anello.model.evidence import BETWEEN, WITHIN, Claim, Evidence, Level, Verdict
from anello.model.place import Plural, Units, Waves
from anello.model.published import Borrowing
from anello.model.words import Words
from anello.store.panel import Panel

SHOPS = Plural(Words("shop", "negozio"), Words("shops", "negozi"))
ANSWERS = (
    ("contact", "much"),
    ("relation", "relation"),
    ("personal", "personal"),
    ("labour_share", 35.0),
    ("units", 20.0),
    ("employees_per_unit", 8.0),
    ("customers_per_unit", 900.0),
)
LENT = Borrowing("unit", ANSWERS, spread=0.13, attenuation=0.8)
STAFF, GUESTS = ("engagement", Side.EMPLOYEE), ("satisfaction", Side.CUSTOMER)


def chain(*links, borrowing=None, constructs=(STAFF, GUESTS), standard=None):
    named = standard or {}
    return Chain(
        "shops",
        Words("shops", "negozi"),
        tuple(Construct(k, Words(k, k), side, named.get(k)) for k, side in constructs),
        tuple(Measure(k, k, Words(k, k), "s", (Item(k),)) for k, _ in constructs),
        links or (Link("engagement", "satisfaction"),),
        (Source("s", "-"),),
        Units("shop", SHOPS),
        Waves("month", SHOPS),
        borrowing=borrowing,
    )


def own(r, units=20, level=Level.BETWEEN, source="engagement", target="satisfaction"):
    """Return an own standardised figure with an interval of half a unit."""
    return Evidence(
        Claim(source, target), level, BETWEEN if level is Level.BETWEEN else WITHIN, "made up",
        estimate=r, low=r - 0.25, high=r + 0.25, standardised=r, sd_source=1.0, sd_target=1.0,
        units=units, waves=6, n=units, worth=0.2, step=1.0,
    )  # fmt: skip


def about(made, *evidence, icc2=None):
    (found,) = literature(made, evidence, icc2)
    return found


def lines(made, *evidence, icc2=None):
    found = about(made, *evidence, icc2=icc2).findings
    return next(one for one in found if one.key == "harter_engagement")


def test_the_published_finding_stands_beside_the_own_figure_and_both_levels_are_named():
    found = lines(chain(), own(0.5), own(0.1, level=Level.WITHIN))
    assert "across units of other companies: 0.33" in found.sentence.en
    assert found.sentence.en.endswith(
        "Yours is 0.10 within your shops over time, interval −0.15 to 0.35."
    )
    assert (found.status, found.mark.it) == ("V2", "riportato da altri")


def test_without_answers_the_questions_are_shown_and_nothing_is_borrowed():
    found = about(chain(), own(0.5))
    assert [q.en for q in found.open] == [q.ask.en for q in ask()]
    assert all(one.lines is None and one.refused is None for one in found.findings)


def test_one_open_question_is_enough_to_borrow_nothing():
    found = about(chain(borrowing=replace(LENT, answers=ANSWERS[1:])), own(0.5))
    assert [q.en for q in found.open] == ["How much do staff and customers meet in person?"]
    assert all(one.lines is None for one in found.findings)


def test_answered_questions_draw_three_lines_that_lean_and_never_judge():
    """20 shops with r = .42: alone cannot tell; with .33 x .8 lent, they would go together."""
    found = lines(chain(borrowing=LENT), own(0.42)).lines
    assert found.alone.verdict is Verdict.CANNOT_TELL_YET
    assert found.together.verdict is Verdict.GOES_TOGETHER
    assert (found.verdict, found.leans) == (Verdict.CANNOT_TELL_YET, 1)
    assert found.said[3].en == "Cannot tell yet; the literature leans yes."
    assert found.literature.r == pytest.approx(0.33 * 0.8)


def test_claims_of_consultancies_are_shown_and_lend_nothing():
    claims = [o for o in about(chain(borrowing=LENT), own(0.5)).findings if o.way == "claim"]
    assert claims
    assert all(one.lines is None and one.refused is None for one in claims)


@pytest.mark.parametrize(
    ("made", "evidence", "why"),
    [
        (chain(borrowing=replace(LENT, spread=None)), (own(0.4),), "publishes no spread"),
        (chain(borrowing=replace(LENT, attenuation=None)), (own(0.4),), "corrected for noise"),
        (chain(borrowing=replace(LENT, places="firm")), (own(0.4),), "not between places like"),
        (chain(borrowing=LENT), (own(0.4, units=3),), "at least four units"),
        (chain(borrowing=LENT), (), "at least four units"),
        (
            chain(Link("engagement", "satisfaction", peers="kind"), borrowing=LENT),
            (own(0.4),),
            "groups of peers",
        ),
    ],
)  # fmt: skip
def test_why_nothing_is_borrowed_is_said_in_both_languages(made, evidence, why):
    found = lines(made, *evidence)
    assert found.lines is None
    assert why in found.refused.en
    assert found.refused.it != found.refused.en


def test_answers_of_people_tell_the_attenuation_themselves():
    made = chain(borrowing=replace(LENT, attenuation=None))
    found = lines(made, own(0.4), icc2={"engagement": 0.81, "satisfaction": 0.64})
    assert found.lines.literature.r == pytest.approx(0.33 * 0.9 * 0.8)


def test_a_correlation_of_one_is_borrowed_as_ninety_nine():
    assert lines(chain(borrowing=LENT), own(1.0)).lines.alone.r == pytest.approx(0.99)


def test_a_construct_that_nothing_names_has_no_finding():
    made = chain(Link("spirit", "satisfaction"), constructs=(("spirit", Side.EMPLOYEE), GUESTS))
    found = about(made, own(0.4, source="spirit"))
    assert found.findings == ()
    assert found.read_as[0] is None
    assert found.read_as[1].en == "customer satisfaction"


def test_the_chain_says_what_its_construct_is_called_elsewhere():
    link = Link("spirit", "satisfaction")
    kinds = (("spirit", Side.EMPLOYEE), GUESTS)
    made = chain(link, constructs=kinds, standard={"spirit": "engagement"}, borrowing=LENT)
    assert lines(made, own(0.4, source="spirit")).lines is not None


def test_the_opposite_is_turned_and_said():
    link = Link("engagement", "stay")
    kinds = (STAFF, ("stay", Side.EMPLOYEE))
    made = chain(link, constructs=kinds, standard={"stay": "-turnover"}, borrowing=LENT)
    found = about(made, own(0.4, target="stay"))
    one = next(o for o in found.findings if o.key == "harter_engagement_turnover")
    assert found.read_as[1].en == "− staff who leave"
    assert one.turned
    assert one.lines.literature.r == pytest.approx(0.30 * 0.8)


def test_a_declared_none_turns_a_known_name_off():
    assert about(chain(standard={"engagement": "none"}), own(0.4)).findings == ()


def test_the_keys_of_the_chain_file_are_those_of_the_register():
    assert set(STANDARDS) == {m.key for m in library().meanings}
    assert tuple(q.key for q in ask()) == QUESTIONS
    fields = {q.key: {a.key for a in q.answers} for q in ask() if q.answers}
    assert fields == {
        "contact": {"much", "some", "little"},
        "relation": {"relation", "encounter"},
        "personal": {"personal", "other"},
    }


def test_no_verdict_changes_when_something_is_borrowed():
    rng = np.random.default_rng(1)
    stable = rng.normal(size=(30, 1))
    x, y = (stable + rng.normal(size=(30, 4)) for _ in range(2))
    unknown = np.full((30, 4), np.nan)
    units, waves = tuple(f"u{j}" for j in range(30)), ("1", "2", "3", "4")
    panel = Panel(units, waves, {"x": x, "y": y}, {"x": unknown, "y": unknown})
    made = chain(
        Link("x", "y", worth=Worth(0.2, standardised=True)),
        constructs=(("x", Side.EMPLOYEE), ("y", Side.CUSTOMER)),
        standard={"x": "engagement", "y": "customer_satisfaction"},
    )
    alone, lent = judge(panel, made), judge(panel, replace(made, borrowing=LENT))
    assert any(one.lines for one in lent.literature[0].findings)
    assert [e.verdict for e in alone.evidence] == [e.verdict for e in lent.evidence]
    assert alone.evidence == lent.evidence
