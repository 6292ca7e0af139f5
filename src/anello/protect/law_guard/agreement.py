"""Before launch somebody says on what ground the survey runs, and it is written down.

A tool that can watch staff from afar needs an agreement with their representatives or a permit
(Workers' Statute, article 4); where neither is needed, the reason stands in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anello.model.errors import RefusedError

from .questions import refuse_forbidden

LOG_DAYS = 7
"""Logs that could show who visited are kept this long at most."""
SHORTEST_REASON = 20


class Ground(StrEnum):
    """The three grounds on which a survey may be launched."""

    AGREEMENT = "agreement"
    PERMIT = "permit"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The ground of a survey: with whom or why, in words, and of which day."""

    ground: Ground
    words: str
    day: date


def refuse_launch(questions: Mapping[str, str], agreement: Agreement | None, today: date) -> None:
    """Raise `RefusedError` unless a survey may be launched: questions clean, ground filled in.

    What is written is not judged, only that something is: a lawyer or the representatives do.
    """
    refuse_forbidden(questions)
    if agreement is None:
        raise RefusedError(
            "Say first on what ground this survey runs: an agreement, a permit, or why neither "
            "is needed."
        )
    if agreement.day > today:
        raise RefusedError("The agreement is of {day}, which is still to come.", day=agreement.day)
    words = " ".join(agreement.words.split())
    if not words or (agreement.ground is Ground.NOT_NEEDED and len(words) < SHORTEST_REASON):
        raise RefusedError("Name the agreement or the permit, or say why neither is needed.")
