"""Comments of staff and customers enter the chain as numbers, and nobody's words leave it."""

import csv
import sqlite3

import pytest

from anello import run
from anello.model.errors import ChainFileError, RefusedError, SourceError
from anello.protect.ledger import Keeper
from anello.protect.ledger import read as lines
from anello.report.folder import read

CHAIN = """
anello: 1
key: words
units: {column: shop}
waves: {column: year}
sources:
  staff: {path: staff.csv, grain: person}
  customers: {path: customers.csv, grain: person}
constructs:
  voice: {side: employee, label: {en: Staff comments, it: Commenti del personale}}
  echo: {side: customer, label: {en: Customer comments, it: Commenti dei clienti}}
measures:
  voice: {source: staff, column: comment, scoring: sentiment}
  queues: {construct: voice, source: staff, column: comment, scoring: topic_share, topic: waiting}
  echo: {source: customers, column: comment, scoring: sentiment}
links:
  - echo ~ voice
"""
SLOW = "The queue is endless, said Wilhelmina Quorn"
KIND = "Kind colleagues, good pay"


def write(place, name, rows):
    with (place / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["shop", "year", "lang", "comment"], *rows])


@pytest.fixture
def chain(tmp_path):
    """Twelve shops; in a, 3 of 12 staff write of the queue; b has only 9 comments."""
    staff = [["a", "2024", "en", SLOW]] * 3 + [["a", "2024", "en", KIND]] * 9
    staff += [["b", "2024", "en", SLOW]] * 9
    for i in range(10):
        staff += [[f"s{i}", "2024", "en", SLOW if j < i else KIND] for j in range(20)]
    customers = [
        [shop, "2024", "it", 'Fila infinita, "mai più"\ndavvero' if j % 2 else "Tutto bene, grazie"]
        for shop in ("a", "b", *(f"s{i}" for i in range(10)))
        for j in range(24)
    ]
    write(tmp_path, "staff.csv", staff)
    write(tmp_path, "customers.csv", customers)
    return chain_of(tmp_path, CHAIN)


def chain_of(place, text):
    path = place / "chain.yaml"
    path.write_text(text, "utf-8")
    return path


def analysed(path):
    """What may leave, past a ledger beside the chain."""
    return run.analyse(path, ledger=path.parent / "ledger")


def means(findings, measure):
    return {m.unit: m.mean for m in findings.means if m.measure == measure}


def test_the_share_of_a_topic_is_counted_by_hand(chain):
    found = analysed(chain)
    shares = means(found, "queues")
    assert shares["a"] == 25.0
    assert shares["s4"] == 20.0
    assert shares["s0"] == 12.5  # "12.5 or less": nobody is told to have said nothing of it


def test_comments_need_ten_people_where_scores_need_five(chain):
    found = analysed(chain)
    assert "b" not in means(found, "queues")
    assert "b" not in means(found, "voice")
    assert found.withheld == 2


def test_zero_is_the_average_comment_of_the_language(chain):
    found = analysed(chain)
    everybody = [t for t in found.topics if t.measure == "echo" and not t.unit]
    waiting = next(t for t in everybody if t.topic == "waiting")
    assert waiting.sentiment < 0
    assert waiting.n == 12 * 12
    assert waiting.comments == 12 * 24


def test_a_topic_of_a_unit_is_counted_only_where_ten_people_wrote_of_it(chain):
    found = analysed(chain)
    queues = {t.unit: t.n for t in found.topics if t.measure == "voice" and t.topic == "waiting"}
    assert queues == {"": 3 + 9 + sum(range(10))}
    pay = {t.unit: t.n for t in found.topics if t.measure == "voice" and t.topic == "pay"}
    assert pay["s0"] == 20
    assert pay["s9"] == 11
    assert "a" not in pay


def test_each_place_whose_topics_are_told_has_its_line_in_the_ledger(chain, tmp_path):
    found = analysed(chain)
    asked = [r for r in lines(tmp_path / "ledger").rows if r.what == "topics of comment"]
    assert {r.wave for r in asked} == {"staff/2024", "customers/2024"}
    assert {r.hash for r in asked if r.allowed} <= set(found.ledger)
    places = {t.unit for t in found.topics if t.measure == "voice"}
    assert {"", "s9"} <= places
    assert "s1" not in places  # 19 of its 20 speak of pay: both counts would name the one


