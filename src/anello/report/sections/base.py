"""The contract of a section: a title in both languages, and what its template needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anello.report.reading import Reading


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page; its template bears its key's name.

    `context` returns None when a release has nothing to say here; then the part is left out. A
    value called `heading` there stands in the place of the title.
    """

    title: str
    context: Callable[[Reading], dict[str, Any] | None]
