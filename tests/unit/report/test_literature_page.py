"""Their finding and yours: the page, its marks, its three lines; and how sure shares are told."""

import csv
import io
import re
from dataclasses import replace

import pytest
from report_specimen import nhs
from test_report_page import Tags

from anello.link.literature import literature
from anello.model.published import Borrowing
from anello.report import compose
from anello.report.reading import Reading
from anello.report.sections import drivers

ANSWERS = (
    ("contact", "much"),
    ("relation", "relation"),
    ("personal", "personal"),
    ("labour_share", 60.0),
    ("units", 140.0),
    ("employees_per_unit", 6000.0),
    ("customers_per_unit", 40000.0),
)
BOTH = pytest.mark.parametrize("name", ["literature.html", "literature.it.html"])


def told(borrowing=None, **standards):
    """Compose the hospital specimen again, with what is published about its links."""
    made = nhs()
    chain = made.value.chain
    standards = {"shmi": "mortality"} | standards
    named = tuple(replace(c, standard=standards.get(c.key, c.standard)) for c in chain.constructs)
    chain = replace(chain, borrowing=borrowing, constructs=named)
    found = literature(chain, made.value.evidence)
    return compose(replace(made, value=replace(made.value, chain=chain, literature=found)))


def lent():
    said = Borrowing("unit", ANSWERS, spread=0.13, attenuation=0.8)
    return told(said, shmi="customer_satisfaction")


@BOTH
def test_the_page_closes_every_tag_and_every_id_and_anchor_is_whole(name):
    tags = Tags()
    tags.feed(lent()[name].decode())
    assert not tags.open
    ids = [attrs["id"] for _, attrs in tags.seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = {key for _, attrs in tags.seen for key in attrs.get("aria-labelledby", "").split()}
    assert named <= set(ids)


@BOTH
def test_the_page_asks_nobody_for_anything(name):
    page = lent()[name].decode()
    assert not re.search(r'(src|href)="https?:', page)
    assert "<script" not in page


def test_every_mark_that_is_used_is_explained():
    page = told()["literature.html"].decode()
    marks = dict(re.findall(r"<dt><b>(\w+)</b></dt><dd>([^<]+)</dd>", page))
    assert marks["V"] == "read at the source"
    assert marks["R"] == "recomputed from the raw data"
    assert set(re.findall(r'<abbr title="[^"]+">(\w+)</abbr>', page)) == set(marks)


def test_a_link_without_a_finding_says_so():
    page = told(engagement="none")["literature.html"].decode()
    assert "No published finding is declared for this link." in page


def test_open_questions_stand_on_the_page_until_they_are_answered():
    assert "How much do staff and customers meet in person?" in told()["literature.html"].decode()
    assert "Before anything is borrowed" not in lent()["literature.html"].decode()


def test_three_lines_are_drawn_with_the_same_figures_in_words():
    page = lent()["literature.html"].decode()
    (picture,) = re.findall(r'<svg[^>]*class="ip lines".*?</svg>', page, re.DOTALL)[:1]
    assert re.findall(r'class="head"[^>]*>([^<]+)<', picture) == [
        "Your data alone", "The literature alone", "Together",
    ]  # fmt: skip
    alone = re.search(r"Your data alone: (−?[\d.]+) \(", page).group(1)
    assert f"{alone} [" in picture.replace("+", "")


def test_the_report_leads_to_the_page_in_its_own_language():
    made = told()
    assert 'href="literature.html"' in made["report.html"].decode()
    assert 'href="literature.it.html"' in made["report.it.html"].decode()
    assert 'href="report.it.html"' in made["literature.it.html"].decode()


def test_the_table_holds_every_finding_and_the_lines_where_there_are_some():
    rows = list(csv.DictReader(io.StringIO(lent()["tables/published.csv"].decode())))
    harter = next(r for r in rows if r["finding"] == "harter_engagement")
    assert (harter["status"], harter["k"], harter["n"]) == ("V2", "36", "7939")
    assert float(harter["literature"]) == pytest.approx(0.33 * 0.8)
    assert {r["together"] for r in rows if r["way"] == "claim"} == {""}


def test_a_chain_without_links_has_no_page():
    made = nhs()
    assert "literature.html" not in compose(replace(made, value=replace(made.value, literature=())))


def sure(language, **changes):
    made = nhs()
    first, *rest = made.value.drivers
    first = replace(
        first, low=0.1, high=0.4, first=0.93, noise=0.05,
        **changes,
    )  # fmt: skip
    rest = [replace(d, low=0.0, high=0.1, first=0.01, noise=0.05, lmg=0.01) for d in rest]
    value = replace(made.value, drivers=(first, *rest))
    (group, *_) = drivers.SECTION.context(Reading(value, made.gate, language))["groups"]
    return group


def test_a_sure_first_place_and_the_yardstick_are_said():
    said = sure("en")["said"]
    assert "goes with it most in 93 % of repeated draws" in said[0]
    assert "up to 5.0 % (95 times in 100)" in said[1]
    assert "drives" not in " ".join(said)


def test_an_open_first_place_is_called_open():
    made = sure("it", copies=(), joint=None)
    assert "93 %" in made["said"][0]
    assert made["rows"][0]["limits"] == "[10; 40]"


def test_a_theme_below_the_yardstick_is_marked_as_noise():
    assert [row["noise"] for row in sure("en")["rows"]][-1] is True
    assert sure("en")["rows"][0]["noise"] is False


def test_near_copies_are_told_as_one():
    themes = [d.theme for d in nhs().value.drivers]
    said = sure("en", copies=("zz",), joint=0.6, joint_first=0.98)["said"]
    assert len(themes) > 1
    assert "as one they have 60 %, first in 98 %" in said[2]
