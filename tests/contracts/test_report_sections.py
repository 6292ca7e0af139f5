"""Every section of the page keeps the same contract; a new one is met here first."""

import sys
from pathlib import Path

import pytest

from anello.report.page import PAGES, page
from anello.report.reading import Reading
from anello.report.sections import SECTIONS

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))
from report_specimen import empty, nhs, shops

ROOM = Path(sys.modules["anello.report"].__file__).parent


@pytest.mark.parametrize("key", SECTIONS)
def test_a_section_has_a_template_of_its_name_and_a_title_in_both_languages(key):
    assert (ROOM / "templates" / f"{key}.html.j2").is_file()
    title = SECTIONS[key].title
    made = nhs()
    assert Reading(made.value, "", "it").say(title) != title


@pytest.mark.parametrize("key", SECTIONS)
def test_a_section_is_told_in_both_languages_or_left_out(key):
    for release in (nhs, shops, empty):
        made = release()
        for language in PAGES:
            reading = Reading(made.value, made.gate, language)
            context = SECTIONS[key].context(reading)
            assert (f'<section id="{key}"' in page(reading, "", "").decode()) == (
                context is not None
            )
