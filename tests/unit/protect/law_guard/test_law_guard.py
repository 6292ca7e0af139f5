"""What the law keeps out of a staff survey is stopped before launch, and what is allowed passes."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.model.errors import RefusedError
from anello.protect.law_guard.agreement import LOG_DAYS, Agreement, Ground, refuse_launch
from anello.protect.law_guard.questions import (
    LAWS,
    check,
    check_all,
    refuse_forbidden,
    topics,
)

SENTENCES = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))
TODAY = date(2026, 3, 1)
GOOD = Agreement(Ground.AGREEMENT, "Works agreement no. 12 with the three unions", TODAY)
CLEAN = {"q1": "My manager gives me useful feedback."}


def keys(question):
    return [hit.topic.key for hit in check(question)]


def measured(part):
    forbidden = [(k, q) for k, qs in SENTENCES[part]["forbidden"].items() for q in qs]
    allowed = [q for language in ("en", "it") for q in SENTENCES[part]["allowed"][language]]
    found = sum(k in keys(q) for k, q in forbidden)
    return found, len(forbidden), sum(bool(keys(q)) for q in allowed), len(allowed)


def test_every_forbidden_question_the_lists_were_made_with_is_found_and_no_allowed_one():
    assert measured("tuned") == (126, 126, 0, 113)


def test_what_the_lists_find_in_questions_they_never_saw_is_told_as_it_is():
    assert measured("fresh") == (23, 44, 0, 40)


def test_the_two_parts_share_no_sentence():
    parts = [
        {q for qs in SENTENCES[p][kind].values() for q in qs}
        for p in ("tuned", "fresh")
        for kind in ("forbidden", "allowed")
    ]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 323


def test_the_docs_tell_the_measured_figures():
    docs = Path(__file__).parents[4] / "docs" / "reference"
    for page in ("law-guard.md", "law-guard.it.md"):
        text = (docs / page).read_text("utf-8")
        assert "126 / 126" in text
        assert "23 / 44" in text
        assert "0 / 113" in text
        assert "0 / 40" in text


@pytest.mark.parametrize(
    "hidden",
    [
        "What is your RELIGION",
        "What is your re\u200bligion?",
        "What is your r e l i g i o n?",
        "What is your r-e-l-i-g-i-o-n?",
        "What is your ｒｅｌｉｇｉｏｎ?",
        "Qual è la sua religióne?",
    ],
)
def test_capitals_accents_and_spaced_letters_hide_nothing(hidden):
    assert "religion" in keys(hidden)


def test_both_languages_are_read_whatever_the_form_says():
    assert keys("È incinta? Are you on strike?") == ["union", "pregnancy"]


def test_a_harmless_sentence_excuses_no_other():
    assert keys("Our customers are happy. Are you pregnant?") == ["pregnancy"]
    assert keys("Are our pregnant customers served first?") == []


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text):
    assert isinstance(check(text), tuple)


def test_a_very_long_question_is_read_at_once():
    assert keys("x " * 100_000 + "religion") == ["religion"]


def test_every_topic_has_a_law_and_both_languages():
    assert [t.key for t in topics()] == list(SENTENCES["tuned"]["forbidden"])
    assert {t.law for t in topics()} == set(LAWS.values())


def test_the_refusal_names_question_topic_and_law_in_both_languages():
    with pytest.raises(RefusedError) as refused:
        refuse_forbidden({**CLEAN, "q7": "Are you a member of a trade union?"})
    assert "'q7' asks about trade unions (Workers' Statute, article 8)" in str(refused.value)
    assert "sindacati (Statuto dei lavoratori, articolo 8)" in refused.value.text("it")


def test_all_hits_of_a_questionnaire_are_told():
    found = check_all({**CLEAN, "a": "How do you pray?", "b": "Do you believe in God? Any strike?"})
    assert {k: [h.topic.key for h in hits] for k, hits in found.items()} == {
        "a": ["religion"],
        "b": ["religion", "union"],
    }


def test_a_survey_with_an_agreement_and_clean_questions_is_launched():
    refuse_launch(CLEAN, GOOD, TODAY)
    reason = "Answers come by token, no log is kept, so nothing can watch anybody"
    refuse_launch(CLEAN, Agreement(Ground.NOT_NEEDED, reason, TODAY), TODAY)


@pytest.mark.parametrize(
    "agreement",
    [
        None,
        Agreement(Ground.AGREEMENT, " ", TODAY),
        Agreement(Ground.PERMIT, "", TODAY),
        Agreement(Ground.NOT_NEEDED, "not needed", TODAY),
        Agreement(Ground.AGREEMENT, "Works agreement no. 12", date(2026, 4, 1)),
    ],
)
def test_without_a_ground_in_words_nothing_is_launched(agreement):
    with pytest.raises(RefusedError):
        refuse_launch(CLEAN, agreement, TODAY)


def test_an_agreement_does_not_make_a_forbidden_question_lawful():
    with pytest.raises(RefusedError, match="asks about religion"):
        refuse_launch({"q": "How often do you pray?"}, GOOD, TODAY)


def test_logs_live_a_week():
    assert LOG_DAYS == 7
