"""The keys of money: a currency, what measures are worth, what is charged for less of one."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any, Literal

from babel.numbers import is_currency, list_currencies
from pydantic import AfterValidator, BeforeValidator

from ..model.chain import Link
from ..model.errors import ChainFileError
from ..model.money import ROLES, Amount, Cost, Disengagement, Money, Value
from .chain_keys import KeyName, Keys, Name, Text, as_empty, as_list, example, fault

YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}


def _currency(value: str) -> str:
    if is_currency(value):
        return value
    near = get_close_matches(value.upper(), sorted(list_currencies()), n=1, cutoff=0.5)
    raise fault(
        "{value!r} is no currency; write three letters of ISO 4217, as in {near}.",
        value=value,
        near=(near or ["EUR"])[0],
    )


def as_amount(value: Any) -> Any:
    """Read a plain number as a sum that is known exactly."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"low": value, "mid": value, "high": value}
    return value


def as_cost(value: Any) -> Any:
    """Read a plain number above 0 as a cost that is known exactly."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value <= 0:
        raise fault("{value} is no cost; write a sum above 0.", value=value)
    return as_amount(value)


class ValueKeys(Keys):
    """What one more of a measure is worth, in one unit."""

    low: float = example(800)
    mid: float = example(1000)
    high: float = example(1300)
    per: Literal["wave", "year"] = example("year", default="wave")


class AmountKeys(Keys):
    """A sum with the limits that somebody would bet 95 in 100 on."""

    low: float = example(4000, gt=0)
    mid: float = example(6000, gt=0)
    high: float = example(9000, gt=0)


class CostKeys(Keys):
    """What is charged for less engagement."""

    measure: Name = example("leavers")
    each: Annotated[AmountKeys, BeforeValidator(as_cost)] = example(
        {"low": 4000, "mid": 6000, "high": 9000}
    )
    makes: float = example(0.25, default=1.0, gt=0)


class DisengagementKeys(Keys):
    """Whose shortfall is charged, and with what."""

    of: Name = example("engagement")
    reference: float | None = example(4, default=None)
    leavers: CostKeys | None = example({"measure": "leavers", "each": 6000}, default=None)
    customers: CostKeys | None = example({"measure": "lost", "each": 120}, default=None)
    hours: CostKeys | None = example({"measure": "hours", "each": 45}, default=None)


class MoneyKeys(Keys):
    """What the chain says about money."""

    currency: Annotated[Text, AfterValidator(_currency)] = example("EUR")
    worth: Annotated[
        dict[KeyName, Annotated[ValueKeys, BeforeValidator(as_amount)]], BeforeValidator(as_empty)
    ] = example({"sales": {"low": 800, "mid": 1000, "high": 1300}}, default={})
    paths: Annotated[list[Text], BeforeValidator(as_list)] = example(
        ["engagement -> satisfaction -> sales"], default=[]
    )
    disengagement: DisengagementKeys | None = example(
        {"of": "engagement", "leavers": {"measure": "leavers", "each": 6000}}, default=None
    )
    waves_per_year: float | None = example(12, default=None, gt=0, le=366)
    sears: float | None = example(5, default=None)


def money(keys: MoneyKeys | None, every: str | None, links: Iterable[Link]) -> Money | None:
    """Return what the chain says about money; raises `ChainFileError` when it contradicts itself.

    Waves by the calendar say themselves how many make a year.
    """
    if keys is None:
        return None
    values = tuple(
        Value(name, _amount(v, ("money", "worth", name)), v.per) for name, v in keys.worth.items()
    )
    for value in values:
        _worthless(value)
    claims = {(link.source, link.target) for link in links}
    paths = tuple(_path(i, text, claims) for i, text in enumerate(keys.paths))
    for i, path in enumerate(paths):
        _ends(i, path, {value.measure for value in values})
    by_calendar = YEAR.get(every) if every else None
    return Money(
        currency=keys.currency,
        values=values,
        paths=paths,
        disengagement=_disengagement(keys.disengagement),
        waves_per_year=keys.waves_per_year or by_calendar,
        sears=keys.sears,
    )


def _amount(keys: AmountKeys | ValueKeys, path: tuple[str | int, ...]) -> Amount:
    if not keys.low <= keys.mid <= keys.high:
        raise ChainFileError(
            "an amount rises from `low` over `mid` to `high`; {low}, {mid}, {high} do not.",
            path=path, low=keys.low, mid=keys.mid, high=keys.high,
        )  # fmt: skip
    return Amount(keys.low, keys.mid, keys.high)


def _worthless(value: Value) -> None:
    if value.amount.mid == 0:
        raise ChainFileError(
            "{measure!r} is worth nothing; write what one more of it is worth, or leave it out.",
            path=("money", "worth", value.measure),
            measure=value.measure,
        )


def _path(i: int, text: str, claims: set[tuple[str, str]]) -> tuple[str, ...]:
    place = ("money", "paths", i)
    names = tuple(name.strip() for name in re.split(r"->|→", text))
    if len(names) < 2 or not all(names):
        raise ChainFileError(
            "{text!r} is no path; write measures from the source to the target, "
            "as in engagement -> satisfaction -> sales.",
            path=place, text=text,
        )  # fmt: skip
    again = next((name for j, name in enumerate(names) if name in names[:j]), None)
    if again is not None:
        raise ChainFileError(
            "the path {text!r} comes back to {name!r}; a loop has no product of links.",
            path=place, text=text, name=again,
        )  # fmt: skip
    for source, target in pairwise(names):
        if (source, target) not in claims:
            raise ChainFileError(
                "the path {text!r} needs the link {target} ~ {source}, and there is none; "
                "add it under `links`.",
                path=place, text=text, target=target, source=source,
            )  # fmt: skip
    return names


def _ends(i: int, path: tuple[str, ...], valued: set[str]) -> None:
    if path[-1] not in valued:
        raise ChainFileError(
            "the path ends at {name!r}, and nobody has said what one more of it is worth; "
            "say it under `worth`.",
            path=("money", "paths", i),
            name=path[-1],
        )


def _disengagement(keys: DisengagementKeys | None) -> Disengagement | None:
    if keys is None:
        return None
    said = [(role, getattr(keys, role)) for role in ROLES]
    costs = tuple(
        Cost(role, c.measure, _amount(c.each, ("money", "disengagement", role, "each")), c.makes)
        for role, c in said
        if c is not None
    )
    return Disengagement(keys.of, costs, keys.reference)
