"""Mood planted on the cafes' shifts reaches the report and its own page; no person does."""

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from anello import run
from anello.model.errors import ChainFileError, SourceError
from anello.protect.release import release
from anello.report import compose
from anello.sample import rota
from anello.sample.shifts import Rota


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return rota(tmp_path_factory.mktemp("cafes") / "study", seed=1)


@pytest.fixture(scope="module")
def findings(made):
    return run.analyse(made, ledger=made.parent.parent / "ledger")


@pytest.fixture(scope="module")
def files(findings):
    return compose(release(findings))


def slope(study):
    return next(e for e in study.effects if e.name == "slope")


def sentences(study):
    return [c.name for c in study.told]


def test_what_was_planted_among_colleagues_and_at_the_counter_lies_in_its_interval(findings):
    for study in findings.studies:
        found = slope(study)
        assert found.low <= 0.3 <= found.high
        assert found.low > 0
        assert sentences(study) == ["banner", "shift", "naive"]


def test_a_busy_day_alone_is_no_contagion_and_the_naive_figure_stands_beside(tmp_path):
    chain = rota(tmp_path / "study", seed=4, plan=Rota(passed=0.0, served=0.0))
    for study in run.analyse(chain).studies:
        assert "shift_open" in sentences(study)
        naive = next(e for e in study.effects if e.name == "naive")
        assert naive.estimate > 0.3
        assert naive.low is None


@pytest.mark.parametrize(
    ("page", "banner", "verdict"),
    [
        ("smile.html", "Do not order the smile", "go together, grade C"),
        ("smile.it.html", "Non ordinate il sorriso", "vanno insieme, grado C"),
    ],
)
def test_the_own_page_says_what_was_found_and_forbids_an_ordered_smile(
    files, page, banner, verdict
):
    text = files[page].decode()
    assert banner in text
    assert text.count(verdict) == 2
    assert text.count('class="ip study plain"') == 2
    assert text.count("<caption") == 2
    assert "<script" not in text
    assert page in files["report.html" if page == "smile.html" else "report.it.html"].decode()


def sheet(files, name):
    (page,) = PdfReader(io.BytesIO(files[name])).pages
    return " ".join(page.extract_text().split())


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("board.pdf", "On the shift: colleagues and customers", "go together, grade C"),
        ("board.it.pdf", "Nel turno: colleghi e clienti", "vanno insieme, grado C"),
    ],
)
def test_the_sheet_says_each_claim_with_its_interval_and_forbids_an_ordered_smile(
    files, findings, name, title, said
):
    text = sheet(files, name)
    assert title in text
    assert text.count(said) == 2
    for study in findings.studies:
        at, low = f"{slope(study).estimate:.2f}", f"{slope(study).low:.2f}"
        written = f"+{at} [{low}"
        assert (written if name == "board.pdf" else written.replace(".", ",")) in text
    assert ("Do not order the smile" if name == "board.pdf" else "Non ordinate") in text
    assert "Inside a person" not in text


def test_the_title_of_the_section_says_what_the_studies_are_about(findings):
    def title(*kept):
        studies = tuple(s for s in findings.studies if s.study in kept)
        page = compose(release(replace(findings, studies=studies)))["report.html"].decode()
        return re.search(r'<h2 id="studies-h">([^<]+)<', page)[1]

    assert title("colleagues", "smile") == "On the shift: colleagues and customers"
    assert title("colleagues") == "On the shift: from colleague to colleague"
    assert title("smile") == "On the shift: from staff to customers"


def test_a_release_without_shifts_has_no_such_page(findings):
    names = compose(release(replace(findings, studies=())))
    assert not any(name.startswith("smile") for name in names)


def test_no_file_names_a_person(made, files):
    people = set(re.findall(rb"\bw\d{3}\b", (made.parent / "shifts.csv").read_bytes()))
    assert len(people) == 120
    assert not any(person in data for data in files.values() for person in people)


def test_teams_that_never_change_are_refused_in_the_report(tmp_path):
    chain = rota(tmp_path / "study", seed=1, plan=Rota(fixed=True))
    found = run.analyse(chain)
    assert all(s.refused is not None and not s.effects for s in found.studies)
    files = compose(release(found))
    assert "no rotation" in files["smile.html"].decode()
    assert sheet(files, "board.pdf").count("no rotation") == 2
    assert "cannot be told from these rows" in sheet(files, "board.pdf")


def test_nine_people_are_too_few_to_be_shown(tmp_path):
    chain = rota(tmp_path / "study", seed=1, plan=Rota(cafes=1, people=9, days=30))
    for study in run.analyse(chain).studies:
        assert study.refused.name == "few_persons"
        assert not study.effects


def test_a_person_on_two_shifts_at_once_is_an_error_with_both_rows(tmp_path):
    chain = rota(tmp_path / "study", seed=1)
    path = chain.parent / "shifts.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[1].replace("early", "late")]) + "\n")
    with pytest.raises(SourceError, match=f"row 2 and row {len(lines) + 1}"):
        run.analyse(chain)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rating ~ mood_before", "rating + mood_before"),
        ("source: guests}", "source: guests, roles: {person: guest}}"),
        ("formulas: [mood", "customers: {source: guests}, formulas: [mood"),
        ("rating ~ mood_before", "rating ~ mood_before + mood_after"),
        ("roles: {person: person, site", "settings: {permutations: 7}, roles: {person: person, x"),
    ],
)
def test_a_claim_that_is_none_is_refused_where_it_stands(tmp_path, old, new):
    chain = rota(tmp_path / "study", seed=1)
    chain.write_text(chain.read_text().replace(old, new))
    with pytest.raises(ChainFileError):
        run.analyse(chain)
