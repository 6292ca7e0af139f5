"""What single comments say: language, topics, and sentiment with its negations, both languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.score.text.corrections import digest
from anello.score.text.language import detect
from anello.score.text.lexicon import sentiment
from anello.score.text.tokens import tokens
from anello.score.text.topics import all_topics, listed, topics_of

HOSTILE = st.text(
    alphabet=st.sampled_from("aeéèàlnot NOnÈ'’.,!?;\n\t\x00\x07\u200f\u202e\u0301😀🤬0٣漢字ß"),
    max_size=200,
)


@pytest.mark.parametrize(
    ("text", "language", "sign"),
    [
        ("The staff were lovely", "en", 1),
        ("The staff were not lovely", "en", -1),
        ("It wasn't slow", "en", 1),
        ("Never again", "en", -1),
        ("No problems at all", "en", 1),
        ("Can't complain", "en", 1),
        ("Good food but the room was filthy", "en", -1),
        ("Il personale è gentile", "it", 1),
        ("Il personale non è gentile", "it", -1),
        ("Non è lento", "it", 1),
        ("Nessun problema", "it", 1),
        ("Niente da dire", "it", 1),
        ("Non un bell'albergo", "it", -1),
        ("Bella camera, però sporchissima", "it", -1),
        ("Senza parole: pessimo", "it", -1),
        ("Perché è così lento?", "it", -1),
        ("The table is brown", "en", 0),
        ("Il tavolo è marrone", "it", 0),
        ("", "it", 0),
    ],
)
def test_praise_complaint_and_their_negations(text, language, sign):
    value = sentiment(text, language)
    assert (value > 0) - (value < 0) == sign


def test_the_sentiment_of_two_plain_words_is_reckoned_by_hand():
    """Praise 2 and 2, complaint 0: (4 - 0) / (4 + 0 + 1)."""
    assert sentiment("kind and clean", "en") == pytest.approx(0.8)
    assert sentiment("not kind", "en") == pytest.approx(-1.5 / 2.5)
    assert sentiment("very kind", "en") == pytest.approx(2.8 / 3.8)


def test_a_negation_does_not_reach_over_the_end_of_a_clause():
    assert sentiment("Nothing else. Kind people", "en") > 0
    assert sentiment("Non ho altro da aggiungere, gentili", "it") > 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The queue was too long and nobody came", "en"),
        ("La fila era troppo lunga e non è venuto nessuno", "it"),
        ("Thank you so much", "en"),
        ("Grazie per la vostra cortesia", "it"),
        ("L'attesa è stata lunga", "it"),
        ("123 !!!", "unknown"),
        ("漢字かな", "unknown"),
        ("The staff were kind to us. Il personale è stato molto gentile con noi", "mixed"),
    ],
)
def test_the_language_is_told_from_short_words(text, language):
    assert detect(text) == language


def test_one_list_of_topics_serves_both_sides_and_both_languages():
    staff = topics_of("We are understaffed and customers wait for hours", "en", listed())
    customers = topics_of("Troppa attesa, pochi addetti alle casse", "it", listed())
    assert "waiting" in staff
    assert "staffing" in staff
    assert "waiting" in customers
    assert "staffing" in customers


def test_a_comment_may_have_several_topics_or_none():
    assert topics_of("Clean room, rude staff, low price", "en", listed()) == (
        "courtesy",
        "cleanliness",
        "place",
        "price",
    )
    assert topics_of("Hm.", "en", listed()) == ()


def test_every_topic_has_both_languages_and_words_in_both():
    for topic in listed():
        assert topic.label.en != topic.label.it
        assert len(topic.en) >= 8, topic.key
        assert len(topic.it) >= 8, topic.key
    assert len({t.key for t in all_topics()}) == len(listed())


def test_apostrophes_of_every_shape_part_the_same_words():
    assert tokens("l'attesa") == tokens("l’attesa") == tokens("L`ATTESA") == ["l", "attesa"]


def test_accents_count_for_nothing():
    assert sentiment("Qualità pessima", "it") == sentiment("QUALITA' PESSIMA", "it")


@settings(max_examples=300)
@given(HOSTILE, st.sampled_from(["en", "it", "mixed", "unknown"]))
def test_no_text_breaks_the_coding(text, language):
    assert -1 <= sentiment(text, language) <= 1
    assert detect(text) in {"en", "it", "mixed", "unknown"}
    assert set(topics_of(text, language, listed())) <= {t.key for t in listed()}
    assert len(digest(text)) == 16


def test_a_comment_of_a_megabyte_is_coded_by_its_beginning():
    text = "Personale gentile. " + "x" * 1_000_000
    assert sentiment(text, "it") > 0
    assert topics_of(text, "it", listed()) == ("courtesy",)


def test_signs_that_nobody_sees_change_nothing():
    assert sentiment("g\u200ben\u202etile", "it") == sentiment("gentile", "it") > 0
