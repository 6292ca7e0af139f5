"""`fit_meta`: one line of specification, one file of studies, one dictionary."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.link.fit_meta import fit_meta
from anello.link.meta_spec import read_spec
from anello.model.errors import AnelloError, FormulaError, ModelError

STUDIES = """study,country,n,r,contact,kind,rxx,ryy,se,a,b,c,d
s1,it,100,0.10,1,bank,0.8,0.9,0.10,5,95,9,91
s2,it,200,0.30,2,shop,,0.9,0.07,6,94,8,92
s3,uk,150,0.25,3,bank,0.7,,0.08,4,96,12,88
s4,uk,300,0.45,4,shop,0.8,0.8,0.05,3,97,7,93
s5,fr,80,,5,shop,0.8,0.8,0.11,7,93,9,91
"""


@pytest.fixture
def studies(tmp_path: Path) -> str:
    path = tmp_path / "studies.csv"
    path.write_text(STUDIES)
    return str(path)


def test_the_answer_is_ready_for_json_and_counts_what_was_dropped(studies):
    found = fit_meta("r ~ 1 | study, n=n", studies, measure="cor")
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["k"], found["dropped"], found["notes"]) == (4, 1, ["few_studies"])
    assert set(found["params"][0]) == {
        "term", "estimate", "se", "statistic", "df", "p", "low", "high",
    }  # fmt: skip
    assert found["params"][0]["df"] is None


def test_correlations_bring_a_hunter_schmidt_synthesis(studies):
    found = fit_meta("r ~ 1, n=n, rxx=rxx, ryy=ryy", studies, measure="cor")["hunter_schmidt"]
    assert found["bare_bones"]["r"] == pytest.approx((10 + 60 + 37.5 + 135) / 750)
    assert found["artefact_distribution"]["k"] == 4
    assert found["individually_corrected"]["k"] == 2


def test_fishers_z_is_given_back_as_r(studies):
    found = fit_meta("r ~ 1, n=n", studies, measure="zcor")
    assert 0.1 < found["as_r"]["low"] < found["as_r"]["estimate"] < found["as_r"]["high"] < 0.5


def test_standard_errors_and_variances_say_the_same(studies):
    found = fit_meta("r ~ kind, se=se", studies)
    assert [p["term"] for p in found["params"]] == ["(Intercept)", "kindshop"]
    assert found["prediction"] is None


def test_counts_need_no_column_for_their_name(studies):
    found = fit_meta("risk ~ contact, ai=a, bi=b, ci=c, di=d", studies, measure="rr")
    assert (found["k"], found["dropped"]) == (5, 0)


def test_a_slash_fits_three_levels(studies):
    found = fit_meta("r ~ 1 | country/study, n=n", studies, measure="zcor")
    assert found["clusters"] == 2
    assert found["sigma2_between"] >= 0


def test_a_study_in_several_rows_is_noted(tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text("study,y,v\na,1,.1\na,2,.1\nb,4,.1\n")
    assert "repeated_studies" in fit_meta("y ~ 1 | study, v=v", str(path))["notes"]


@pytest.mark.parametrize(
    ("spec", "measure", "sentence"),
    [
        ("r ~ 1", "cor", "needs the column of 'n'"),
        ("r ~ 1", "gen", "needs the column of 'v'"),
        ("r ~ 1, ai=a, bi=b, ci=c", "rr", "needs the column of 'di'"),
        ("r ~ 1, n=n", "x", "'x' is not a measure"),
        ("r ~ 1, n:n", "cor", "After a comma stands key=column"),
        ("r ~ 1, size=n", "cor", "After a comma stands key=column"),
        ("r ~ 1 | a/b/c, n=n", "cor", "After the bar"),
        ("r ~ 1 | , n=n", "cor", "After the bar"),
        ("r ~ (1 | country), n=n", "cor", "meta-analysis has no|one grouping column"),
        ("r 1, n=n", "cor", "the ~ is missing"),
        ("r ~ contct, n=n", "cor", "did you mean 'contact'"),
        ("r ~ 1, n=m", "cor", "no column 'm'"),
        ("r ~ 1 | stdy, n=n", "cor", "did you mean 'study'"),
    ],
)
def test_a_slip_in_the_line_is_shown_with_the_line(studies, spec, measure, sentence):
    with pytest.raises(FormulaError, match=sentence) as refused:
        fit_meta(spec, studies, measure=measure)
    assert "row of the file" not in str(refused.value)


@pytest.mark.parametrize(
    ("spec", "measure", "sentence"),
    [
        ("r ~ 1, n=kind", "cor", "must hold numbers"),
        ("contact ~ 1, n=n", "cor", "between -1 and 1"),
        ("r ~ log(contact - 1), n=n", "cor", "zero or less"),
        ("r ~ contact + I(2 * contact), n=n", "cor", "repeat each other"),
        ("r ~ 1 | kind/kind, n=n", "cor", "'bank' stands twice in 'bank'"),
        ("r ~ contact * kind * n, n=n", "cor", "4 studies for 8 coefficients"),
    ],
)
def test_what_the_studies_cannot_answer_is_refused(studies, spec, measure, sentence):
    with pytest.raises(ModelError, match=sentence):
        fit_meta(spec, studies, measure=measure)


def test_a_file_of_missing_values_leaves_no_study(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("y,v\n1,\n,2\n")
    with pytest.raises(ModelError, match="No study is left"):
        fit_meta("y ~ 1, v=v", str(path))


@given(st.text(alphabet="rn~1|/,=+*:() `cx_", max_size=30))
def test_no_line_ends_in_anything_but_a_sentence(text):
    for measure in ("cor", "gen"):
        try:
            spec = read_spec(text, measure)
        except AnelloError:
            continue
        assert spec.columns
