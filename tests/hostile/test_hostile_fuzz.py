"""Spoiled files of every kind into every verb: done, or one sentence; nothing half-written."""

import os
import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import specimens
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from specimens import chain, specimen

from anello.cli import app

EXAMPLES = int(os.environ.get("ANELLO_EXAMPLES", "3"))
TEXTS = ("csv", "tsv")
KINDS = (*TEXTS, "csv.gz", "parquet")
DIARY = ("--person", "person", "--day", "day", "--prompt", "prompt")
SHIFT = ("--person", "person", "--day", "day", "--shift", "shift", "--permutations", "20")
VERBS = {
    "lmm": ("fit", "lmm", "y ~ x + (1|unit)", "FILE"),
    "predict": ("fit", "lmm", "y ~ x + (1|unit)", "GOOD", "--predict", "FILE"),
    "glmm": ("fit", "glmm", "yes ~ x + (1|unit)", "FILE"),
    "ordinal": ("fit", "glmm", "q1 ~ x + (1|unit)", "FILE", "--family", "ordinal"),
    "agreement": ("fit", "agreement", "FILE", "--items", "q1,q2,q3", "--group", "unit", "--low",
                  "1", "--high", "5"),
    "sem": ("fit", "sem", "f =~ q1 + q2 + q3\nf ~ x", "FILE"),
    "invariance": ("fit", "invariance", "f =~ q1 + q2 + q3", "FILE", "--group", "shift"),
    "riclpm": ("fit", "riclpm", "x,y", "FILE", "--id", "unit", "--wave", "wave"),
    "drivers": ("fit", "drivers", "y ~ x + z", "FILE"),
    "diary": ("fit", "diary", "y ~ x", "FILE", *DIARY),
    "ar1": ("fit", "ar1", "y ~ x", "FILE", *DIARY),
    "reliability": ("fit", "reliability", "FILE", "--items", "q1,q2", "--person", "person",
                    "--time", "day"),
    "contagion": ("fit", "contagion", "FILE", *SHIFT, "--post", "y"),
    "comments": ("fit", "comments", "FILE", "--text", "text", "--labels", "label"),
    "corrections": ("fit", "comments", "GOOD", "--text", "text", "--corrections", "FILE"),
    "meta": ("fit", "meta", "x ~ 1, v=q1", "FILE"),
    "moments": ("moments", "y ~ x + (1|unit)", "FILE", "--out", "NEW"),
    "init": ("init", "FILE", "--out", "NEW"),
}  # fmt: skip


def told(words):
    """Run a verb; check that it was done, or refused in words and left nothing."""
    done = CliRunner().invoke(app, [str(w) for w in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code in (0, 1, 2, 3)
    if done.exit_code > 1:
        assert done.stderr.strip()
        assert not {c for c in done.stderr if ord(c) < 32 and c != "\n"}
        assert len(done.stderr) < 6000
    return done.exit_code


@pytest.mark.parametrize("verb", VERBS)
@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(KINDS))
def test_a_spoiled_file_is_fitted_or_refused_in_words(verb, seed, kind):
    data = specimens.spoiled(specimen(kind), random.Random(seed), kind in TEXTS)
    with TemporaryDirectory() as folder:
        file, good, new = (Path(folder) / n for n in (f"a.{kind}", "good.csv", "new"))
        file.write_bytes(data)
        good.write_bytes(specimen("csv"))
        names = {"FILE": file, "GOOD": good, "NEW": new}
        if told([names.get(word, word) for word in VERBS[verb]]):
            assert {p.name for p in Path(folder).iterdir()} <= {file.name, "good.csv"}


@cache
def moments():
    with TemporaryDirectory() as folder:
        good, new = Path(folder) / "good.csv", Path(folder) / "new"
        good.write_bytes(specimen("csv"))
        assert told(("moments", "y ~ x + (1|unit)", good, "--out", new)) == 0
        return new.read_bytes()


@settings(max_examples=8 * EXAMPLES, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_spoiled_moments_are_fitted_or_refused_in_words(seed):
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.moments"
        file.write_bytes(specimens.spoiled(moments(), random.Random(seed), text=False))
        told(("fit", "moments", file))


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet", "xlsx", "sav"])
@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(seed=st.integers(0, 2**32), form=st.sampled_from([specimens.UNITS, specimens.PEOPLE]))
def test_a_spoiled_source_of_a_chain_is_read_or_refused_in_words(kind, seed, form):
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"a.{kind}"
        if kind == "sav":
            specimens.write_sav(file)
        whole = file.read_bytes() if kind == "sav" else specimen(kind)
        file.write_bytes(specimens.spoiled(whole, random.Random(seed), kind in TEXTS))
        told(("check", chain(Path(folder), f"path: a.{kind}", form)))


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_a_hundred_spoiled_files_are_fitted_or_refused_in_words(verb):
    check = test_a_spoiled_file_is_fitted_or_refused_in_words.hypothesis.inner_test
    for seed in range(100):
        check(verb, seed, KINDS[seed % len(KINDS)])
