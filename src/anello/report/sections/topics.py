"""What people write about, side by side: what hinders staff beside what customers complain of."""

from typing import Any

from anello.model.chain import Side
from anello.model.disclosure import band
from anello.model.topics import Accuracy, TopicCount
from anello.report.numbers import fixed, known, whole
from anello.report.reading import Reading

from .base import Section

SIDES = {
    Side.EMPLOYEE.value: "Staff write",
    Side.CUSTOMER.value: "Customers write",
    Side.OPERATIONS.value: "Operations write",
    Side.MONEY.value: "Others write",
}
LANGUAGES = {
    "en": "English",
    "it": "Italian",
    "mixed": "both languages",
    "unknown": "unknown language",
}
BELOW = -0.05
"""A topic whose mean lies under this is spoken of less well than the average comment."""


def _context(reading: Reading) -> dict[str, Any] | None:
    whole_chain = [t for t in reading.findings.topics if not t.unit]
    if not whole_chain and not reading.findings.accuracy:
        return None
    measures = list(dict.fromkeys(t.measure for t in whole_chain))
    measures.sort(key=lambda m: list(SIDES).index(_side(whole_chain, m)))
    cells = {(t.topic, t.measure): t for t in whole_chain}
    labels = {t.topic: t.label.get(reading.language) for t in whole_chain}
    order = sorted(labels, key=lambda t: -sum(_share(cells.get((t, m))) for m in measures))
    return {
        "heads": [_head(reading, whole_chain, m) for m in measures],
        "rows": [
            {"topic": labels[t], "cells": [_cell(reading, cells.get((t, m))) for m in measures]}
            for t in order
        ],
        "meets": _meets(reading, whole_chain, labels, order),
        "floor": reading.chain.disclosure.comments,
        "accuracy": [_accuracy(reading, a) for a in reading.findings.accuracy if not a.topic]
        + _of_topics(reading),
    }


def _side(found: list[TopicCount], measure: str) -> str:
    return next(t.side for t in found if t.measure == measure)


def _head(reading: Reading, found: list[TopicCount], measure: str) -> dict[str, str]:
    comments = max(t.comments for t in found if t.measure == measure)
    side = reading.told(SIDES[_side(found, measure)])
    count = reading.say("{people} comments", people=reading.people(comments))
    return {"side": side, "measure": reading.measure(measure), "count": count}


def _share(cell: TopicCount | None) -> float:
    if cell is None:
        return 0.0
    return _middle(cell.n) / _middle(cell.comments)


def _middle(n: int) -> float:
    """Return the middle of the band in which a count left: nothing nearer is known."""
    low, high = band(n)
    return (low + (high or low)) / 2


def _cell(reading: Reading, cell: TopicCount | None) -> dict[str, str]:
    if cell is None:
        return {"share": "–", "n": "", "mood": "–", "wide": "0", "kind": ""}
    mood = known(cell.sentiment)
    return {
        "share": f"≈ {fixed(100 * _share(cell), 0, reading.language)} %",
        "n": reading.people(cell.n),
        "mood": "–" if mood is None else fixed(mood, 1, reading.language, sign=True),
        "wide": f"{min(100.0, 100 * _share(cell)):.1f}",
        "kind": "below" if mood is not None and mood < BELOW else "",
    }


def _meets(
    reading: Reading, found: list[TopicCount], labels: dict[str, str], order: list[str]
) -> list[str]:
    """Return the topics of which both sides speak less well than of the rest, in words."""
    below = {
        side.value: {t.topic for t in found if t.side == side.value and (t.sentiment or 0) < BELOW}
        for side in (Side.EMPLOYEE, Side.CUSTOMER)
    }
    both = below[Side.EMPLOYEE.value] & below[Side.CUSTOMER.value]
    return [
        reading.say(
            "{topic}: staff and customers both speak of it less well than of the rest.",
            topic=labels[t],
        )
        for t in order
        if t in both
    ]


def _of_topics(reading: Reading) -> list[str]:
    """Return a line for each topic that corrections taught, and one for all the others."""
    rows = [a for a in reading.findings.accuracy if a.topic]
    lines = [_taught(reading, a, rows) for a in rows if a.used]
    if rows:
        lines.append(
            reading.say(
                "Topics that corrections did not teach are coded by the word lists; how often each "
                "agrees with people stands in the table of accuracy."
            )
        )
    return lines


def _taught(reading: Reading, a: Accuracy, rows: list[Accuracy]) -> str:
    same = (a.measure, a.language, a.topic)
    lists = next(w for w in rows if (w.measure, w.language, w.topic) == same and w.how == "words")
    share, low, high = (100 * (known(x) or 0.0) for x in (a.share, a.low, a.high))
    return reading.say(
        "{measure}, {language}: your corrections teach the topic {topic}; right in {share} % "
        "{interval} of {n} corrected comments (cross-validated), the word lists in {words} %.",
        measure=reading.measure(a.measure),
        language=reading.told(LANGUAGES.get(a.language, "all languages")),
        topic=a.label.get(reading.language) if a.label else a.topic,
        share=fixed(share, 0, reading.language),
        interval=reading.interval(low, high, 0),
        n=whole(a.n, reading.language),
        words=fixed(100 * (lists.share or 0.0), 0, reading.language),
    )


def _accuracy(reading: Reading, a: Accuracy) -> str:
    measure = reading.measure(a.measure)
    share, low, high = known(a.share), known(a.low), known(a.high)
    if not a.n or share is None or low is None or high is None:
        return reading.say(
            "{measure}: the accuracy was never measured here; nobody has corrected a comment yet.",
            measure=measure,
        )
    values = {
        "measure": measure,
        "language": reading.told(LANGUAGES.get(a.language, "all languages")),
        "n": whole(a.n, reading.language),
        "share": fixed(100 * share, 0, reading.language),
        "interval": reading.interval(100 * low, 100 * high, 0),
        "common": fixed(100 * (a.commonest or 0.0), 0, reading.language),
    }
    if a.how == "learned":
        return reading.say(
            "{measure}, {language}: learned from your corrections, right in {share} % {interval} "
            "of {n} corrected comments (cross-validated); always saying the commonest: {common} %.",
            **values,
        )
    return reading.say(
        "{measure}, {language}: the word lists are right in {share} % {interval} of {n} corrected "
        "comments; always saying the commonest: {common} %.",
        **values,
    )


SECTION = Section("What people write about", _context)