def test_a_topic_of_which_all_but_one_speak_is_not_told_of_that_shop(tmp_path):
    """Nor of the last of the others, for the whole less the rest is that shop."""
    staff = [["a", "2024", "en", SLOW if j else KIND] for j in range(20)]
    staff += [[b, "2024", "en", SLOW if j % 2 else KIND] for b in "bc" for j in range(40)]
    write(tmp_path, "staff.csv", staff)
    write(tmp_path, "customers.csv", [[*row[:3], "Tutto bene"] for row in staff[7:]])
    found = analysed(chain_of(tmp_path, CHAIN))
    queues = {t.unit: t.n for t in found.topics if t.measure == "voice" and t.topic == "waiting"}
    assert queues == {"": 59, "b": 20}


def test_comments_that_were_corrected_after_a_release_are_not_told_again(chain, tmp_path):
    analysed(chain)
    (tmp_path / "right.csv").write_text(f'comment,topic,sentiment\n"{SLOW}",none,1\n', "utf-8")
    chain_of(tmp_path, CHAIN + "comments: {corrections: right.csv}\n")
    with pytest.raises(RefusedError, match="comment__sentiment"):
        analysed(chain)


def test_counts_leave_as_bands_and_the_tone_with_one_decimal(chain, tmp_path):
    run.run(chain, tmp_path / "out")
    lines = (tmp_path / "out/tables/topics.csv").read_text("utf-8").splitlines()
    whole = next(row for row in lines if row.startswith("voice,employee,,waiting,"))
    assert whole == "voice,employee,,waiting,50-59,200-249,50,200,-1.0"


def test_no_word_that_anybody_wrote_is_in_a_release(chain, tmp_path):
    run.run(chain, tmp_path / "out")
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"Quorn" not in content, path
            assert b"endless" not in content, path
            assert b"infinita" not in content, path


def test_what_hinders_staff_stands_beside_what_customers_complain_of(chain, tmp_path):
    run.run(chain, tmp_path / "out")
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "Waiting: staff and customers both speak of it less well than of the rest." in page
    assert "Staff comments: the accuracy was never measured here" in page
    pagina = (tmp_path / "out/report.it.html").read_text("utf-8")
    assert "Attese: personale e clienti ne parlano entrambi meno bene che del resto." in pagina
    assert "non è mai stata misurata" in pagina


@pytest.mark.parametrize(
    ("most", "said"), [(0, "speak of is left out"), (3, "is told for some places only")]
)
def test_topics_that_the_ledger_refuses_are_left_out_and_said(chain, most, said):
    """The ledger refuses more than so many counts at once."""

    class NoTopics(Keeper):
        def admit(self, candidates):
            topics = [c for c in candidates if c.what.startswith("topics of")]
            if any(len(c.names) > most for c in topics):
                raise RefusedError("it would tell too much.")
            return super().admit(candidates)

    heard = run.listen(chain)
    keeper = run.keeping(heard.chain, heard.folder)
    found = run.find(heard, keeper=NoTopics(keeper.folder, keeper.promise, keeper.day))
    assert found.means
    assert any(said in note for note in found.sources[0].notes)


def test_a_release_with_comments_is_the_same_bytes_twice(chain, tmp_path):
    one, two = run.run(chain, tmp_path / "one"), run.run(chain, tmp_path / "two")
    assert read(one.folder.path).manifest == read(two.folder.path).manifest


def test_a_correction_overrides_and_makes_another_release(chain, tmp_path):
    before = run.listen(chain)
    corrections = tmp_path / "right.csv"
    corrections.write_text(f'comment,topic,sentiment\n"{SLOW}",none,1\n', "utf-8")
    chain_of(tmp_path, CHAIN + "comments: {corrections: right.csv, language: lang}\n")
    after = analysed(chain)
    assert means(after, "queues")["a"] == 12.5
    assert means(after, "voice")["s9"] > means(run.find(before), "voice")["s9"]
    assert {(a.n, a.share) for a in after.accuracy if a.measure == "voice" and a.n} == {(1, 0.0)}
    corrections.write_text(f'comment,topic,sentiment\n"{SLOW}",none,-1\n', "utf-8")
    assert run.listen(chain).fingerprint != after.fingerprint


