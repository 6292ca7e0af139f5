"""Who may not write in a folder is told so in one sentence, and nothing half-written stays."""

import json
import os
import shutil
import subprocess
import sys

import pytest

VERBS = """
import contextlib, io, json, sys
from anello import cli
told = []
for words in json.loads(sys.argv[1]):
    sys.argv, err = ["anello", *words], io.StringIO()
    try:
        with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
            cli.main()
    except SystemExit as ended:
        told.append([ended.code, err.getvalue()])
print(json.dumps(told))
"""
# An administrator may write anywhere; without these two rights the modes hold for them too.
ORDINARY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
WORDS = {
    "run": ("run", "open/chain.yaml", "--out", "shut/release"),
    "init": ("init", "open/till.csv", "--yes", "--out", "shut/chain.yaml"),
    "init into no folder": ("init", "--out", "open/none/chain.yaml"),
    "sample": ("sample", "shut/company", "--study", "drivers"),
    "report": ("report", "sealed"),
}
SAID = {
    "run": (
        "shut/release cannot be written: you may not write in {shut}.",
        "Non si può scrivere shut/release: in {shut} non avete il permesso di scrivere.",
    ),
    "init": (
        "shut/chain.yaml cannot be written: you may not write there.",
        "shut/chain.yaml non si può scrivere: lì non avete il permesso di scrivere.",
    ),
    "init into no folder": (
        "open/none/chain.yaml cannot be written: there is no such folder.",
        "open/none/chain.yaml non si può scrivere: la cartella non esiste.",
    ),
    "sample": (
        "shut/company cannot be written: you may not write there. Choose a folder of yours.",
        "Non si può scrivere in shut/company: lì non avete il permesso di scrivere. "
        "Scegliete una cartella vostra.",
    ),
    "report": (
        "sealed is not a release: it has no readable manifest.json.",
        "sealed non è un rilascio: manca un manifest.json leggibile.",
    ),
}
CHAIN = """anello: 1
key: shops
worth_acting_on: 0.2 sd
units: {column: shop}
waves: {column: year}
sources: {till: {path: till.csv}}
constructs:
  leavers: {side: employee, label: {en: Leavers, it: Uscite}}
  sales: {side: money, label: {en: Sales, it: Vendite}}
measures: {leavers: {column: leavers}, sales: {column: sales}}
links: [sales ~ leavers]
"""
TILL = "shop,year,leavers,sales\n" + "".join(
    f"{shop},{year},{i + year % 3},{900 + 10 * i}\n"
    for i, shop in enumerate("ABCD")
    for year in (2023, 2024)
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An open folder with a chain and its till, a closed one, and a release nobody may read."""
    place = tmp_path_factory.mktemp("closed")
    (place / "open").mkdir()
    (place / "open/chain.yaml").write_text(CHAIN)
    (place / "open/till.csv").write_text(TILL)
    (place / "sealed").mkdir()
    (place / "sealed/manifest.json").write_text("{}")
    (place / "sealed/manifest.json").chmod(0o000)
    (place / "shut").mkdir(mode=0o555)
    yield place
    (place / "shut").chmod(0o755)


def snapshot(place):
    return sorted(str(p.relative_to(place)) for p in place.rglob("*"))


@pytest.fixture(scope="module")
def told(place):
    """Return what each verb told an ordinary user in each language, all from one process."""
    if os.name == "nt":
        pytest.skip("modes of folders are those of POSIX")
    administrator = os.geteuid() == 0
    if administrator and not shutil.which(ORDINARY[0]):
        pytest.skip("an administrator may write anywhere, and there is no setpriv to give that up")
    keys = [(name, lang) for name in WORDS for lang in ("en", "it")]
    calls = [(*WORDS[name], "--lang", lang) for name, lang in keys]
    before = snapshot(place)
    done = subprocess.run(
        [*(ORDINARY if administrator else ()), sys.executable, "-c", VERBS, json.dumps(calls)],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert snapshot(place) == before
    return dict(zip(keys, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("name", SAID)
def test_a_closed_folder_is_told_in_one_sentence_and_stays_as_it_is(told, place, name):
    for lang, sentence in zip(("en", "it"), SAID[name], strict=True):
        shut = place / "shut"
        assert told[name, lang] == [2, sentence.format(shut=shut) + "\n"]
