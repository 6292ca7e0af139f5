"""Questions that a survey of staff may not ask are found by lists and rules, in both languages.

The lists stop what is plainly put; they do not make a questionnaire lawful. What they catch and
what they miss is measured in `docs/reference/law-guard.md`; a person who knows the law reads on.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anello.model.errors import RefusedError
from anello.model.words import Words

from ..text_guard import visible

LAWS = {
    "art8": Words("Workers' Statute, article 8", "Statuto dei lavoratori, articolo 8"),
    "gdpr9": Words("GDPR, article 9", "GDPR, articolo 9"),
    "gdpr10": Words("GDPR, article 10", "GDPR, articolo 10"),
    "equal": Words(
        "equal treatment, D.Lgs. 198/2006, article 27",
        "pari opportunità, D.Lgs. 198/2006, articolo 27",
    ),
    "aiact": Words("EU AI Act, article 5(1)(f)", "regolamento UE sull'IA, articolo 5(1)(f)"),
    "appraisal": Words("no survey rates a single person", "nessuna indagine giudica una persona"),
}
_SPACED = re.compile(r"\b(?:\w[ .\-_*]){3,}\w\b")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that is not asked, the law that says so, and how it shows."""

    key: str
    law: Words
    label: Words
    phrases: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A question that touches a topic; `phrase` is the line of the list that found it."""

    question: str
    topic: Topic
    phrase: str


@cache
def topics() -> tuple[Topic, ...]:
    """Return the topics of the list, in its order."""
    listed = tomllib.loads((Path(__file__).parent / "topics.toml").read_text("utf-8"))
    return tuple(
        Topic(
            key,
            LAWS[t["law"]],
            Words(t["label"]["en"], t["label"]["it"]),
            tuple(t["en"] + t["it"]),
            tuple(t["unless"]),
        )
        for key, t in listed.items()
    )


def check(question: str) -> tuple[Hit, ...]:
    """Return the topics that a question touches; at most one hit a topic.

    Both languages' lists are read for every question. Accents, capitals, invisible signs and
    letters spaced apart hide nothing. Each sentence of a question is judged by itself, so that a
    harmless one excuses no other.

    >>> [hit.topic.key for hit in check("Which party did you vote for in the last election?")]
    ['politics']
    >>> check("My manager gives me useful feedback.")
    ()
    """
    sentences = [_words(s) for s in re.split(r"[.?!;\n]+", _joined(visible(question)))]
    found = []
    for topic in topics():
        hits = (_first(s, topic) for s in sentences)
        phrase = next((p for p in hits if p), None)
        if phrase:
            found.append(Hit(question, topic, phrase))
    return tuple(found)


def check_all(questions: Mapping[str, str]) -> dict[str, tuple[Hit, ...]]:
    """Return the hits of a questionnaire by the key of its question; clean ones are left out."""
    found = {key: check(text) for key, text in questions.items()}
    return {key: hits for key, hits in found.items() if hits}


def refuse_forbidden(questions: Mapping[str, str]) -> None:
    """Raise `RefusedError` for the first question that may not be asked, with the law's name."""
    for key, hits in check_all(questions).items():
        raise RefusedError(
            "The question {key!r} asks about {topic} ({law}). A survey of staff may not; take it "
            "out or ask about the work itself.",
            key=key,
            topic=hits[0].topic.label,
            law=hits[0].topic.law,
        )


def _first(words: str, topic: Topic) -> str | None:
    if any(_matches(words, phrase) for phrase in topic.unless):
        return None
    return next((p for p in topic.phrases if _matches(words, p)), None)


def _matches(words: str, phrase: str) -> bool:
    return all(pattern.search(words) for pattern in _patterns(phrase))


@cache
def _patterns(phrase: str) -> tuple[re.Pattern[str], ...]:
    found = []
    for part in phrase.split("+"):
        ends = [
            re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w)
            for w in _plain(part).split()
        ]
        found.append(re.compile(r"(?<!\S)" + " ".join(ends) + r"(?!\S)"))
    return tuple(found)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(_plain(text)))


def _joined(text: str) -> str:
    """Return a text with words that were spelled out, such as `u n i o n`, put together."""
    return _SPACED.sub(lambda m: re.sub(r"[ .\-_*]", "", m[0]), text)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
