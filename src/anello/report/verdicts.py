"""The verdict table for a terminal."""

from anello.model.findings import Findings, Released

from .drawing.intervals import written
from .reading import Reading
from .sentences import heading, word


def terminal_rows(released: Released[Findings], language: str = "en") -> list[tuple[str, ...]]:
    """Return link, level, verdict, estimate with interval, n and units: a heading, then each claim.

    Sizes are standard deviations, so that links can be compared.
    """
    reading = Reading(released.value, released.gate, language)
    names = ("Link", "Level", "Verdict", "Standard deviations", "n")
    head = (*(reading.say(name) for name in names), reading.unit(2))
    rows = [
        (reading.title(pair.link), heading(reading, e.level), word(reading, e.verdict),
         " ".join(written(reading, e)).strip(), reading.count(e), str(e.units))
        for pair in reading.pairs
        for e in pair.rows
    ]  # fmt: skip
    return [head, *rows]
