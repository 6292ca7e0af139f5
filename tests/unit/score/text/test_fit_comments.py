"""`anello fit comments`: a file of comments in, topics, sentiment and accuracy out."""

import json

import pytest
from click.testing import CliRunner

from anello.cli import app
from anello.model.errors import SourceError
from anello.score.text.fit_comments import fit_comments

ROWS = [
    ("a", "en", "The staff were kind and quick", "positive", "courtesy;speed"),
    ("a", "en", "The queue was awful", "negative", "waiting"),
    ("a", "it", "Il personale è stato scortese", "negativo", "courtesy"),
    ("b", "it", "", "neutro", ""),
    ("b", "it", "Camera pulita, non è cara", "positivo", "cleanliness"),
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "said.csv"
    lines = [",".join((u, spoken, f'"{t}"', s, k)) for u, spoken, t, s, k in ROWS]
    path.write_text("\n".join(["shop,lang,text,label,themes", *lines]) + "\n", "utf-8")
    return path


def test_each_comment_is_coded_and_found_again_by_its_row(file):
    found = fit_comments(file, text="text")
    assert found["n"] == 4
    assert found["empty"] == 1
    assert [c["row"] for c in found["comments"]] == [2, 3, 4, 6]
    assert [c["class"] for c in found["comments"]] == ["praise", "complaint", "complaint", "praise"]
    assert [c["language"] for c in found["comments"]] == ["en", "en", "it", "it"]
    assert "text" not in found["comments"][0]


def test_without_labels_the_accuracy_was_never_measured(file):
    assert fit_comments(file, text="text")["accuracy"] == "never measured here"


def test_labels_give_the_accuracy_of_each_language(file):
    rows = fit_comments(file, text="text", language="lang", labels="label")["accuracy"]
    told = {row["language"]: (row["n"], row["accuracy"]) for row in rows}
    assert told == {"": (4, 1.0), "en": (2, 1.0), "it": (2, 1.0)}
    assert rows[0]["low"] == pytest.approx(0.5101, abs=1e-4)


def test_labels_may_be_topics(file):
    rows = fit_comments(file, text="text", labels="themes")["accuracy"]
    courtesy = next(r for r in rows if r["topic"] == "courtesy" and r["language"] == "")
    assert courtesy["labelled"] == 2
    assert courtesy["f1"] == 1.0


def test_units_of_fewer_than_ten_comments_are_not_counted(tmp_path):
    path = tmp_path / "many.csv"
    rows = [f"a,The queue was awful {i}" for i in range(12)] + ["b,The queue was awful"] * 9
    path.write_text("\n".join(["shop,text", *rows]) + "\n", "utf-8")
    units = fit_comments(path, text="text", unit="shop")["units"]
    assert {(u["unit"], u["topic"], u["n"]) for u in units} == {("a", "", 12), ("a", "waiting", 12)}


def test_examples_are_masked_and_only_of_topics_of_ten(tmp_path):
    path = tmp_path / "many.csv"
    rows = [f"Maria Rossi let us queue number {i}00000" for i in range(1, 12)] + ["Too dear"]
    path.write_text("\n".join(["text", *rows]) + "\n", "utf-8")
    found = fit_comments(path, text="text", examples=2)["examples"]
    assert [e["text"] for e in found if e["topic"] == "waiting"] == [
        "[name] let us queue number [number]"
    ] * 2
    assert "price" not in {e["topic"] for e in found}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"text": "txt"}, "did you mean 'text'"),
        ({"text": "text", "labels": "shop"}, "row 2: the label 'a' is no sentiment"),
        ({"text": "text", "unit": "nope"}, "no column 'nope'"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(file, more, says):
    with pytest.raises(SourceError) as error:
        fit_comments(file, **more)
    assert says in str(error.value)


def test_a_file_without_a_comment_is_told(tmp_path):
    path = tmp_path / "none.csv"
    path.write_text("text,x\n,1\n,2\n", "utf-8")
    with pytest.raises(SourceError, match="holds no comment"):
        fit_comments(path, text="text")


def test_the_command_prints_strict_json_and_one_sentence_for_bad_input(file):
    done = CliRunner().invoke(app, ["fit", "comments", str(file), "--text", "text", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["model"] == "comments"
    wrong = CliRunner().invoke(app, ["fit", "comments", str(file), "--text", "nope"])
    assert wrong.exit_code == 2


def test_lines_for_a_person_hold_no_row_of_a_comment(file):
    done = CliRunner().invoke(app, ["fit", "comments", str(file), "--text", "text"])
    assert done.exit_code == 0, done.output
    assert "kind and quick" not in done.stdout
    assert "accuracy: never measured here" in done.stdout
