"""What a key of a chain file may hold: text, days, and the short forms of longer ones."""

import re
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from .chain_lines import WrittenFloat, WrittenInt

FAULT = "fault"
_SD = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(sd)?\s*", re.IGNORECASE)


def fault(sentence: str, /, **values: object) -> PydanticCustomError:
    """Return a fault for pydantic to carry; `chain_faults` reads sentence and values back.

    A value called `at` is the last step of the path, a key that has no field.
    """
    return PydanticCustomError(FAULT, FAULT, {"sentence": sentence, "values": values})


def example(shown: Any, default: Any = ..., **rules: Any) -> Any:
    """Return a pydantic field that carries an example, for the docs and for suggestions."""
    return Field(default, examples=[shown], **rules)


class Keys(BaseModel):
    """A mapping of known keys; an unknown one is answered with the nearest known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _known_and_complete(cls, data: Any) -> Any:
        if isinstance(data, dict):
            fields = {f.alias or name: f for name, f in cls.model_fields.items()}
            for key in data:
                if key not in fields:
                    raise _unknown(key, list(fields))
            for key, field in fields.items():
                if field.is_required() and key not in data:
                    raise fault(
                        "`{key}` is missing; write, for example, `{key}: {example}`.",
                        key=key,
                        example=shown(field.examples[0]),  # type: ignore[index]
                    )
        return data


def _unknown(key: str, known: list[str]) -> PydanticCustomError:
    near = get_close_matches(key.lower(), known, n=1, cutoff=0.6)
    if near:
        return fault("there is no key `{at}` here; did you mean `{near}`?", at=key, near=near[0])
    return fault("there is no key `{at}` here; known are: {known}.", at=key, known=", ".join(known))


def shown(value: Any) -> str:
    """Return a value as a person would write it in the file, on one line.

    >>> shown({"column": "q2", "reversed": True}), shown("five"), shown([1, "a"])
    ('{column: q2, reversed: true}', "'five'", '[1, a]')
    """
    return repr(value) if isinstance(value, str) else _flow(value)


def _flow(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(getattr(value, "written", value))


def _as_written(value: Any) -> Any:
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.written
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise fault("`{key}` is empty; write a value or remove the line.")
    return value


def _speakable(value: str) -> str:
    if not value.isidentifier() or "__" in value or value == "lag":
        raise fault(
            "{value!r} cannot be a name in a formula; "
            "use letters, numbers and single underscores, and begin with a letter.",
            value=value,
        )
    return value


Text = Annotated[str, BeforeValidator(_as_written)]
Name = Annotated[Text, AfterValidator(_not_blank)]
KeyName = Annotated[str, AfterValidator(_speakable)]


def this_format(value: int) -> int:
    """Refuse the format of another time."""
    if value != 1:
        raise fault(
            "the file is written in format {value}, but this version reads format 1; "
            "update Anello, or write `anello: 1`.",
            value=value,
        )
    return value


def as_empty(value: Any) -> Any:
    """Read a heading with nothing under it as one that holds nothing."""
    return {} if value is None else value


def as_list(value: Any) -> Any:
    """Read a heading with nothing under it as an empty list, and one text as a list of it."""
    if value is None:
        return []
    value = _as_written(value)
    return [value] if isinstance(value, str) else value


def as_label(value: Any) -> Any:
    """Read a plain text as the same label in both languages."""
    value = _as_written(value)
    return {"en": value, "it": value} if isinstance(value, str) else value


def one_and_many(value: list[str]) -> list[str]:
    """Refuse a noun that is not said for one and for many."""
    if len(value) != 2:
        raise fault("`{key}` needs two words, for one and for many, as in [shop, shops].")
    return value


def as_item(value: Any) -> Any:
    """Read a plain text as an item that is not reversed."""
    value = _as_written(value)
    return {"column": value} if isinstance(value, str) else value


def as_formula(value: Any) -> Any:
    """Read a plain text as a link with this formula."""
    return {"formula": value} if isinstance(value, str) else value


def as_worth(value: Any) -> Any:
    """Read `0.02` and `0.2 sd` as mappings."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    match = _SD.fullmatch(str(_as_written(value)))
    if match is None:
        raise fault(
            "{value} is not an effect; write a number above 0 in units of the target, "
            "or in standard deviations, as in `0.2 sd`.",
            value=shown(value),
        )
    return {"size": float(match[1]), "sd": bool(match[2])}


def as_day(value: Any) -> Any:
    """Read a day written as 2024-03-31."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise fault("{value} is not a day; write it as 2024-03-31.", value=shown(value))
