"""Whatever stands in a chain file, it is read or refused with one sentence and a line."""

import copy
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.listen import chain_faults
from anello.listen.chain_file import read_text
from anello.model.errors import AnelloError

WHOLE = {
    "anello": 1,
    "key": "shops",
    "title": {"en": "Shops", "it": "Negozi"},
    "seed": 3,
    "worth_acting_on": "0.2 sd",
    "confidentiality": {"k": 5},
    "units": {
        "column": "shop",
        "label": {"en": ["shop", "shops"], "it": ["negozio", "negozi"]},
        "hierarchy": ["region"],
        "merges": [{"from": ["A", "B"], "into": "C", "since": "spring", "backdate": True}],
    },
    "waves": {
        "column": "day",
        "periods": [{"key": "spring", "opens": "2024-03-01", "closes": "2024-03-31"}],
    },
    "sources": {
        "staff": {"path": "staff.csv", "grain": "person", "where": {"region": "North"}},
        "till": {"path": "till.csv", "missing": ["NA"]},
    },
    "constructs": {
        "climate": {"side": "employee", "label": {"en": "Climate", "it": "Clima"}},
        "sales": {"side": "money", "label": {"en": "Sales", "it": "Vendite"}},
    },
    "measures": {
        "climate": {
            "source": "staff",
            "items": ["q1", {"column": "q2", "reversed": True}],
            "scoring": "mean",
            "low": 1,
            "high": 5,
        },
        "sales": {
            "source": "till",
            "column": "euro",
            "direction": "up",
            "coverage": {"column": "days", "full": 31},
        },
    },
    "links": [
        "sales ~ lag(climate, 1)",
        {
            "formula": "sales ~ climate",
            "worth_acting_on": {"size": 0.1},
            "only": {"region": "North"},
        },
    ],
}


def places(value, path=()):
    """Yield the path of every value below the top."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, child in steps:
        yield (*path, step)
        if isinstance(child, dict | list):
            yield from places(child, (*path, step))


PLACES = list(places(WHOLE))
OTHER = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.sampled_from(["column", "path", "en", "x"]), st.integers(), max_size=2),
)


def at(data, path):
    for step in path[:-1]:
        data = data[step]
    return data, path[-1]


def read_or_refused_with_a_line(text):
    try:
        read_text(text)
    except AnelloError as error:
        for language, word in (("en", "line"), ("it", "riga")):
            said = error.text(language)
            assert chain_faults.NOT_READ.partition("}")[2][:18] not in said
            line = int(re.match(rf"chain\.yaml, {word} (\d+): \S", said)[1])
            assert 1 <= line <= len(re.split(r"\r\n|\r|\n", text))


def test_the_file_that_is_spoiled_here_is_good():
    assert len(read_text(yaml.safe_dump(WHOLE, sort_keys=False)).links) == 2


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(PLACES), other=OTHER)
def test_a_value_of_another_type_is_read_or_refused_with_a_line(path, other):
    data = copy.deepcopy(WHOLE)
    holder, step = at(data, path)
    holder[step] = other
    read_or_refused_with_a_line(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_a_key_left_out_is_read_or_refused_with_a_line(path):
    data = copy.deepcopy(WHOLE)
    holder, step = at(data, path)
    del holder[step]
    read_or_refused_with_a_line(yaml.safe_dump(data, sort_keys=False))


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from([p for p in PLACES if isinstance(p[-1], str)]), name=st.text(max_size=6)
)
def test_a_key_of_another_name_is_read_or_refused_with_a_line(path, name):
    data = copy.deepcopy(WHOLE)
    holder, step = at(data, path)
    holder[name] = holder.pop(step)
    read_or_refused_with_a_line(yaml.safe_dump(data, sort_keys=False))


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="ab:- \n\t[]{}#&*!|>'\"%@`,?~1.", max_size=60))
def test_any_text_is_read_or_refused_with_a_line(text):
    read_or_refused_with_a_line(text)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_good_file_with_some_characters_changed_is_read_or_refused_with_a_line(data):
    text = yaml.safe_dump(WHOLE, sort_keys=False)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 5, len(text))))
    new = data.draw(st.text(alphabet="ab:- \n\t[]{}#&*!|>'\"%@`,?~1.", max_size=4))
    read_or_refused_with_a_line(text[:start] + new + text[end:])
