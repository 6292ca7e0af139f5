"""Reliability of a diary: of what differs between persons, and of how a person changes.

After Shrout & Lane (2012), in Mehl & Conner (eds), Handbook of Research Methods for Studying Daily
Life, ch. 17. Items are fixed; k occasions, m items; letters P person, T time, I item.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """Variance components of answers: persons, occasions, items, their pairs, and the rest."""

    person: float
    time: float
    item: float
    person_time: float
    person_item: float
    time_item: float
    rest: float


@dataclass(frozen=True, slots=True)
class DiaryReliability:
    """`rkf`: a person's mean over the same k occasions; `r1r`: one occasion taken at random;
    `rkr`: the mean of k random occasions; `rc`: change from one occasion to another.
    """

    rkf: float
    r1r: float
    rkr: float
    rc: float


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest > 0 else float("nan")


def crossed(parts: Parts, occasions: int, items: int) -> DiaryReliability:
    """Return the reliabilities when everyone answers on the same occasions (eqs. 4-7).

    >>> parts = Parts(2.343056, 0.380556, 0.606944, 0.919444, 0.120833, 0.047222, 0.958333)
    >>> found = crossed(parts, occasions=4, items=3)
    >>> [round(r, 2) for r in (found.rkf, found.r1r, found.rkr, found.rc)]
    [0.97, 0.6, 0.85, 0.74]
    """
    k, m = occasions, items
    true = parts.person + parts.person_item / m
    moving = parts.time + parts.person_time
    noise = parts.rest / m
    return DiaryReliability(
        rkf=_share(true, noise / k),
        r1r=_share(true, moving + noise),
        rkr=_share(true, (moving + noise) / k),
        rc=_share(parts.person_time, noise),
    )


def nested(
    person: float, time_in_person: float, rest: float, occasions: float, items: int
) -> tuple[float, float]:
    """Return RkRn and Rcn, for occasions that are each person's own (eqs. 8-9).

    `occasions` may be a mean. RkRn is of a person's mean, Rcn of what changes inside a person.

    >>> [round(r, 2) for r in nested(2.28426, 1.05741, 1.73333, occasions=4, items=3)]
    [0.85, 0.65]
    """
    noise = rest / items
    return _share(person, (time_in_person + noise) / occasions), _share(time_in_person, noise)
