"""From the keys of a measure to the measure, with defaults from its source and construct."""

from collections.abc import Iterator

from ..model.chain import Construct, Coverage, Grain, Item, Measure, Source
from ..model.errors import ChainFileError
from ..model.words import Words
from . import link_formula
from .chain_lines import Place
from .chain_schema import LabelKeys, MeasureKeys


def measure(
    key: str, keys: MeasureKeys, sources: dict[str, Source], constructs: dict[str, Construct]
) -> Measure:
    """Return the measure called `key`; raises `ChainFileError` when its parts contradict."""
    construct = keys.of or key
    source = keys.source or _only(sources, ("measures", key))
    grain = sources[source].grain if source in sources else Grain.UNIT
    default = constructs[construct].label if construct in constructs else in_words(key)
    found = Measure(
        key=key,
        construct=construct,
        label=label(keys.label) or default,
        source=source,
        items=_items(key, keys),
        scoring=keys.scoring or ("given" if grain is Grain.UNIT else "mean"),
        grain=grain,
        low=keys.low,
        high=keys.high,
        higher_is_better=keys.direction == "up",
        min_items=keys.min_items,
        base=keys.base,
        response=keys.response,
        weight=keys.weight,
        coverage=Coverage(keys.coverage.column, keys.coverage.full) if keys.coverage else None,
        second_of=keys.second_of,
        note=label(keys.note),
        topic=keys.topic,
    )
    _check_scale(found)
    return found


def _only(sources: dict[str, Source], path: Place) -> str:
    if len(sources) == 1:
        return next(iter(sources))
    if not sources:
        raise ChainFileError(
            "{measure!r} has no source; add one under `sources`.", path=path, measure=path[-1]
        )
    raise ChainFileError(
        "{measure!r} must say its `source`, one of: {names}.",
        path=path,
        measure=path[-1],
        names=", ".join(sources),
    )


def _items(key: str, keys: MeasureKeys) -> tuple[Item, ...]:
    path = ("measures", key)
    said = [k for k in ("column", "items", "formula") if getattr(keys, k) is not None]
    if len(said) != 1:
        raise ChainFileError(
            "{measure!r} must say either `column` or `items`, so that it is known what to read.",
            path=(*path, *said[1:2]),
            measure=key,
        )
    if keys.column is not None:
        return (Item(keys.column),)
    if keys.formula is not None:
        construct, columns = link_formula.parse_items(keys.formula, (*path, "formula"))
        if construct != (keys.of or key):
            raise ChainFileError(
                "the formula measures {found!r}, but this is a measure of {construct!r}.",
                path=(*path, "formula"),
                found=construct,
                construct=keys.of or key,
            )
        items = tuple(map(Item, columns))
    else:
        items = tuple(Item(i.column, i.reversed) for i in keys.items or ())
    if not items:
        raise ChainFileError(
            "`items` of {measure!r} is empty; list the columns.",
            path=(*path, "items"),
            measure=key,
        )
    once([i.column for i in items], (*path, said[0]))
    return items


def _check_scale(measure: Measure) -> None:
    path = ("measures", measure.key)
    values = {
        "measure": measure.key,
        "low": measure.low,
        "high": measure.high,
        "least": measure.min_items,
        "n": len(measure.items),
    }
    for wrong, key, sentence in _faults(measure):
        if wrong:
            raise ChainFileError(sentence, path=(*path, key), **values)


def _faults(measure: Measure) -> Iterator[tuple[bool, str, str]]:
    open_ended = measure.low is None or measure.high is None
    yield (
        not open_ended and measure.low >= measure.high,  # type: ignore[operator]
        "low",
        "`low` is {low:g} and `high` is {high:g}; `low` must be the smaller one.",
    )
    yield (
        open_ended and any(i.reversed for i in measure.items),
        "items",
        "{measure!r} has a reversed item, so it needs `low` and `high` of the scale.",
    )
    yield (
        open_ended and measure.scoring == "index_0_100",
        "scoring",
        "index_0_100 is reckoned from the ends of the scale; give {measure!r} `low` and `high`.",
    )
    yield (
        measure.scoring == "given" and len(measure.items) > 1,
        "scoring",
        "{measure!r} takes a figure as it stands, from one column; "
        "to combine {n} columns write `scoring: mean`.",
    )
    yield (
        (measure.min_items or 1) > len(measure.items),
        "min_items",
        "`min_items` is {least}, but {measure!r} has only {n}.",
    )
    yield (
        measure.scoring == "topic_share" and measure.topic is None,
        "scoring",
        "{measure!r} counts comments on a topic; say which, as in `topic: waiting`.",
    )
    yield (
        measure.scoring != "topic_share" and measure.topic is not None,
        "topic",
        "`topic` belongs to `scoring: topic_share`, but {measure!r} has another scoring.",
    )
    yield (
        measure.reads_text and (len(measure.items) > 1 or not open_ended),
        "scoring",
        "{measure!r} reads one column of comments, without `low` and `high`.",
    )
    yield (
        measure.grain is Grain.PERSON and measure.base is not None,
        "base",
        "`base` counts the answers behind a unit's figure; "
        "{measure!r} is read from single answers, so remove it.",
    )


def label(keys: LabelKeys | None) -> Words | None:
    """Return a label, when there is one."""
    return Words(keys.en, keys.it) if keys else None


def in_words(key: str) -> Words:
    """Return a key as a label.

    >>> in_words("team_climate").en
    'Team climate'
    """
    text = key.replace("_", " ").strip()
    return Words(text[:1].upper() + text[1:], text[:1].upper() + text[1:])


def once(names: list[str], path: Place) -> None:
    """Raise `ChainFileError` at the first name that stands a second time."""
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ChainFileError(
                "{name!r} stands twice in `{key}`; keep one.",
                path=(*path, i),
                name=name,
                key=path[-1],
            )
