"""Whatever a file holds, it is read or refused with one sentence; nothing else escapes."""

import csv
import io
import math
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_of import PERSON_LEVEL, chain, read, records

from anello.listen import sources
from anello.model.chain import Source
from anello.model.errors import AnelloError

EXAMPLES = int(os.environ.get("ANELLO_EXAMPLES", "25"))
SPECIMENS = Path(__file__).parent / "specimens"
SEEDS = {
    "csv": b'shop,wave,q1,q2\nRoma,1,2,3\n"a\nb",1,2,\n',
    "tsv": b"shop\twave\tq1\tq2\nRoma\t1\t2\t3\n",
    "sav": (SPECIMENS / "spss" / "sample_missing.sav").read_bytes(),
    "zsav": (SPECIMENS / "spss" / "sample.zsav").read_bytes(),
    "lss": (SPECIMENS / "limesurvey" / "survey.lss").read_bytes()[:3000],
}
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
answers = st.none() | st.integers(1, 5) | st.floats(1, 5)


def tried(folder: Path, name: str, kind: str = "auto"):
    """Read a file as a survey; return its rows, or None when it was refused."""
    found = chain(PERSON_LEVEL, source=f"path: {name}, kind: {kind}")
    try:
        rows = read(found, folder)
    except AnelloError as error:
        return refused(error)
    return records(rows)


def refused(error: AnelloError) -> None:
    """Check that a refusal is one sentence in each language."""
    for language in ("en", "it"):
        assert "\n" not in error.text(language).rstrip("\n")
        assert len(error.text(language)) < 1000


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(rows=st.lists(st.tuples(texts, texts, answers, answers), min_size=1, max_size=6),
       delimiter=st.sampled_from(",;\t"), end=st.sampled_from(["\n", "\r\n"]))  # fmt: skip
def test_a_table_that_was_written_is_read_back_or_refused(rows, delimiter, end):
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end)
    writer.writerows([("shop", "wave", "q1", "q2"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(written.getvalue().encode("utf-8"))
        found = tried(Path(folder), "a.csv")
    if found is not None:
        kept = [r for r in rows if all(full(text) for text in r[:2])]
        assert sorted((number(r["q1"]), number(r["q2"])) for r in found) == sorted(
            (number(q1), number(q2)) for _, _, q1, q2 in kept
        )


def full(text: str) -> bool:
    return text.strip(" ").upper() not in {"", "NA", "N/A", "#N/A", "NAN", "NULL", "."}


def number(value: float | None) -> float:
    return -math.inf if value is None else float(value)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    data=st.binary(max_size=400), ending=st.sampled_from(["csv", "tsv", "xlsx", "parquet", "sav"])
)
def test_random_bytes_are_refused_or_read(data, ending):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"a.{ending}").write_bytes(data)
        tried(Path(folder), f"a.{ending}")
        source = Source("survey", f"a.{ending}")
        try:
            sources.columns(source, Path(folder))
        except AnelloError as error:
            refused(error)


@pytest.mark.parametrize("ending", [e for e in SEEDS if e != "lss"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(cut=st.floats(0, 1), patch=st.binary(max_size=12), long=st.booleans())
def test_a_damaged_file_is_refused_or_read(ending, cut, patch, long):
    whole = SEEDS[ending]
    at = int(cut * len(whole))
    data = whole[:at] + patch + (whole[at + len(patch) :] if long else b"")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"a.{ending}").write_bytes(data)
        tried(Path(folder), f"a.{ending}")


@pytest.mark.parametrize("kind", ["qualtrics", "limesurvey"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(
    lines=st.lists(
        st.sampled_from(
            ["shop,wave,q1,q2,Status,submitdate", '"{""ImportId"":""x""}",1,2,3,4,5',
             "Roma,1,2,3,IP Address,2024-01-01", "Roma,1,2,3", '"Roma,1', "", "V1,V2,Q1",
             "Roma,1,a,2,Spam,", "id,submitdate,lastpage,startlanguage"]
        ),
        max_size=6,
    )
)  # fmt: skip
def test_a_broken_export_of_a_survey_tool_is_refused_or_read(kind, lines):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_text("\n".join(lines))
        tried(Path(folder), "a.csv", kind)
        tried(Path(folder), "a.csv")


@settings(max_examples=EXAMPLES, deadline=None)
@given(cut=st.integers(0, 3000), patch=st.binary(max_size=20))
def test_a_damaged_structure_file_is_refused_or_read(cut, patch):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.lss").write_bytes(SEEDS["lss"][:cut] + patch + SEEDS["lss"][cut:])
        (Path(folder) / "a.csv").write_text(
            "id,submitdate,lastpage,shop,wave,q1,q2\n1,2024-01-01,3,Roma,1,2,3\n"
        )
        tried(Path(folder), "a.csv", "limesurvey")
