"""What one figure tells by itself: a mean at an end of the scale, or a mean with its spread."""

from functools import lru_cache

from .figure import Sums
from .found import Finding, Kind
from .people import Behind, names, places
from .scale import Scale

LARGEST = 24
"""Up to so many people, and so many values, all sets of answers are tried."""
MANY_VALUES = 11


def end(told: Behind, sums: Sums) -> Finding | None:
    """Return what follows when the mean lies so near an end that nobody can be far from it.

    The others can at most stand at the end, so one answer is at least high - (n high - S).
    """
    figure, scale = told.figure, told.figure.scale
    if not len(sums):
        return None
    if scale.weighted:
        low = scale.high if figure.least >= scale.high - 1e-9 else scale.low
        high = scale.low if figure.most <= scale.low + 1e-9 else scale.high
    else:
        low = min((scale.high - (sums.n * scale.high - sums.low)).tolist())
        high = max((scale.low + (sums.high - sums.n * scale.low)).tolist())
    least, most = scale.inward(low, high)
    people = int(sums.n.min()), int(sums.n.max())
    found = Finding(
        Kind.END, (figure,), people, least, most, place=places([told], told.parts),
        who=names([told], told.parts), everyone=told.persons and people[0] == len(told.parts),
    )  # fmt: skip
    return found if found.tells else None


def squares(told: Behind, sums: Sums) -> Finding | None:
    """Return the whole set of answers when n, mean and spread leave only one.

    The sum of squares is sd^2 (n - 1) + S^2 / n; sets are counted, up to two.
    """
    figure, scale = told.figure, told.figure.scale
    if figure.sd is None or scale.step is None or scale.weighted or not len(sums):
        return None
    values = round((scale.high - scale.low) / scale.step) + 1
    if int(sums.n.max()) > LARGEST or values > MANY_VALUES or (sums.high - sums.low).max() > 1e-9:
        return None
    sets: set[tuple[float, ...]] = set()
    for n, total in zip(sums.n.tolist(), sums.low.tolist(), strict=True):
        sets |= _sets(n, total, figure.sd, scale, values)
        if len(sets) > 1:
            return None
    if not sets:
        return None
    (answers,) = sets
    people = len(answers), len(answers)
    return Finding(
        Kind.SQUARES, (figure,), people, answers[0], answers[-1],
        place=places([told], told.parts), who=names([told], told.parts),
        everyone=told.persons and len(answers) == len(told.parts), answers=answers,
    )  # fmt: skip


def _sets(n: int, total: float, sd: float, scale: Scale, values: int) -> set[tuple[float, ...]]:
    step = scale.step or 1.0
    units = round((total - n * scale.low) / step)
    wanted = (sd / step) ** 2 * (n - 1) + units**2 / n
    if abs(wanted - round(wanted)) > 1e-6 * max(wanted, 1.0):
        return set()
    found = _ways(n, units, round(wanted), values - 1)
    return {tuple(scale.low + v * step for v in one) for one in found}


@lru_cache(maxsize=1 << 16)
def _ways(n: int, total: int, squares: int, top: int) -> tuple[tuple[int, ...], ...]:
    """Return up to two sorted sets of n whole answers from 0 to `top` with this sum and squares."""
    if n == 0:
        return ((),) if total == squares == 0 else ()
    if not 0 <= total <= n * top or not total * total <= n * squares or squares > top * total:
        return ()
    found: list[tuple[int, ...]] = []
    for value in range(top, -1, -1):
        if value * n < total:
            break
        found += [(*one, value) for one in _ways(n - 1, total - value, squares - value**2, value)]
        if len(found) > 1:
            break
    return tuple(found[:2])
