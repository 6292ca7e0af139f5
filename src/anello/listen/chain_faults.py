"""What pydantic found wrong, as one sentence of ours with the place it belongs to."""

from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from ..model.errors import ChainFileError
from .chain_keys import FAULT, shown
from .chain_lines import ChainLineError, Document, Place

EMPTY = "`{key}` is empty; write a value or remove the line."
CHOICE = "`{key}` cannot be {value}; known are: {known}."
NEAR_CHOICE = "`{key}` cannot be {value}; did you mean {near!r}? Known are: {known}."
MAPPING = "`{key}` must have keys of its own, such as `name: value`, not {value}."
TOP = "a chain file is keys and values, such as `key: shops`; this one holds {value}."
NOT_READ = "`{key}` cannot be read: {value}."
NUMBER = "`{key}` must be a number, not {value}."
TYPES = {
    "int_type": "`{key}` must be a whole number, not {value}.",
    "float_type": NUMBER,
    "finite_number": NUMBER,
    "bool_type": "`{key}` must be true or false, not {value}.",
    "string_type": "`{key}` must be text, not {value}; put text in quotation marks.",
    "list_type": "`{key}` must be a list, as in [a, b], not {value}.",
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "greater_than": "`{key}` must be above {gt}, not {value}.",
    "greater_than_equal": "`{key}` must be {ge} or more, not {value}.",
    "less_than_equal": "`{key}` must be {le} or less, not {value}.",
    "too_short": "`{key}` is an empty list; write at least one entry.",
}


def first_fault(error: ValidationError, document: Document) -> ChainLineError:
    """Return the fault that stands highest in the file."""
    found = [document.located(_said(one)) for one in error.errors(include_url=False)]
    return min(found, key=lambda fault: fault.line)


def _said(error: Any) -> ChainFileError:
    path: Place = tuple(step for step in error["loc"] if step != "[key]")
    value, context = error["input"], error.get("ctx", {})
    if not path and error["type"] == "model_type":
        return ChainFileError(TOP, value=shown(value))
    key = str(next((step for step in reversed(path) if isinstance(step, str)), ""))
    if error["type"] == FAULT:
        values = {"key": key} | context["values"]
        at = (values["at"],) if "at" in values else ()
        return ChainFileError(context["sentence"], path=(*path, *at), **values)
    if value is None:
        return ChainFileError(EMPTY, path=path, key=key)
    if error["type"] == "literal_error":
        return _not_among(path, key, value, context["expected"])
    sentence = TYPES.get(error["type"], NOT_READ)
    limits = {k: v for k, v in context.items() if k in {"gt", "ge", "le"}}
    return ChainFileError(sentence, path=path, key=key, value=shown(value), **limits)


def _not_among(path: Place, key: str, value: Any, expected: str) -> ChainFileError:
    known = expected.replace("'", "").replace(" or ", ", ")
    near = get_close_matches(str(value).lower(), known.split(", "), n=1, cutoff=0.5)
    said = {"key": key, "value": shown(value), "known": known}
    if near:
        return ChainFileError(NEAR_CHOICE, path=path, near=near[0], **said)
    return ChainFileError(CHOICE, path=path, **said)
