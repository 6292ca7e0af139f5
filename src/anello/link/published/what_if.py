"""The Sears what-if: what a famous chain would say of a number, under its banner."""

from math import isfinite

from anello.model.errors import ModelError
from anello.model.money import WhatIf
from anello.model.words import LANGUAGES, Words, say

CUSTOMER_PER_ATTITUDE = 1.3 / 5
GROWTH_PER_CUSTOMER = 0.5 / 1.3


def sears(attitude: float) -> WhatIf:
    """Return what Sears' 1998 chain says of so many points of staff attitude.

    5 points gave 1.3 points of customer impression and 0.5 per cent of revenue growth (Rucci, Kirn
    & Quinn 1998). Points, not per cent; straight lines through zero; no interval was published, so
    this is an illustration and no forecast.

    >>> sears(10).customer, sears(10).growth
    (2.6, 1.0)
    """
    if not isfinite(attitude):
        raise ModelError("A what-if needs a number of points; {value} is none.", value=attitude)
    customer = attitude * CUSTOMER_PER_ATTITUDE
    spoken = (
        say("One firm, 1998, unpublished model: an illustration, not a forecast.", language)
        for language in LANGUAGES
    )
    return WhatIf(attitude, customer, customer * GROWTH_PER_CUSTOMER, Words(*spoken))
