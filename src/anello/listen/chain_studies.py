"""The keys of a study on rows of persons, and the study they describe."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from ..model.chain import Grain, Source
from ..model.errors import ChainFileError
from ..model.study import Customers, Study
from ..model.words import Words
from .chain_keys import Keys, Name, Text, as_label, as_list, example, fault

StudyKind = Literal["diary", "contagion", "counter", "mixed", "counted"]


def _both(label: dict[str, str]) -> dict[str, str]:
    if set(label) != {"en", "it"}:
        raise fault("`{key}` needs both languages, as in {{en: Mask, it: Maschera}}.")
    return label


Bilingual = Annotated[dict[str, Name], BeforeValidator(as_label), AfterValidator(_both)]
Texts = Annotated[list[Text], BeforeValidator(as_list)]


def as_texts(value: Any) -> Any:
    """Read a number or a truth as the text that was written."""
    return str(value).lower() if isinstance(value, bool) else value


Setting = Annotated[Text, BeforeValidator(as_texts)]


PLACE = ("site", "day", "shift")
"""The roles by which a shift of the staff meets its customers."""


class CustomersKeys(Keys):
    """What customers said on the same shifts, in a source of their own."""

    source: Name = example("guests")
    roles: dict[str, Name] = example({"day": "visited_on"}, default={})


class StudyKeys(Keys):
    """A study on rows of persons."""

    kind: StudyKind = example("diary")
    source: Name | None = example("diary", default=None)
    title: Bilingual | None = example({"en": "Drivers", "it": "Autisti"}, default=None)
    roles: dict[str, Name] = example({"person": "driver", "day": "day"})
    formulas: Texts = example(["anxiety ~ mask"], min_length=1)
    labels: dict[str, Bilingual] = example({"mask": {"en": "Mask", "it": "Maschera"}}, default={})
    settings: dict[str, Setting] = example({"slopes": "fixed"}, default={})
    customers: CustomersKeys | None = example({"source": "guests"}, default=None)


def study(key: str, keys: StudyKeys, sources: dict[str, Source]) -> Study:
    """Return the study called `key`; raises `ChainFileError` when its source is of units."""
    source = keys.source or _only(key, sources)
    words = key.replace("_", " ")
    if source in sources and sources[source].grain is not Grain.PERSON:
        raise ChainFileError(
            "a study reads rows of persons; write `grain: person` at the source {source!r}.",
            path=("studies", key, "source"),
            source=source,
        )
    return Study(
        key=key,
        kind=keys.kind,
        source=source,
        roles=tuple(keys.roles.items()),
        formulas=tuple(keys.formulas),
        title=Words(**keys.title) if keys.title else Words(words, words),
        labels=tuple((name, Words(**label)) for name, label in keys.labels.items()),
        settings=tuple(keys.settings.items()),
        customers=_customers(key, keys) if keys.customers else None,
    )


def _customers(key: str, keys: StudyKeys) -> Customers:
    """Return the customers' source; columns that are not said bear the names of the staff's."""
    assert keys.customers is not None
    path = ("studies", key, "customers")
    if keys.kind != "counter":
        raise ChainFileError(
            "`customers` belongs to a study of kind `counter`; {study!r} is of kind {kind!r}.",
            path=path,
            study=key,
            kind=keys.kind,
        )
    said = keys.customers.roles
    for role in said:
        if role not in PLACE:
            raise ChainFileError(
                "customers have no {role!r}; they meet the staff by `site`, `day` and `shift`.",
                path=(*path, "roles", role),
                role=role,
            )
        if role not in keys.roles:
            raise ChainFileError(
                "the customers of {study!r} have a {role!r}, but the staff has none; "
                "name the staff's column under `roles` of the study too.",
                path=(*path, "roles", role),
                study=key,
                role=role,
            )
    place = {role: said.get(role, keys.roles[role]) for role in PLACE if role in keys.roles}
    return Customers(keys.customers.source, tuple(place.items()))


def _only(key: str, sources: dict[str, Source]) -> str:
    if len(sources) == 1:
        return next(iter(sources))
    raise ChainFileError(
        "the study {study!r} must say its `source`, one of: {names}.",
        path=("studies", key),
        study=key,
        names=", ".join(sources) or "-",
    )
