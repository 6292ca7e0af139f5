"""What a chain file says before anything is borrowed, and which published constructs it means."""

from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import AfterValidator

from ..model.published import NOTHING, OPPOSITE, Borrowing
from .chain_keys import Keys, Text, example, fault

STANDARDS = (
    "engagement", "job_satisfaction", "service_climate", "staff_experience", "employee_experience",
    "employee_rating", "advocacy", "commitment", "stress", "strain", "exhaustion", "insomnia",
    "family_conflict", "surface_acting", "deep_acting", "display", "authenticity", "helpfulness",
    "turnover", "absence", "safety_incidents", "job_performance", "unit_performance",
    "productivity", "care_quality", "mortality", "patient_satisfaction", "customer_satisfaction",
    "service_quality", "customer_loyalty", "recommendation", "customer_experience",
    "customer_emotion", "growth", "profit", "firm_performance", "training", "reaction", "learning",
    "profit_sharing", "participation", "ownership", "recognition",
)  # fmt: skip
"""The constructs that published studies speak of, by their keys in the register."""

QUESTIONS = (
    "contact", "relation", "personal", "labour_share", "units", "employees_per_unit",
    "customers_per_unit",
)  # fmt: skip


class BorrowingKeys(Keys):
    """The questions that come before a published study is used, answered."""

    places: Literal["unit", "firm", "organisation"] = example("unit")
    contact: Literal["much", "some", "little"] | None = example("much", default=None)
    relation: Literal["relation", "encounter"] | None = example("encounter", default=None)
    personal: Literal["personal", "other"] | None = example("personal", default=None)
    labour_share: float | None = example(40, default=None, ge=0, le=100)
    units: int | None = example(24, default=None, ge=1)
    employees_per_unit: float | None = example(12, default=None, ge=0)
    customers_per_unit: float | None = example(900, default=None, ge=0)
    spread: float | None = example(0.13, default=None, gt=0, lt=1)
    attenuation: float | None = example(0.8, default=None, gt=0, le=1)
    different: float = example(0.2, default=0.2, ge=0, le=1)


def a_standard(value: str) -> str:
    """Refuse a construct that no published study speaks of."""
    if value == NOTHING or value.removeprefix(OPPOSITE) in STANDARDS:
        return value
    near = get_close_matches(value.removeprefix(OPPOSITE), STANDARDS, n=1, cutoff=0.5)
    raise fault(
        "{value!r} is no construct of the published studies{near}; known are: {known}. A - before "
        "it means the opposite, and `none` that nothing published fits.",
        value=value,
        near=f" ({near[0]}?)" if near else "",
        known=", ".join(STANDARDS),
    )


Standard = Annotated[Text, AfterValidator(a_standard)]


def borrowing(keys: BorrowingKeys | None) -> Borrowing | None:
    """Return the answers that were given; a chain without the key borrows nothing."""
    if keys is None:
        return None
    given = ((q, getattr(keys, q)) for q in QUESTIONS)
    return Borrowing(
        places=keys.places,
        answers=tuple(
            (q, a if isinstance(a, str) else float(a)) for q, a in given if a is not None
        ),
        spread=keys.spread,
        attenuation=keys.attenuation,
        different=keys.different,
    )
