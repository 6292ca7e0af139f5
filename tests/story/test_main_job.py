"""The main job as a new user meets it: two commands, one folder, the same bytes."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NHS = ROOT / "examples" / "nhs" / "chain.yaml"


def anello(*words, cwd=ROOT, **environment):
    return subprocess.run(
        [sys.executable, "-c", "from anello.cli import main; main()", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ANELLO_LANG": "en", **environment},
    )


def digest(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def first(nhs_run):
    return nhs_run.place, nhs_run


def release(place):
    return next(p for p in (place / "releases").iterdir() if p.is_dir())


def test_the_run_prints_every_link_and_says_where_the_page_lies(first):
    place, done = first
    assert "Engagement → Mortality" in done.stdout
    assert str(Path("releases") / release(place).name / "report.html") in done.stdout
    assert "Next:" in done.stdout


def test_progress_goes_to_standard_error(first):
    _, done = first
    assert "Judging every link" in done.stderr
    assert "Judging every link" not in done.stdout


def test_a_release_has_every_page_in_both_languages(first):
    place, _ = first
    names = set(digest(release(place)))
    pages = {"report.html", "report.it.html", "board.pdf", "board.it.pdf"}
    assert pages | {"manifest.json", "evidence.json", "figures/chain.en.svg"} <= names
    assert {f"tables/{t}.{e}" for t in ("links", "unit_means") for e in ("csv", "parquet")} <= names


def test_the_picture_of_the_readme_is_the_one_this_run_draws(first):
    place, _ = first
    drawn = (release(place) / "figures" / "chain.en.svg").read_bytes()
    assert (ROOT / "docs" / "chain.svg").read_bytes() == drawn


def test_the_second_run_reuses_the_release_aloud(first):
    place, _ = first
    before = digest(release(place))
    again = anello("run", NHS, cwd=place)
    assert "Nothing changed" in again.stdout
    assert digest(release(place)) == before


def test_the_same_data_give_the_same_bytes_elsewhere(first, tmp_path):
    place, _ = first
    done = anello("run", NHS, "--out", tmp_path / "mine", PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "mine") == digest(release(place))


def test_times_and_machine_stand_beside_the_folder_not_in_it(first):
    place, _ = first
    log = json.loads(
        (place / "releases" / f"{release(place).name}.log").read_text().splitlines()[0]
    )
    assert log["seconds"] > 0
    assert log["python"] not in (release(place) / "manifest.json").read_text()


def test_changing_what_is_worth_acting_on_makes_another_release(first, tmp_path):
    text = NHS.read_text("utf-8").replace("worth_acting_on: 0.2 sd", "worth_acting_on: 0.01 sd")
    chain = tmp_path / "chain.yaml"
    chain.write_text(text.replace("path: data", f"path: {NHS.parent / 'data'}"), "utf-8")
    done = anello("run", chain, "--out", tmp_path / "r", "--json")
    assert done.returncode == 0, done.stderr
    strict = {
        (str(r["claim"]), r["level"]): r["verdict"] for r in json.loads(done.stdout)["evidence"]
    }
    rows = json.loads((release(first[0]) / "evidence.json").read_text())
    loose = {(str(r["claim"]), r["level"]): r["verdict"] for r in rows}
    assert strict != loose


def test_a_folder_that_exists_is_refused_in_one_sentence(tmp_path):
    done = anello("run", NHS, "--out", tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "exists already" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_report_verb_verifies_and_shows_in_italian(first):
    place, _ = first
    done = anello("report", release(place), "--lang", "it")
    assert done.returncode == 0
    assert "Coinvolgimento → Mortalità" in done.stdout
    assert "report.it.html" in done.stdout


def test_check_says_what_each_link_has_before_anything_is_fitted():
    done = anello("check", NHS)
    assert done.returncode == 0, done.stderr
    row = next(x for x in done.stdout.splitlines() if x.startswith("mortality ~ engagement"))
    assert "144" in row
    assert "1073" in row


def test_check_ends_with_one_when_the_chain_is_wrong(tmp_path):
    chain = tmp_path / "chain.yaml"
    chain.write_text("anello: 1\nkey: x\nlinkz: []\n", "utf-8")
    done = anello("check", chain)
    assert done.returncode == 1
    assert "line 3" in done.stderr


def test_help_and_doctor_answer():
    assert "run" in anello("--help").stdout
    assert json.loads(anello("doctor", "--json").stdout)["packages"]["duckdb"]
    assert "Analizza una catena" in anello("--help", ANELLO_LANG="it").stdout


@pytest.mark.parametrize("verb", [(), ("run",), ("fit",), ("campaign", "open")])
def test_the_help_in_italian_has_no_english_heading(verb):
    told = anello(*verb, "--help", ANELLO_LANG="it").stdout
    assert told.startswith("Uso: anello")
    assert "Mostra questo aiuto ed esce." in told
    english = ("Usage", "Options", "OPTIONS", "Commands", "COMMAND ", "Show", "default", "required")
    assert [word for word in english if word in told] == []


def test_help_loads_no_numbers():
    code = (
        "import sys; sys.argv = ['anello', '--help']\n"
        "from anello.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'ibis', 'duckdb', 'pyarrow', 'scipy', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
