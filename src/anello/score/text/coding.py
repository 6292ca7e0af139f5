"""From comments to codes: language, topics and sentiment of each, people's corrections first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anello.model.topics import Topic

from .corrections import Correction, digest
from .encoder import Encoder
from .language import detect
from .learning import Learned, learn
from .lexicon import sentiment
from .topic_learning import TopicsLearned, learn_topics
from .topics import topics_of
from .vectors import praise_of

Array = NDArray[np.float64]
FEW = 10
"""Comments of a language from which its own mean is known well enough to be subtracted."""


@dataclass(frozen=True, slots=True)
class Code:
    """What one comment says. `centred` is `sentiment` less the mean of its language."""

    digest: str
    language: str
    topics: tuple[str, ...]
    sentiment: float
    centred: float = 0.0


@dataclass(frozen=True)
class Coded:
    """All comments coded, and how well; `learned` and `topics` are None without labels."""

    codes: tuple[Code, ...]
    means: dict[str, float]
    learned: Learned | None
    rules: tuple[float, ...]
    vectors: Array | None = None
    topics: TopicsLearned | None = None


def code(
    texts: Sequence[str],
    languages: Sequence[str | None],
    topics: tuple[Topic, ...],
    corrections: Mapping[str, Correction] | None = None,
    encoder: Encoder | None = None,
    weights: Sequence[int] | None = None,
) -> Coded:
    """Code comments; `languages` holds what a column says of each, None to tell it from the words.

    `weights` says how many people wrote each comment, when equal ones are given once.

    With enough corrected sentiments a classifier of the organisation's own takes the place of the
    word lists where cross-validation finds it better; so do corrected topics, one by one and by
    language. What a person corrected stays as they said.
    """
    corrections = corrections or {}
    found = [_by_rules(t, said, topics) for t, said in zip(texts, languages, strict=True)]
    rules = [c.sentiment for c in found]
    vectors = None if encoder is None else encoder.encode(texts)
    if vectors is not None and encoder is not None:
        praised = praise_of(encoder, vectors, [c.language for c in found])
        rules = [(r + float(p)) / 2 for r, p in zip(rules, praised, strict=True)]
    learned = learn(texts, found, rules, vectors, labels_of(found, corrections))
    values = rules if learned is None else learned.sentiment
    taught = learn_topics(texts, found, topics, topic_labels(found, corrections))
    spoken = [c.topics for c in found] if taught is None else taught.topics
    codes = [
        _corrected(replace(c, sentiment=float(v), topics=t), corrections.get(c.digest))
        for c, v, t in zip(found, values, spoken, strict=True)
    ]
    means = language_means(codes, weights or [1] * len(codes))
    centred = tuple(_centred(c, means) for c in codes)
    return Coded(centred, means, learned, tuple(rules), vectors, taught)


def _by_rules(text: str, language: str | None, topics: tuple[Topic, ...]) -> Code:
    spoken = language or detect(text)
    return Code(digest(text), spoken, topics_of(text, spoken, topics), sentiment(text, spoken))


def labels_of(codes: Sequence[Code], corrections: Mapping[str, Correction]) -> dict[int, float]:
    """Return the corrected sentiments by the place of their comment, equal comments once."""
    found: dict[str, tuple[int, float]] = {}
    for i, one in enumerate(codes):
        said = corrections.get(one.digest)
        if said is not None and said.sentiment is not None:
            found.setdefault(one.digest, (i, said.sentiment))
    return dict(found.values())


def topic_labels(
    codes: Sequence[Code], corrections: Mapping[str, Correction]
) -> dict[int, tuple[str, ...]]:
    """Return the corrected topics by the place of their comment, equal comments once."""
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for i, one in enumerate(codes):
        said = corrections.get(one.digest)
        if said is not None and said.topics is not None:
            found.setdefault(one.digest, (i, said.topics))
    return dict(found.values())


def _corrected(code: Code, correction: Correction | None) -> Code:
    if correction is None:
        return code
    return replace(
        code,
        topics=code.topics if correction.topics is None else correction.topics,
        sentiment=code.sentiment if correction.sentiment is None else correction.sentiment,
    )


def language_means(codes: Sequence[Code], weights: Sequence[int]) -> dict[str, float]:
    """Return the mean sentiment of each language met at least `FEW` times, and of all under "".

    English praises more than Italian, or its word list does: only differences inside a language
    are compared. A true difference between the two groups of people goes with it.
    """
    means = {"": 0.0}
    for language in ("", "en", "it"):
        said = [
            (c.sentiment, w)
            for c, w in zip(codes, weights, strict=True)
            if language in ("", c.language)
        ]
        n = sum(w for _, w in said)
        if n >= FEW or (n and not language):
            means[language] = sum(s * w for s, w in said) / n
    return means


def _centred(code: Code, means: Mapping[str, float]) -> Code:
    """Subtract the mean, in steps of 1/4096: such sums are exact in any order."""
    value = code.sentiment - means.get(code.language, means[""])
    return replace(code, centred=round(value * 4096) / 4096)
