"""Which topics a comment speaks of, by one list for staff and customers."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from anello.model.topics import Topic
from anello.model.words import Words

from .entries import Entries, entries
from .tokens import tokens


@cache
def listed() -> tuple[Topic, ...]:
    """Return the topics of the product, in the order in which they are shown."""
    written = tomllib.loads((Path(__file__).parent / "topics.toml").read_text("utf-8"))
    return tuple(
        Topic(key, Words(**t["label"]), tuple(t["en"].split()), tuple(t["it"].split()))
        for key, t in written.items()
    )


def all_topics(own: Sequence[Topic] = ()) -> tuple[Topic, ...]:
    """Return the topics of the product with those of a chain; one of the same key takes its place.

    >>> len(all_topics()) == len(all_topics(listed()[:2]))
    True
    """
    named = {t.key: t for t in (*listed(), *own)}
    return tuple(named.values())


@cache
def _index(topics: tuple[Topic, ...], language: str) -> tuple[tuple[str, Entries[bool]], ...]:
    def words(topic: Topic) -> tuple[str, ...]:
        both = {"en": topic.en, "it": topic.it}
        return both.get(language, (*topic.en, *topic.it))

    return tuple((t.key, entries((w, True) for w in words(t))) for t in topics)


def topics_of(text: str, language: str, topics: tuple[Topic, ...]) -> tuple[str, ...]:
    """Return the keys of the topics met in a comment, in the order of the list; often several.

    >>> topics_of("Staff were rude and we waited an hour", "en", listed())
    ('waiting', 'courtesy')
    >>> topics_of("Troppa coda, ma personale cortese", "it", listed())
    ('waiting', 'courtesy')
    """
    return tuple(hits(text, language, topics))


def hits(text: str, language: str, topics: tuple[Topic, ...]) -> dict[str, frozenset[str]]:
    """Return, for each topic met, the words of the comment at which its list met it.

    >>> sorted(hits("We waited in line", "en", listed())["waiting"])
    ['line', 'waited']
    """
    words = tokens(text)
    met = {
        key: frozenset(w for i, w in enumerate(words) if found.at(words, i) is not None)
        for key, found in _index(topics, language)
    }
    return {key: at for key, at in met.items() if at}
