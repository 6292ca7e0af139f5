"""The shelf of what a report page says under its picture, in reading order."""

from . import (
    cards,
    computed,
    drivers,
    figures,
    lags,
    literature,
    loop,
    money,
    needs,
    paths,
    plans,
    quality,
    studies,
    topics,
    variants,
)
from .base import Section

SECTIONS: dict[str, Section] = {
    "figures": figures.SECTION,
    "cards": cards.SECTION,
    "studies": studies.SECTION,
    "loop": loop.SECTION,
    "paths": paths.SECTION,
    "money": money.SECTION,
    "needs": needs.SECTION,
    "plans": plans.SECTION,
    "variants": variants.SECTION,
    "quality": quality.SECTION,
    "drivers": drivers.SECTION,
    "literature": literature.SECTION,
    "topics": topics.SECTION,
    "lags": lags.SECTION,
    "computed": computed.SECTION,
}
