"""Corrected topics become labels: the words that tell a topic here, by language.

A topic is learned where its labels are enough, and the learned answer is used only where it beats
the lists on the same labels, cross-validated. Even then a comment is coded otherwise than the lists
say only if it holds a word that tells the topic, and no topic is taken away while another word of
its list stands: people correct what the lists miss, so the share of a topic among corrected
comments says nothing of the others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Protocol

from anello.model.topics import Topic

from .accuracy import agreement
from .language import short_words
from .learning import BETTER, ahead
from .tokens import END, tokens
from .topics import hits

LABELS = 20
"""Comments of a language with corrected topics from which its topics are learned."""

EACH = 5
"""Corrected comments that must have the topic, and as many that must not."""

MET = 3
TELLS = log(4)
"""A word tells a topic when `MET` labels have both and it is four times as frequent with it."""

LANGUAGES = ("en", "it")
FOLDS = 5
LISTED = {True: "<listed>", False: "<not listed>"}
Marks = frozenset[str]
NOWHERE: Marks = frozenset()


class Coded(Protocol):
    """A comment that the lists have coded."""

    @property
    def digest(self) -> str:
        """Return what it is known by."""
        ...

    @property
    def language(self) -> str:
        """Return its language."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics that the lists found."""
        ...


@dataclass(frozen=True, slots=True)
class TopicAgreement:
    """How often a coder (`words`, `learned`) agrees with people whether a topic is there.

    `n` labelled comments of a language, `labelled` of which have the topic; the interval is
    Wilson's. Learned answers are cross-validated; `used` says whether they are taken.
    """

    language: str
    topic: str
    how: str
    n: int
    labelled: int
    share: float
    low: float
    high: float
    commonest: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class TopicsLearned:
    """The topics of every comment as lists and labels say them, and how well each did."""

    topics: tuple[tuple[str, ...], ...]
    accuracy: tuple[TopicAgreement, ...]


