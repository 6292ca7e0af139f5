"""Topics and sentiment of the comments in a file, for a person who already holds them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from anello.model.disclosure import Disclosure
from anello.model.errors import SourceError
from anello.model.topics import Topic
from anello.protect.text_guard import mask
from anello.store.text_file import text_columns

from . import corrections as corrected
from .accuracy import class_of, f1, wilson
from .coding import Code, Coded, code
from .corrections import NOTHING, Correction, sentiment_of
from .encoder import encoder
from .language import declared
from .learning import learn
from .topics import all_topics

Json = dict[str, object]
NAMES = ("complaint", "neutral", "praise")


def fit_comments(
    path: Path | str,
    *,
    text: str,
    language: str | None = None,
    labels: str | None = None,
    unit: str | None = None,
    corrections: Path | str | None = None,
    vectors: bool = False,
    examples: int = 0,
    topics: Sequence[Topic] = (),
) -> Json:
    """Return topics and sentiment of the column `text`, ready for JSON.

    `labels` is a column of what people said: sentiments (`positive`, `-1` ... `1`) or topics (keys
    parted by `;`, `none`); then the accuracy for each language is given, and with thirty sentiments
    that of a classifier trained on them, cross-validated. `unit` gives counts of a unit and topic
    that ten comments or more stand behind. `corrections` is a file that overrides. `vectors` adds
    the `[text]` extra. `examples` comments are shown masked for each topic of ten or more.
    `comments` holds one row for each comment with its row in the file, never its words. Raises
    `SourceError`, and `MissingExtraError` when `vectors` are asked for and not installed.
    """
    place = Path(path)
    table = text_columns(place, [c for c in (text, language, labels, unit) if c is not None])
    kept = [i for i, t in enumerate(table[text]) if t is not None and t.strip()]
    if not kept:
        raise SourceError(
            "{file}: the column {column!r} holds no comment.", file=place.name, column=text
        )
    texts = [str(table[text][i]) for i in kept]
    spoken = [declared(table[language][i]) if language else None for i in kept]
    known = all_topics(topics)
    said = _labels(place.name, table[labels], kept, [t.key for t in known]) if labels else {}
    right = corrected.read(Path(corrections), [t.key for t in known]) if corrections else {}
    found = code(texts, spoken, known, right, encoder() if vectors else None)
    floor = Disclosure().comments
    out: Json = {
        "model": "comments",
        "n": len(kept),
        "empty": len(table[text]) - len(kept),
        "coder": "words and vectors" if vectors else "words",
        "languages": _languages(found),
        "topics": _topics(found.codes, known),
        "accuracy": _accuracy(texts, known, found, said),
    }
    if unit:
        out["units"] = _units(found.codes, [table[unit][i] for i in kept], floor)
        out["floor"] = floor
    if examples:
        out["examples"] = _examples(texts, found.codes, known, examples, floor)
    out["comments"] = [_row(i, c) for i, c in zip(kept, found.codes, strict=True)]
    return out


def _row(i: int, c: Code) -> Json:
    return {
        "row": i + 2,
        "comment": c.digest,
        "language": c.language,
        "sentiment": c.sentiment,
        "centred": c.centred,
        "class": NAMES[class_of(c.sentiment)],
        "topics": list(c.topics),
    }


def _languages(found: Coded) -> list[Json]:
    counts = Counter(c.language for c in found.codes)
    return [
        {
            "language": k,
            "n": counts[k],
            "mean": _mean([c.sentiment for c in found.codes if c.language == k]),
        }
        for k in ("en", "it", "mixed", "unknown")
        if counts[k]
    ]


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _topics(codes: Sequence[Code], known: Sequence[Topic]) -> list[Json]:
    rows = []
    for topic in known:
        met = [c for c in codes if topic.key in c.topics]
        mean = _mean([c.sentiment for c in met])
        centred = _mean([c.centred for c in met])
        share = len(met) / len(codes)
        rows.append(
            {"topic": topic.key, "en": topic.label.en, "it": topic.label.it, "n": len(met),
             "share": share, "sentiment": mean, "centred": centred}
        )  # fmt: skip
    return sorted(rows, key=lambda row: -row["n"])  # type: ignore[operator]


def _units(codes: Sequence[Code], units: Sequence[object], floor: int) -> list[Json]:
    """Return units of at least `floor` comments, with the topics that `floor` of them speak of."""
    met: dict[str, list[Code]] = {}
    for unit, one in zip(units, codes, strict=True):
        met.setdefault("" if unit is None else str(unit), []).append(one)
    rows: list[Json] = []
    for unit, said in sorted(met.items()):
        if len(said) < floor:
            continue
        counts = Counter(topic for c in said for topic in c.topics)
        mean = _mean([c.centred for c in said])
        rows.append({"unit": unit, "topic": "", "n": len(said), "centred": mean})
        for topic, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            if n >= floor:
                mean = _mean([c.centred for c in said if topic in c.topics])
                rows.append({"unit": unit, "topic": topic, "n": n, "centred": mean})
    return rows


def _examples(
    texts: Sequence[str], codes: Sequence[Code], known: Sequence[Topic], most: int, floor: int
) -> list[Json]:
    rows: list[Json] = []
    for topic in known:
        met = [i for i, c in enumerate(codes) if topic.key in c.topics]
        if len(met) >= floor:
            met.sort(key=lambda i: codes[i].digest)
            rows += [
                {"topic": topic.key, "text": mask(texts[i][:500], codes[i].language)}
                for i in met[:most]
            ]
    return rows


def _labels(
    file: str, column: Sequence[str | None], kept: Sequence[int], known: Sequence[str]
) -> dict[int, Correction]:
    """Return what people said, by the place of the comment; topics or sentiments, never both."""
    written = {at: str(column[i]) for at, i in enumerate(kept) if (column[i] or "").strip()}
    values = {at: sentiment_of(w) for at, w in written.items()}
    if all(v is not None for v in values.values()):
        return {at: Correction(sentiment=v) for at, v in values.items()}
    out = {}
    for at, w in written.items():
        named = [t.strip() for t in w.replace("|", ";").split(";") if t.strip()]
        for name in named:
            if name not in known and name.casefold() not in NOTHING:
                raise SourceError(
                    "{file}, row {row}: the label {value!r} is no sentiment (-1 to 1, positive, "
                    "neutral, negative) and no topic. Known topics are: {known}.",
                    file=file,
                    row=kept[at] + 2,
                    value=name[:40],
                    known=", ".join(known),
                )
        out[at] = Correction(topics=tuple(t for t in known if t in named))
    return out


def _accuracy(
    texts: Sequence[str],
    known: tuple[Topic, ...],
    found: Coded,
    said: Mapping[int, Correction],
) -> object:
    """Return what is known of the accuracy, by language; or that it was never measured."""
    if said and next(iter(said.values())).topics is not None:
        return _topic_accuracy(found.codes, said, known)
    if said:
        labels = {at: c.sentiment for at, c in said.items() if c.sentiment is not None}
        told = learn(texts, found.codes, found.rules, found.vectors, labels)
        return list(told.accuracy) if told else []
    rows: list[object] = [] if found.learned is None else list(found.learned.accuracy)
    rows += [] if found.topics is None else [asdict(row) for row in found.topics.accuracy]
    return rows or "never measured here"


def _topic_accuracy(
    codes: Sequence[Code], said: Mapping[int, Correction], known: Sequence[Topic]
) -> list[Json]:
    """Return, by language and topic, how often the words agree with people about a topic."""
    rows: list[Json] = []
    for language in ("", *sorted({codes[at].language for at in said})):
        places = [at for at in said if language in ("", codes[at].language)]
        for topic in known:
            truth = [int(topic.key in (said[at].topics or ())) for at in places]
            coded = [int(topic.key in codes[at].topics) for at in places]
            if not sum(truth):
                continue
            n, agree = len(places), sum(a == b for a, b in zip(truth, coded, strict=True))
            low, high = wilson(agree, n)
            rows.append(
                {"language": language, "how": "words", "topic": topic.key, "n": n,
                 "labelled": sum(truth), "accuracy": agree / n, "low": low, "high": high,
                 "f1": f1(truth, coded, 1), "commonest": max(sum(truth), n - sum(truth)) / n}
            )  # fmt: skip
    return rows
