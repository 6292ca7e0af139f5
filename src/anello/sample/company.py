"""The pretend company lives through its weeks: shops, staff, customers, money.

Effects act through the *people themselves*: what moves the customers of a shop in a week is the
mean of what its whole staff felt that week, not a hidden number behind it. So the planted slopes
are slopes of unit means, and only those who did not answer stand between them and the estimate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .people import Staff, answers, hire, means, reverse
from .truth import BUSY, slope

Array = NDArray[np.float64]

USUAL = {"workload": 3.0, "engagement": 3.3, "canteen": 3.1, "service": 3.4, "satisfaction": 3.3}
LOYALTY, SALES, LEAVERS = 6.0, 60.0, 4.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the company is; `tiny` shops employ four people and are told together.

    `answering` is the share of the staff that fills in the weekly form.
    """

    shops: int = 40
    weeks: int = 16
    customers: int = 20
    tiny: int = 2
    answering: float = 0.9


@dataclass(frozen=True, slots=True)
class Week:
    """What was answered and sold in one week.

    `staff` is persons x items (workload 3, engagement 4 with the third reversed, canteen 1),
    `customers` is persons x items (service 2, satisfaction 2, recommend), both sorted by shop;
    `sales` and `leavers` are one figure for each shop.
    """

    staff: Array
    customers: Array
    sales: Array
    leavers: Array


@dataclass(frozen=True, slots=True)
class Company:
    """Everything that happened, before anybody chose not to answer."""

    plan: Plan
    staff: Staff
    guests: NDArray[np.int64]
    busy: Array
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """What stays with a shop: its usual levels, as distances from the company's."""

    workload: Array
    engagement: Array
    canteen: Array
    service: Array
    satisfaction: Array
    loyalty: Array
    sales: Array


def live(plan: Plan, rng: np.random.Generator) -> Company:
    """Return the company after `plan.weeks` weeks; same generator state, same company."""
    staff = hire(plan.shops, plan.tiny, rng)
    guests = np.repeat(np.arange(plan.shops), plan.customers)
    place = _places(plan.shops, rng)
    busy = _standard(rng.standard_normal(plan.weeks))
    weeks: list[Week] = []
    lift = np.zeros(plan.shops)
    for b in busy:
        week, lift = _week(float(b), lift, place, staff, guests, rng)
        weeks.append(week)
    return Company(plan, staff, guests, busy, tuple(weeks))


def _places(shops: int, rng: np.random.Generator) -> _Place:
    """Return usual levels that are uncorrelated over the shops there are, not only in the long run.

    So a link between shops is never there by the luck of the draw (from eight shops on).
    """
    spread = (0.3, 0.2, 0.3, 0.15, 0.15, 0.3, 6.0)
    drawn = rng.standard_normal((shops, len(spread)))
    drawn -= drawn.mean(axis=0)
    if shops > len(spread):
        Q, R = np.linalg.qr(drawn)
        drawn = Q * np.sign(np.diag(R)) * np.sqrt(shops)
    return _Place(*(drawn * np.array(spread)).T)


def _standard(x: Array) -> Array:
    return np.asarray((x - x.mean()) / x.std())


def _week(
    busy: float, lift: Array, place: _Place, staff: Staff, guests: NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[Week, Array]:  # fmt: skip
    """Return one week, and by how much its customers were happier than that shop's usual."""
    shops = len(place.workload)

    def noise(sd: float) -> Array:
        return rng.standard_normal(shops) * sd

    load = answers(staff.spread(USUAL["workload"] + place.workload + noise(0.35), rng), 3, rng)
    work = means(load, staff.shop) - USUAL["workload"]
    mood = place.engagement + slope("workload", "engagement") * work
    mood = mood + slope("satisfaction", "engagement") * lift + BUSY["engagement"] * busy
    felt = answers(staff.spread(USUAL["engagement"] + mood + noise(0.15), rng), 4, rng)
    engaged = means(felt, staff.shop) - USUAL["engagement"]
    food = place.canteen + BUSY["canteen"] * busy + noise(0.3)
    eaten = answers(staff.spread(USUAL["canteen"] + food, rng), 1, rng)

    served = place.service + slope("engagement", "service") * engaged + noise(0.15)
    service = answers(_spread(USUAL["service"] + served, guests, rng), 2, rng)
    seen = means(service, guests) - USUAL["service"]
    expected = slope("service", "satisfaction") * seen + place.satisfaction
    pleased = expected + BUSY["satisfaction"] * busy + noise(0.12)
    satisfaction = answers(_spread(USUAL["satisfaction"] + pleased, guests, rng), 2, rng)
    happy = means(satisfaction, guests) - USUAL["satisfaction"]
    loyal = place.loyalty + slope("satisfaction", "loyalty") * happy + noise(0.2)
    recommend = np.clip(np.rint(_spread(LOYALTY + loyal, guests, rng, 1.6)), 0, 10) + 0.0
    likely = means(recommend[:, None], guests) - LOYALTY

    sales = SALES + place.sales + slope("loyalty", "sales") * likely + BUSY["sales"] * busy
    leavers = LEAVERS + slope("engagement", "leavers") * engaged + noise(0.5)
    usual = place.satisfaction + slope("service", "satisfaction") * _usual_service(place)
    lifted = happy - usual - BUSY["satisfaction"] * busy
    asked = np.column_stack([load, reverse(felt, 2), eaten])
    told = np.column_stack([service, satisfaction, recommend])
    return Week(asked, told, sales + noise(2.0), leavers), lifted


def _usual_service(place: _Place) -> Array:
    """Return what a shop's service usually is: its own part and its staff's usual engagement."""
    usual = place.engagement + slope("workload", "engagement") * place.workload
    return place.service + slope("engagement", "service") * usual


def _spread(
    mood: Array, guests: NDArray[np.int64], rng: np.random.Generator, sd: float = 0.5
) -> Array:
    """Return one mood for each customer around that of the shop."""
    return np.asarray(mood[guests] + rng.standard_normal(len(guests)) * sd)
