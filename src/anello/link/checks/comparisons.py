"""Doubts that compare: does the picture stay inside peer groups, and with a second extraction?"""

from dataclasses import replace

from anello.model.evidence import FEWEST_UNITS, Check

from ..levels import Slope
from ..look import Look
from ..second import Extraction, extractions
from .base import BLOCK, NOTICEABLE, PASS, WARN, shown, turns


def peer_group(look: Look) -> Check | None:
    """Compare with the estimate inside peer groups, all of them and the largest alone.

    The picture changes when the estimate turns, loses more than half, or loses more than a
    quarter and falls outside the 95 % limits of the estimate over all units. It blocks where the
    estimate inside all peer groups, or in the largest, would not come to the same verdict.
    """
    slope, groups = _open(look), look.peer_groups
    if slope is None or len(groups) < 2:
        return None
    rows = look.inside_peers
    inside = look.fit(rows) if rows is not None else None
    name, largest_rows = next(iter(groups.items()))
    largest = look.fit(replace(largest_rows, peer=largest_rows.peer * 0))
    if inside is None or largest is None or largest.units < FEWEST_UNITS:
        return None
    overall = slope.standardised
    values: dict[str, object] = {
        "overall": overall,
        "inside": inside.standardised,
        "largest": largest.standardised,
        "group": name,
    }
    changed = [other for other in (inside, largest) if _changes(slope, other)]
    if changed:
        return Check(
            "peer_group",
            BLOCK if any(look.overturned(other) for other in changed) else WARN,
            "Peer groups change the picture: {overall} over all units, {inside} inside peer "
            "groups, {largest} in the largest ({group}).",
            shown(**values),
        )
    return Check(
        "peer_group",
        PASS,
        "Peer groups keep the picture: {overall} over all units, {inside} inside peer groups, "
        "{largest} in the largest ({group}).",
        shown(**values),
    )


def _changes(slope: Slope, other: Slope) -> bool:
    low, high = slope.limits
    before, after = slope.standardised, other.standardised
    outside = not low <= after <= high and abs(after) < 0.75 * abs(before)
    return outside or turns(before, after)


def _open(look: Look) -> Slope | None:
    """Return the slope over all units, also where the link itself compares inside peers."""
    if look.link.peers is None:
        return look.slope
    return look.fit(look.instead(replace(look.link, peers=None)))


def second_extraction(look: Look) -> Check | None:
    """Compare like with like: the same units and waves from both extractions.

    Two extractions of one survey should agree nearly to the digit, so a difference of more than
    .05 in the standardised estimate counts, whatever the limits. It blocks where the second
    extraction would not come to the same verdict.
    """
    pairs = [p for p in (_both(look, e) for e in extractions(look)) if p is not None]
    if not pairs:
        return None
    extraction, one, other = max(pairs, key=lambda p: abs(p[1].standardised - p[2].standardised))
    values = {
        "first": extraction.first,
        "second": extraction.second,
        "one": one.standardised,
        "other": other.standardised,
        "rows": len(extraction.first_rows.unit),
    }
    if _disagree(one, other):
        return Check(
            "second_extraction",
            BLOCK if look.overturned(other) else WARN,
            "A second extraction disagrees: on the same {rows} rows {first} gives {one} and "
            "{second} gives {other}.",
            shown(**values),
        )
    return Check(
        "second_extraction",
        PASS,
        "A second extraction agrees: on the same {rows} rows {first} gives {one} and {second} "
        "gives {other}.",
        shown(**values),
    )


def _both(look: Look, pair: Extraction) -> tuple[Extraction, Slope, Slope] | None:
    one, other = look.fit(pair.first_rows), look.fit(pair.second_rows)
    return None if one is None or other is None else (pair, one, other)


def _disagree(one: Slope, other: Slope) -> bool:
    return abs(one.standardised - other.standardised) > NOTICEABLE