def test_a_topic_of_ones_own_is_found(chain, tmp_path):
    own = CHAIN.replace("topic: waiting", "topic: colleagues")
    own += "topics:\n  colleagues: {en: ['colleague*'], it: ['colleg*']}\n"
    assert means(run.analyse(chain_of(tmp_path, own)), "queues")["a"] == 75.0


def test_a_topic_that_nobody_listed_is_told_with_its_line(chain, tmp_path):
    wrong = CHAIN.replace("topic: waiting", "topic: wating")
    with pytest.raises(ChainFileError) as error:
        run.listen(chain_of(tmp_path, wrong))
    assert "there is no topic called 'wating'" in str(error.value)
    assert "chain.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("staff.csv, grain: person", "staff.csv", "only persons write"),
        (", topic: waiting", "", "say which"),
        ("scoring: sentiment}", "scoring: sentiment, topic: price}", "has another scoring"),
        ("scoring: sentiment}", "scoring: sentiment, low: 1, high: 5}", "without `low` and `high`"),
    ],
)
def test_a_measure_of_comments_that_contradicts_itself_is_one_sentence(
    chain, tmp_path, old, new, says
):
    with pytest.raises(ChainFileError) as error:
        run.listen(chain_of(tmp_path, CHAIN.replace(old, new, 1)))
    assert says in str(error.value)
    assert error.value.text("it") != str(error.value)


def test_a_column_of_comments_that_is_missing_is_told(chain, tmp_path):
    wrong = CHAIN.replace("source: staff, column: comment", "source: staff, column: coment", 1)
    with pytest.raises(SourceError) as error:
        run.listen(chain_of(tmp_path, wrong))
    assert "did you mean 'comment'" in str(error.value)


def test_comments_of_a_database_are_read_as_those_of_a_file(chain, tmp_path):
    from_file = means(analysed(chain), "queues")
    with (tmp_path / "staff.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    with sqlite3.connect(tmp_path / "staff.db") as db:
        db.execute("create table said (shop text, year text, lang text, comment text)")
        db.executemany("insert into said values (?, ?, ?, ?)", rows)
    text = CHAIN.replace("staff.csv, grain", "'sqlite:///staff.db', table: said, grain")
    assert means(analysed(chain_of(tmp_path, text)), "queues") == from_file


def test_corrected_topics_teach_the_other_comments_of_the_chain(chain, tmp_path):
    spots = [f"by the {p}" for p in ("door", "stairs", "lift", "hall", "garden", "bakery")]
    kiosk = [f"The kiosk {p} froze on {d}" for p in spots for d in ("Monday", "Friday")]
    music = [f"The music {p} is lovely on {d}" for p in spots for d in ("Monday", "Friday")]
    taught = [*kiosk, *music]
    rows = [["a", "2024", "en", text] for text in taught]
    rows += [["b", "2024", "en", f"Again the kiosk froze, {i} times"] for i in range(12)]
    rows += [["b", "2024", "en", f"The music is lovely, {i} songs"] for i in range(12)]
    write(tmp_path, "staff.csv", rows)
    own = CHAIN.replace("topic: waiting", "topic: tools")
    before = means(run.analyse(chain_of(tmp_path, own)), "queues")
    lines = [f'"{text}",{"tools" if "kiosk" in text else "none"}' for text in taught]
    (tmp_path / "right.csv").write_text("\n".join(["comment,topic", *lines]) + "\n", "utf-8")
    path = chain_of(tmp_path, own + "comments: {corrections: right.csv, language: lang}\n")
    assert before == {"a": 0.0, "b": 0.0}
    assert means(analysed(path), "queues") == {"a": 50.0, "b": 50.0}
    run.run(path, tmp_path / "out")
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "English: your corrections teach the topic Tools and systems; right in 100 %" in page
    assert "of 24 corrected comments (cross-validated), the word lists in 50 %" in page
    pagina = (tmp_path / "out/report.it.html").read_text("utf-8")
    assert "le vostre correzioni insegnano il tema" in pagina
    table = (tmp_path / "out/tables/comment_accuracy.csv").read_text("utf-8")
    assert "voice,en,tools,learned,24,1.0," in table
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or b"kiosk" not in path.read_bytes()
