"""The page "their finding and yours": what is published about each link, its marks explained."""

from .page import NAMES, PAGES, SHEETS, environment
from .reading import Reading
from .sections.literature import OWN_PAGES, card
from .style import stylesheet


def literature_pages(reading: Reading) -> dict[str, bytes]:
    """Return the page of this language; none when the chain has no links.

    Like the report it asks nothing of a network, and equal releases give equal bytes.
    """
    found = reading.findings.literature
    if not found:
        return {}
    other = "it" if reading.language == "en" else "en"
    cards = [card(reading, about, i) for i, about in enumerate(found, 1)]
    text = environment().get_template("literature_page.html.j2").render(
        r=reading, say=reading.say, say_n=reading.say_n, css=stylesheet(*SHEETS),
        cards=cards, lent=any(one["lines"] for one in cards),
        open=[q.get(reading.language) for q in found[0].open], marks=_marks(reading),
        report=PAGES[reading.language], other=other, other_page=OWN_PAGES[other],
        other_name=NAMES[other],
    )  # fmt: skip
    return {OWN_PAGES[reading.language]: text.encode()}


def _marks(reading: Reading) -> list[tuple[str, str]]:
    """Return each mark that is used with its meaning, in the order of trust."""
    used = {one.status: one.mark for about in reading.findings.literature for one in about.findings}
    return [(m, used[m].get(reading.language)) for m in ("V", "V2", "R") if m in used]
