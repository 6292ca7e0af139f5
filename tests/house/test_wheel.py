"""What is shipped holds everything that runs and nothing that others own."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl"))).namelist()


def test_words_templates_and_styles_are_in_the_wheel(names):
    inside = {name.removeprefix("anello/") for name in names}
    assert {
        "model/locale/it/report.po",
        "report/templates/board.typ",
        "report/templates/page.html.j2",
        "report/static/tokens.css",
        "listen/templates/service_profit_chain.yaml",
        "listen/init/lexicon.toml",
        "protect/names.toml",
        "protect/law_guard/topics.toml",
        "protect/tokens/browser/token.js",
        "protect/tokens/browser/blindrsa/LICENSE.txt",
        "protect/tokens/browser/blindrsa/sjcl/bsd.txt",
        "score/text/lexicon.toml",
        "score/text/seeds.toml",
        "score/text/topics.toml",
        "sample/chain.yaml",
    } <= inside


def test_no_data_of_others_and_no_tests_are_in_the_wheel(names):
    assert [n for n in names if not n.startswith(("anello/", "anello-"))] == []
    assert [n for n in names if n.endswith((".csv", ".parquet", ".xlsx", ".sav"))] == []


def test_licence_and_notice_are_in_the_wheel(names):
    assert {n.split("/")[-1] for n in names if "dist-info/licenses" in n} == {"LICENSE", "NOTICE"}
