"""The page: what a browser, a screen reader, a phone and paper are given."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from report_specimen import empty, few, files, long, nhs, shops

from anello.model.words import Words
from anello.report import compose

VOID = {"meta", "link", "br", "img", "input", "path", "circle", "rect"}
RELEASES = pytest.mark.parametrize("release", [nhs, shops, few, long, empty])
PAGES = pytest.mark.parametrize("name", ["report.html", "report.it.html"])


class Tags(HTMLParser):
    """Collect tags in order and check that each closes what it opened."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.seen.append(("/" + tag, {}))

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def parsed(release, name="report.html"):
    tags = Tags()
    tags.feed(files(release)[name].decode())
    assert not tags.open
    return tags


@RELEASES
@PAGES
def test_a_page_closes_every_tag_and_names_every_id_once(release, name):
    ids = [attrs["id"] for _, attrs in parsed(release, name).seen if "id" in attrs]
    assert len(ids) == len(set(ids))


@RELEASES
@PAGES
def test_every_reference_inside_a_page_leads_somewhere(release, name):
    tags = parsed(release, name)
    ids = {attrs["id"] for _, attrs in tags.seen if "id" in attrs}
    for _, attrs in tags.seen:
        for reference in (attrs.get("aria-labelledby") or "").split():
            assert reference in ids
        href = attrs.get("href", "")
        assert not href.startswith("#") or href[1:] in ids


@PAGES
def test_a_page_asks_nothing_of_the_world(name):
    page = files(nhs)[name].decode()
    assert "<script" not in page
    assert "url(" not in page
    assert "@import" not in page
    for _, attrs in parsed(nhs, name).seen:
        for key in ("src", "href"):
            assert not re.match(r"(\w+:)?//", attrs.get(key, ""))


@RELEASES
def test_a_table_follows_every_figure(release):
    waiting = 0
    for tag, _ in parsed(release).seen:
        if tag == "/figure":
            waiting += 1
        elif tag == "table":
            waiting = 0
        elif tag == "article" or tag == "footer":
            assert waiting == 0 or release is empty


@PAGES
def test_every_picture_has_a_name_or_is_hidden(name):
    for tag, attrs in parsed(nhs, name).seen:
        if tag == "svg" and attrs.get("role") == "img":
            assert len(attrs["aria-labelledby"].split()) == 2
        elif tag == "svg" and "class" in attrs:
            assert attrs.get("aria-hidden") == "true" or attrs["class"] == "ic"


@PAGES
def test_every_header_cell_has_a_scope_and_every_table_a_caption(name):
    seen = parsed(nhs, name).seen
    assert all("scope" in attrs for tag, attrs in seen if tag == "th")
    tags = [tag for tag, _ in seen]
    assert tags.count("table") == tags.count("caption") > 5


def test_a_page_has_landmarks_a_skip_link_and_its_language():
    page = files(nhs)["report.it.html"].decode()
    assert '<html lang="it">' in page
    assert '<a class="skip" href="#main">Vai alla catena</a>' in page
    assert [page.count(f"<{tag}") for tag in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]


def test_the_first_thing_on_the_page_is_the_sentence_then_the_picture():
    page = files(nhs)["report.html"].decode()
    places = [page.index(x) for x in ("<h1>", "<svg xmlns", "<table", 'class="card link"')]
    assert places == sorted(places)
    assert "<h1>Between Trusts, 7 links of 8 go together. Inside each Trust" in page


def test_six_shops_are_drawn_and_not_judged():
    page = files(few)["report.html"].decode()
    assert "<h1>6 shops: enough to draw the chain, not to judge it.</h1>" in page
    assert 'class="v holds"' not in page


def test_what_is_withheld_is_hatched_and_says_its_floor():
    page = files(shops)["report.html"].decode()
    assert (
        '<p class="pool">3 figures were withheld: fewer than 5 answers stood behind each.' in page
    )
    assert '<td class="pool">3 shops, fewer than 5 answers</td>' in page


def test_missing_constructs_are_drawn_dashed_and_listed():
    page = files(nhs)["report.html"].decode()
    assert page.count('class="node side-emp missing"') == 1
    assert "<b>Loyalty</b>: nothing measures it yet." in page


def test_a_level_without_an_estimate_is_an_empty_box_that_says_why():
    page = files(nhs)["report.html"].decode()
    assert page.count('<p class="empty">One year of data: nothing can be followed.</p>') == 2


def test_a_label_cannot_bring_its_own_markup():
    made = shops()
    chain = made.value.chain
    evil = replace(chain.measures[0], label=Words("<script>x</script>", "<script>y</script>"))
    chain = replace(chain, measures=(evil, *chain.measures[1:]))
    found = compose(replace(made, value=replace(made.value, chain=chain)))
    for name in ("report.html", "report.it.html", "figures/chain.en.svg"):
        assert b"<script" not in found[name]


def test_the_number_of_claims_tried_is_printed():
    assert "16 estimates were tried" in files(nhs)["report.html"].decode()


def test_figures_of_their_own_carry_light_styles_and_need_nothing():
    for name, content in files(nhs).items():
        if name.endswith(".svg"):
            text = content.decode()
            assert "<style>" in text
            assert "@media" not in text
            assert "--bg: #FBFAF7" in text