@dataclass(frozen=True, slots=True)
class Teller:
    """Which words speak for a topic and against it: log ratios of their shares, add-half smoothed.

    `yes` are the words of which one must be there before the list is overruled, `no` those that
    the list was wrong about.
    """

    weight: Mapping[str, float]
    yes: Marks
    no: Marks

    def has(self, marks: Marks, listed: Marks) -> bool:
        """Return whether a comment has the topic.

        `listed` are the words at which the list met it. What the list says stands without a word
        that tells the topic; and a topic is taken away only when each word of the list that met it
        was unlearned.
        """
        heard = sorted(marks | {LISTED[bool(listed)]})
        score = sum(self.weight.get(m, 0.0) for m in heard)
        if listed:
            return not (score < 0 and listed <= self.no)
        return score > 0 and bool(marks & self.yes)


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled comments of one language and one topic, side by side."""

    marks: tuple[Marks, ...]
    listed: tuple[Marks, ...]
    truth: tuple[bool, ...]
    digests: tuple[str, ...]

    def take(self, rows: Sequence[int]) -> "Examples":
        """Return some of them."""
        return Examples(
            tuple(self.marks[i] for i in rows),
            tuple(self.listed[i] for i in rows),
            tuple(self.truth[i] for i in rows),
            tuple(self.digests[i] for i in rows),
        )


def learn_topics(
    texts: Sequence[str],
    met: Sequence[Coded],
    known: tuple[Topic, ...],
    labels: Mapping[int, tuple[str, ...]],
) -> TopicsLearned | None:
    """Return what corrected topics teach (`labels`: all topics of a comment, by its place).

    None without labels. English labels teach English comments and Italian ones Italian.
    """
    if not labels:
        return None
    topics = [set(c.topics) for c in met]
    rows: list[TopicAgreement] = []
    for language in LANGUAGES:
        places = [i for i in labels if met[i].language == language]
        if not places:
            continue
        spoken = [i for i, c in enumerate(met) if c.language == language]
        marks = {i: marks_of(texts[i]) for i in spoken}
        listed = {i: hits(texts[i], language, known) for i in spoken}
        for topic in (t.key for t in known):
            examples = Examples(
                tuple(marks[i] for i in places),
                tuple(listed[i].get(topic, NOWHERE) for i in places),
                tuple(topic in labels[i] for i in places),
                tuple(met[i].digest for i in places),
            )
            found, taught = _learned(topic, language, examples)
            rows += found
            for i in spoken if taught is not None else ():
                assert taught is not None
                there = taught.has(marks[i], listed[i].get(topic, NOWHERE))
                (topics[i].add if there else topics[i].discard)(topic)
    ordered = tuple(tuple(t.key for t in known if t.key in said) for said in topics)
    return TopicsLearned(ordered, tuple(rows))


def _learned(
    topic: str, language: str, examples: Examples
) -> tuple[list[TopicAgreement], Teller | None]:
    """Return how list and labels do on one topic, and what was learned where it is better."""
    truth, listed = examples.truth, [bool(at) for at in examples.listed]
    n, yes = len(truth), sum(truth)
    if not yes:
        return [], None
    words = _agreement(language, topic, "words", truth, listed)
    if n < LABELS or not EACH <= yes <= n - EACH:
        return [words], None
    own = _cross_validated(examples)
    said, asked, answered = ([int(v) for v in x] for x in (truth, listed, own))
    used = ahead(said, asked, answered) >= BETTER
    rows = [words, _agreement(language, topic, "learned", truth, own, used)]
    return rows, teller(examples) if used else None


def marks_of(text: str) -> Marks:
    """Return the words of a comment and its pairs of neighbours, without words of grammar alone.

    >>> sorted(marks_of("The till crashed."))
    ['crashed', 'the till', 'till', 'till crashed']
    """
    words, short = [w for w in tokens(text) if w != END], short_words()
    pairs = (f"{a} {b}" for a, b in pairwise(words) if not {a, b} <= short)
    return frozenset((*(w for w in words if w not in short), *pairs))


def teller(examples: Examples) -> Teller:
    """Return what labelled comments teach of one topic; every comment counts a word once."""
    with_it, without = Counter[str](), Counter[str]()
    for marks, listed, has in zip(examples.marks, examples.listed, examples.truth, strict=True):
        (with_it if has else without).update((*marks, LISTED[bool(listed)]))
    n1 = sum(examples.truth)
    n0 = len(examples.truth) - n1
    weight = {
        m: log((with_it[m] + 0.5) / (n1 + 1)) - log((without[m] + 0.5) / (n0 + 1))
        for m in sorted(with_it.keys() | without.keys())
        if with_it[m] + without[m] >= MET - 1
    }
    told = {m: w for m, w in weight.items() if m not in LISTED.values()}
    return Teller(
        weight,
        frozenset(m for m, w in told.items() if w >= TELLS and with_it[m] >= MET),
        frozenset(m for m, w in told.items() if w <= -TELLS and without[m] >= MET),
    )


def _cross_validated(examples: Examples) -> list[bool]:
    """Return the answer for each label of what the other four fifths of the labels teach."""
    fold = [int(d[:8], 16) % FOLDS for d in examples.digests]
    out = [False] * len(fold)
    for f in set(fold):
        taught = teller(examples.take([i for i, g in enumerate(fold) if g != f]))
        for i in (i for i, g in enumerate(fold) if g == f):
            out[i] = taught.has(examples.marks[i], examples.listed[i])
    return out


def _agreement(
    language: str,
    topic: str,
    how: str,
    truth: Sequence[bool],
    said: Sequence[bool],
    used: bool = False,
) -> TopicAgreement:
    whole, coded = [int(t) for t in truth], [int(s) for s in said]
    row = agreement(whole, coded, [float(s) for s in coded])
    share, low, high, commonest = (
        float(x or 0.0) for x in (row["accuracy"], row["low"], row["high"], row["commonest"])
    )
    return TopicAgreement(
        language, topic, how, len(whole), sum(whole), share, low, high, commonest, used
    )
