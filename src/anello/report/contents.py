"""What a release folder contains: evidence, tables, figures, pages and the board's sheet."""

from anello.model.findings import Findings, Released
from anello.model.words import LANGUAGES

from . import tables
from .board import sheet
from .drawing.picture import figures, listed, picture
from .literature import literature_pages
from .page import PAGES, page
from .reading import Reading
from .rows import evidence_json
from .smile import smile_pages

SHEETS = {"en": "board.pdf", "it": "board.it.pdf"}


def compose(released: Released[Findings]) -> dict[str, bytes]:
    """Return every file of a release but its manifest, as relative name -> bytes.

    A pure function: no clock, no chance, no network; equal releases give equal bytes. Only what
    `protect.release` let pass is known here.
    """
    found: dict[str, bytes] = {}
    for language in LANGUAGES:
        reading = Reading(released.value, released.gate, language)
        if language == "en":
            found["evidence.json"] = evidence_json(reading)
            found.update(tables.files(reading))
        found.update(figures(reading))
        found[PAGES[language]] = page(reading, picture(reading), listed(reading))
        found[SHEETS[language]] = sheet(reading)
        found.update(literature_pages(reading))
        found.update(smile_pages(reading))
    return dict(sorted(found.items()))
