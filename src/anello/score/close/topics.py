"""What the comments of a wave speak of: counts of people in bands, each past the ledger."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from anello.listen.sources.base import Rows
from anello.model.errors import RefusedError
from anello.model.notes import Note
from anello.model.topics import FEELING, Topic, TopicCount, flag
from anello.protect.ledger import MODEL, Candidate, Keeper, Row
from anello.stats.moments import Floats

from .figures import Close, digest
from .persons import Persons
from .weighted import LARGEST

WHOLE = ""


def flags(rows: Rows, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return every column of numbers that the columns of comments of a source became."""
    return tuple(c for _, column in rows.comments for c in _flags(column, topics))


def _flags(column: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    return (flag(column), *(flag(column, t.key) for t in topics))


@dataclass(frozen=True, slots=True)
class Spoken:
    """Of a place in one wave: how many comment, and of each topic how many and the sum of tone."""

    measure: str
    place: str
    comments: int
    topics: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one place asks for: its figures, and the weights behind each of them."""

    found: Spoken
    names: tuple[str, ...]
    weights: Floats
    members: tuple[int, ...]


def spoken(
    persons: Persons,
    commented: Sequence[tuple[str, str]],
    topics: Sequence[Topic],
    made: Close,
    floor: int,
    keeper: Keeper,
    seed: bytes,
) -> tuple[list[Spoken], list[Row], list[Note]]:
    """Return what may be told of the comments of a wave, the lines that allow it, what is left out.

    `commented` are measure and column. A place is the whole source, a unit, or units that stand
    together; below `floor` comments, of the place or on a topic, nothing is told. How many comment
    and how many speak of a topic are sums over those people, so these are the weights. A topic of
    which all but a few speak is not told, for both counts together would tell of those few. Where
    the ledger refuses everything at once, the whole is asked for alone, and each place after it.
    """
    found: list[Spoken] = []
    lines: list[Row] = []
    notes: list[Note] = []
    for measure, column in commented:
        asked = list(_asked(persons, measure, column, topics, made, floor))
        ones = [_candidate([a], persons, column, topics, made, seed) for a in asked]
        if not ones:
            continue
        with suppress(RefusedError):
            every = _candidate(asked, persons, column, topics, made, seed)
            lines += keeper.admit([every])
            found += [a.found for a in asked]
            continue
        told = len(found)
        for a, one in zip(asked, ones, strict=True):
            with suppress(RefusedError):
                lines += keeper.admit([one])
                found.append(a.found)
        notes.append(
            Note(IN_PART if len(found) > told else NOTHING, wave=made.wave.partition("/")[2])
        )
    return found, lines, notes


NOTHING = "What the comments of {wave} speak of is left out, for the ledger refused it."
IN_PART = (
    "What the comments of {wave} speak of is told for some places only, for the ledger refused the "
    "others."
)


def _asked(
    persons: Persons, measure: str, column: str, topics: Sequence[Topic], made: Close, floor: int
) -> Iterator[_Asked]:
    """Yield what the whole and each group ask for; the groups only while they can be audited.

    A place that merged from several groups is the sum of what each of them tells.
    """
    feeling = persons.answers[flag(column)]
    group = made.group
    commented = np.isfinite(feeling) & (group >= 0)
    places = [(WHOLE, commented)] + [
        (made.places[i].label, commented & (group == g)) for g, i in enumerate(made.place)
    ]
    if len(places) * (len(topics) + 1) * persons.count > LARGEST:
        places = places[:1]
    for label, here in places:
        count = int(here.sum())
        if count < floor:
            continue
        rows = [here.astype(float)]
        names, members = [f"{column}: comments {label}".rstrip()], [count]
        found = []
        for topic in topics:
            on = here & (persons.answers[flag(column, topic.key)] > 0)
            n = int(on.sum())
            if n < floor or 0 < count - n < made.cut.atoms.k:
                continue
            found.append((topic.key, n, float(feeling[on].sum())))
            rows.append(on.astype(float))
            names.append(f"{column}: {topic.key} {label}".rstrip())
            members.append(n)
        told = Spoken(measure, label, count, tuple(found))
        yield _Asked(told, tuple(names), np.array(rows), tuple(members))


def _candidate(
    asked: Sequence[_Asked],
    persons: Persons,
    column: str,
    topics: Sequence[Topic],
    made: Close,
    seed: bytes,
) -> Candidate:
    names = tuple(n for a in asked for n in a.names)
    return Candidate(
        made.wave,
        MODEL,
        f"topics of {column}",
        made.people,
        names,
        ("mean",) * len(names),
        np.vstack([a.weights for a in asked]),
        tuple(n for a in asked for n in a.members),
        columns=tuple((c, _form(c), digest(persons, c, seed)) for c in _flags(column, topics)),
    )


def _form(column: str) -> str:
    """Return the form of a measure of the same numbers, so that neither is a second form."""
    scoring = FEELING if column == flag(column.removesuffix(f"__{FEELING}")) else "topic_share"
    return f"{scoring} of {column}"


def counted(
    found: Sequence[Spoken], topics: Sequence[Topic], sides: dict[str, str]
) -> tuple[TopicCount, ...]:
    """Return the counts over all waves, the whole first, in the order of the topics' list.

    Comments on a topic are counted only of waves in which the place had enough of them.
    """
    comments: dict[tuple[str, str], int] = defaultdict(int)
    sums: dict[tuple[str, str, str], tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for s in found:
        comments[s.measure, s.place] += s.comments
        for topic, n, tone in s.topics:
            before = sums[s.measure, s.place, topic]
            sums[s.measure, s.place, topic] = (before[0] + n, before[1] + tone)
    labels = {t.key: t.label for t in topics}
    order = list(labels)
    keys = sorted(sums, key=lambda k: (k[0], k[1], order.index(k[2])))
    return tuple(
        TopicCount(
            measure,
            sides[measure],
            place,
            topic,
            labels[topic],
            sums[measure, place, topic][0],
            comments[measure, place],
            sums[measure, place, topic][1] / sums[measure, place, topic][0],
        )
        for measure, place, topic in keys
    )
