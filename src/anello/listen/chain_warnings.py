"""What is allowed in a chain file but probably not meant."""

from collections.abc import Iterator
from typing import Any

from ..model.chain import Chain
from ..model.errors import ChainFileError
from .chain_lines import Place


def of(data: Any, chain: Chain) -> Iterator[ChainFileError]:
    """Yield the warnings in the order of the file's sections; none of them is raised."""
    yield from _labels(data)
    used = {measure.source for measure in chain.measures} | {s.source for s in chain.studies}
    used |= {s.customers.source for s in chain.studies if s.customers is not None}
    for source in chain.sources:
        if source.key not in used:
            yield ChainFileError(
                "no measure reads the source {source!r}.",
                path=("sources", source.key),
                source=source.key,
            )
    linked = {n for link in chain.links for n in (link.source, link.target, *link.controls)}
    linked |= {m.second_of for m in chain.measures if m.key in linked and m.second_of}
    for measure in chain.measures:
        if measure.key not in linked and measure.second_of not in linked:
            yield ChainFileError(
                "the measure {measure!r} stands in no link.",
                path=("measures", measure.key),
                measure=measure.key,
            )
    yield from _links(chain)


def _links(chain: Chain) -> Iterator[ChainFileError]:
    if not chain.links and not chain.studies:
        yield ChainFileError(
            "there are no links yet; write one under `links`, as in satisfaction ~ engagement.",
            path=("links",),
        )
    if any(not link.worth.declared for link in chain.links):
        yield ChainFileError(
            "nobody has said which effect is worth acting on; 0.2 sd is taken. "
            "Say it before you look, with `worth_acting_on`.",
            path=("links",),
        )


def _labels(data: Any) -> Iterator[ChainFileError]:
    for path, value in _places_of_labels(data):
        if value is None:
            yield ChainFileError(
                "{name!r} has no label, so the key is shown; write `label: {{en: ..., it: ...}}`.",
                path=path[:-1],
                name=path[-2],
            )
        elif not isinstance(value, dict):
            yield ChainFileError(
                "`{key}` is the same in both languages; write {{en: {text}, it: ...}}.",
                path=path,
                key=path[-1],
                text=value,
            )


def _places_of_labels(data: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    if "title" in data:
        yield ("title",), data["title"]
    for name, construct in (data.get("constructs") or {}).items():
        yield ("constructs", name, "label"), construct.get("label")
    for name, measure in (data.get("measures") or {}).items():
        for key in ("label", "note"):
            if measure.get(key) is not None:
                yield ("measures", name, key), measure[key]
