"""The shelf of what a report page says under its picture, in reading order."""

from . import cards, computed, drivers, figures, lags, needs, quality, variants
from .base import Section

SECTIONS: dict[str, Section] = {
    "figures": figures.SECTION,
    "cards": cards.SECTION,
    "needs": needs.SECTION,
    "variants": variants.SECTION,
    "quality": quality.SECTION,
    "drivers": drivers.SECTION,
    "lags": lags.SECTION,
    "computed": computed.SECTION,
}
