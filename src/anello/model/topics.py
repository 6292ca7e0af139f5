"""What people write about: topics, and how often each side of the counter speaks of them."""

from dataclasses import dataclass

from .disclosure import Disclosure
from .words import Words

TEXT_SCORINGS = ("sentiment", "topic_share")
"""The scorings that read what people wrote instead of what they ticked."""
SHARE_SCORINGS = ("percent_positive", "top_box", "recommend")
"""The scorings that tell how many answered favourably."""


def fewest(scoring: str, disclosure: Disclosure) -> int:
    """Return how many people must stand behind a mean of this scoring.

    A share of favourable answers, of a top box or of promoters tells more than a mean does.

    >>> [fewest(scoring, Disclosure()) for scoring in ("mean", "top_box", "sentiment")]
    [5, 10, 10]
    """
    if scoring in SHARE_SCORINGS:
        return max(disclosure.k, disclosure.splits)
    if scoring in TEXT_SCORINGS:
        return max(disclosure.k, disclosure.comments)
    return disclosure.k


FEELING = "sentiment"


def flag(column: str, topic: str | None = None) -> str:
    """Return the column of numbers that a column of comments became: of a topic, or of its tone.

    >>> flag("why", "waiting"), flag("why")
    ('why__waiting', 'why__sentiment')
    """
    return f"{column}__{topic or FEELING}"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that comments speak of, with the words that give it away in each language.

    A word ending in `*` stands for all words that begin so; `_` joins the words of a phrase.
    """

    key: str
    label: Words
    en: tuple[str, ...] = ()
    it: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comments:
    """How comments are read: the column of their language, people's corrections, vectors or not."""

    language: str | None = None
    corrections: str | None = None
    vectors: bool = False


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How many comments of one measure speak of a topic; `unit` "" means all units together.

    `sentiment` is the mean of those that do, centred by language. `n` and `comments` are exact
    before the gate and the low end of a band after it.
    """

    measure: str
    side: str
    unit: str
    topic: str
    label: Words
    n: int
    comments: int
    sentiment: float | None = None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often the coding agreed with people, in one language; `topic` "" is sentiment.

    `n` labelled comments, `share` right with its 95 % interval (Wilson 1927), and the share that
    always saying the commonest label would reach. `how` names what coded: `words`, `learned`.
    Of a topic `n` comments were asked whether it is there, and `used` says whether the learned
    answer is taken.
    """

    measure: str
    language: str
    how: str
    n: int
    share: float | None = None
    low: float | None = None
    high: float | None = None
    commonest: float | None = None
    topic: str = ""
    used: bool = False
    label: Words | None = None
