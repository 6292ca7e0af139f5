"""From answers to scores: the shelf of scorings, and the two verbs of the room."""

from collections.abc import Collection, Sequence

import ibis.expr.types as ir

from anello.listen.sources.base import AT, GIVEN, Rows
from anello.model.chain import Measure
from anello.model.disclosure import Disclosure
from anello.model.errors import ChainFileError
from anello.model.findings import Quality
from anello.model.invariance import Invariance
from anello.model.place import Waves
from anello.model.topics import fewest

from . import base
from .base import Scoring
from .given import Given
from .index_0_100 import Index0To100
from .invariance import asks, heard, over_waves
from .mean import Mean
from .moments import moments
from .percent_positive import PercentPositive
from .recommend import Recommend
from .sentiment import Sentiment
from .top_box import TopBox
from .topic_share import TopicShare
from .wave_quality import BY, icc2, qualities

SCORINGS: dict[str, Scoring] = {
    "mean": Mean(),
    "index_0_100": Index0To100(),
    "percent_positive": PercentPositive(),
    "top_box": TopBox(),
    "recommend": Recommend(),
    "given": Given(),
    "sentiment": Sentiment(),
    "topic_share": TopicShare(),
}

__all__ = ["SCORINGS", "Scoring", "appraise", "check", "icc2", "quality", "score", "span"]


def check(measure: Measure) -> None:
    """Raise `ChainFileError` when a measure names no scoring of the shelf or contradicts it."""
    if measure.scoring not in SCORINGS:
        raise ChainFileError(
            "there is no scoring called {scoring!r}; known are: {known}.",
            path=("measures", measure.key, "scoring"),
            scoring=measure.scoring,
            known=", ".join(SCORINGS),
        )
    base.check(measure, SCORINGS[measure.scoring])


def quality(
    rows: Rows, measures: Sequence[Measure], disclosure: Disclosure, waves: Waves
) -> tuple[Quality, ...]:
    """Return reliability and agreement of each measure in each wave, in time order.

    Person grain: alpha and omega of the turned answers (people who answered every item), ICC(1) and
    ICC(2) of the score by ANOVA, the mean rWG(J) over units against the uniform null (their median
    would be one unit's own); all over units of at least as many answers as the scoring needs, the
    others are counted in `withheld`. When no unit reaches k, `units` and `n` are 0 and `mean` is
    NaN. Unit grain: mean and SD of the units' figures, `n` None. Weights are not applied: they
    correct means, not agreement.
    """
    return appraise(rows, measures, disclosure, waves, allowed=())[0]


def appraise(
    rows: Rows,
    measures: Sequence[Measure],
    disclosure: Disclosure,
    waves: Waves,
    allowed: Collection[tuple[str, str, str]] | None = None,
) -> tuple[tuple[Quality, ...], tuple[Invariance, ...]]:
    """Return the `quality` of each measure, and whether its means may be compared over waves.

    Invariance is asked of answers of persons to three questions or more, over the waves in which
    100 people answered each of them, in the units that reliability counts; nothing is said where
    fewer than two waves have them. `allowed` are the (wave, measure, part) that passed the ledger:
    a wave is compared only with its `items` and its `means`. One query adds up what both need.
    """
    alike: list[Invariance | None] = []
    found: list[Quality] = []
    keys = rows.table.select("wave").distinct().to_pyarrow()["wave"].to_pylist()
    ordered = waves.sort({k for k in keys if k is not None})
    for measure in measures:
        check(measure)
        scoring, least = SCORINGS[measure.scoring], fewest(measure.scoring, disclosure)
        sums = moments(rows.table, measure, scoring, BY) if asks(measure) else None
        found += qualities(rows.table, measure, scoring, least, ordered, sums)
        if sums is not None:
            alike.append(over_waves(sums, measure, least, heard(ordered, measure.key, allowed)))
    return tuple(found), tuple(a for a in alike if a is not None)


def span(measure: Measure) -> tuple[float, float] | None:
    """Return the lowest and highest score a measure can take; None when it has no bounds."""
    check(measure)
    return SCORINGS[measure.scoring].span(measure)


def score(rows: Rows, measures: Sequence[Measure], answers: Sequence[str] = ()) -> ir.Table:
    """Return the scores of a source as an Ibis expression: nothing is read, nothing materialised.

    Columns `unit`, `wave`, for each measure its key (float64, NULL when too few items are
    answered), and `<key>__w` when the measure has a weight. One row for each row of the source:
    a person, or a unit in a wave. The columns named in `answers` stand beside them as
    `answer <column>`, with the unit as given before mergers and the place of the row. Raises
    `ChainFileError` when a measure cannot be scored.
    """
    columns: dict[str, ir.Value] = {}
    if answers:
        columns = {c: rows.table[c] for c in (GIVEN, AT) if c in rows.table.columns}
    columns |= {f"answer {c}": rows.table[c].cast("float64") for c in answers}
    for measure in measures:
        check(measure)
        columns[measure.key] = base.scale(rows.table, measure, SCORINGS[measure.scoring])
        if measure.weight is not None:
            columns[f"{measure.key}__w"] = rows.table[measure.weight].cast("float64")
    return rows.table.select("unit", "wave", **columns)
