"""The page "The smile at the counter": mood on shifts, for who runs a shop."""

from .page import NAMES, PAGES, SHEETS, environment
from .reading import Reading
from .sections.studies import SHIFTS, SMILE_PAGES, told
from .style import stylesheet


def smile_pages(reading: Reading) -> dict[str, bytes]:
    """Return the page of this language; none when no study is about shifts.

    Like the report it asks nothing of a network, and equal releases give equal bytes. The banner
    against ordering a smile stands on it whatever was found.
    """
    found = [s for s in reading.findings.studies if s.kind in SHIFTS]
    if not found:
        return {}
    other = "it" if reading.language == "en" else "en"
    text = environment().get_template("smile_page.html.j2").render(
        r=reading, say=reading.say, css=stylesheet(*SHEETS),
        studies=[told(reading, s, i) for i, s in enumerate(found, 1)],
        report=PAGES[reading.language], other=other, other_page=SMILE_PAGES[other],
        other_name=NAMES[other],
    )  # fmt: skip
    return {SMILE_PAGES[reading.language]: text.encode()}
