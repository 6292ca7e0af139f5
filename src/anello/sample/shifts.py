"""The pretend cafes: rosters over two shifts a day whose passed-on mood is known.

A busy day lowers everybody's mood before and after and the customers' rating too: a shift's mood
goes together with all of it even when nothing is passed on.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SLOTS = ("early", "late")
COLUMNS = ("person", "cafe", "day", "shift", "mood_before", "mood_after")
GUESTS = ("cafe", "day", "shift", "rating")
MOST = 12
"""Guests of a shift who answer; at least four do."""


@dataclass(frozen=True, slots=True)
class Rota:
    """How large the study is, and what was planted.

    `passed` is what a person's mood after gains by one point of the colleagues' mood before,
    `served` what the customers' rating gains by one point of the staff's, `busy` the SD of what
    shakes a whole day of a cafe, `shaken` of what shakes one shift after it began. `fixed` teams
    never change.
    """

    cafes: int = 12
    people: int = 10
    days: int = 20
    passed: float = 0.3
    served: float = 0.3
    own: float = 0.4
    busy: float = 1.0
    shaken: float = 0.0
    fixed: bool = False


@dataclass(frozen=True, eq=False)
class Worked:
    """Rows of person, cafe, day and slot (codes), mood before and after, rating of the shift."""

    person: NDArray[np.int64]
    cafe: NDArray[np.int64]
    day: NDArray[np.int64]
    slot: NDArray[np.int64]
    before: Array
    after: Array
    rating: Array


def worked(rota: Rota, rng: np.random.Generator) -> Worked:
    """Return who worked when: of each cafe's people four in five come, half to each shift."""
    J, D, N = rota.cafes, rota.days, rota.people
    half = max(2, int(0.4 * N))
    chance = rng.random((J, D, N))
    if rota.fixed:
        chance[:] = np.arange(N)
    who = np.argsort(chance, axis=2)[:, :, : 2 * half].reshape(J, D, 2, half)
    usual = rng.normal(0, 1, (J, N))
    busy, shaken = rota.busy * rng.normal(size=(J, D, 1, 1)), rng.normal(size=(J, D, 2, 1))
    mine = np.take_along_axis(usual[:, None, :], who.reshape(J, 1, -1), 2).reshape(who.shape)
    before = mine - 0.5 * busy + rng.normal(size=who.shape)
    others = (before.sum(3, keepdims=True) - before) / (half - 1)
    after = rota.own * before + rota.passed * others + mine - busy + rota.shaken * shaken
    after = after + rng.normal(size=who.shape)
    hour = 0.3 * np.arange(2).reshape(1, 1, 2, 1)
    rating = rota.served * before.mean(3, keepdims=True) - 0.5 * busy + hour
    rating = rating + 0.5 * rng.normal(size=rating.shape) + 0.3 * rota.shaken * shaken
    cafe, day, slot = (np.broadcast_to(x, who.shape).ravel() for x in np.ogrid[:J, :D, :2, :1][:3])
    person = (np.arange(J).reshape(J, 1, 1, 1) * N + who).ravel()
    stars = np.broadcast_to(rating, who.shape).ravel()
    return Worked(person, cafe, day, slot, before.ravel(), after.ravel(), stars)


def rows(rota: Rota, rng: np.random.Generator) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the staff's file; moods on a slider around 5."""
    w = worked(rota, rng)
    for p, c, d, s, a, b in zip(w.person, w.cafe, w.day, w.slot, w.before, w.after, strict=True):
        yield (f"w{p + 1:03d}", *_place(c, d, s), f"{5 + a:.2f}", f"{5 + b:.2f}")


def guests(rota: Rota, rng: np.random.Generator) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the customers' file, one guest a row; from the same rng as `rows`.

    A guest's rating is that of the shift and an own part of SD 1, around 7.
    """
    w = worked(rota, rng)
    seen: set[tuple[int, int, int]] = set()
    for c, d, s, rating in zip(w.cafe, w.day, w.slot, w.rating, strict=True):
        if (c, d, s) not in seen:
            seen.add((c, d, s))
            for own in rng.normal(size=rng.integers(4, MOST + 1)):
                yield (*_place(c, d, s), f"{7 + rating + own:.2f}")


def _place(cafe: int, day: int, slot: int) -> tuple[str, str, str]:
    return f"C{cafe + 1:02d}", f"{day + 1}", SLOTS[slot]


def truth(rota: Rota, seed: int) -> dict[str, object]:
    """Return what was planted, for `truth.json`."""
    effects = [
        {"formula": "mood_after ~ mood_before", "of": "colleagues", "effect": rota.passed},
        {"formula": "rating ~ mood_before", "of": "staff", "effect": rota.served},
    ]
    return {"seed": seed, "rota": asdict(rota), "effects": effects}
