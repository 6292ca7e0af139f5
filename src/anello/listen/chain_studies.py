"""The keys of a study on rows of persons, and the study they describe."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from ..model.chain import Grain, Source
from ..model.errors import ChainFileError
from ..model.study import Study
from ..model.words import Words
from .chain_keys import Keys, Name, Text, as_label, as_list, example, fault

StudyKind = Literal["diary", "contagion", "counter"]


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


class StudyKeys(Keys):
    """A study on rows of persons."""

    kind: StudyKind = example("diary")
    source: Name | None = example("diary", default=None)
    title: Bilingual | None = example({"en": "Drivers", "it": "Autisti"}, default=None)
    roles: dict[str, Name] = example({"person": "driver", "day": "day"})
    formulas: Texts = example(["anxiety ~ mask"], min_length=1)
    labels: dict[str, Bilingual] = example({"mask": {"en": "Mask", "it": "Maschera"}}, default={})
    settings: dict[str, Setting] = example({"slopes": "fixed"}, default={})


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
    )


def _only(key: str, sources: dict[str, Source]) -> str:
    if len(sources) == 1:
        return next(iter(sources))
    raise ChainFileError(
        "the study {study!r} must say its `source`, one of: {names}.",
        path=("studies", key),
        study=key,
        names=", ".join(sources) or "-",
    )
