"""The keys of comments: own topics, and how comments are read."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator

from ..model.topics import Comments, Topic
from ..model.words import Words
from .chain_keys import Keys, Name, Text, as_label, as_list, example

WordList = Annotated[list[Text], BeforeValidator(as_list)]


class TopicLabelKeys(Keys):
    """The name of a topic in both languages."""

    en: Text = example("Uniforms")
    it: Text = example("Divise")


class TopicKeys(Keys):
    """Something that comments speak of, and the words that give it away."""

    label: Annotated[TopicLabelKeys, BeforeValidator(as_label)] | None = example(
        {"en": "Uniforms", "it": "Divise"}, default=None
    )
    en: WordList = example(["uniform*", "dress_code"], default=[])
    it: WordList = example(["divis*", "abito_da_lavoro"], default=[])


class CommentsKeys(Keys):
    """How comments are read."""

    language: Name | None = example("language", default=None)
    corrections: Name | None = example("corrections.csv", default=None)
    vectors: bool = example(True, default=False)


def topics(keys: Mapping[str, TopicKeys]) -> tuple[Topic, ...]:
    """Return the topics that a chain file adds."""
    return tuple(Topic(name, _label(name, t), tuple(t.en), tuple(t.it)) for name, t in keys.items())


def _label(name: str, keys: TopicKeys) -> Words:
    if keys.label is not None:
        return Words(keys.label.en, keys.label.it)
    text = name.replace("_", " ").capitalize()
    return Words(text, text)


def comments(keys: CommentsKeys | None) -> Comments:
    """Return how comments are read."""
    if keys is None:
        return Comments()
    return Comments(keys.language, keys.corrections, keys.vectors)
