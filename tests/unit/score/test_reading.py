"""From where answers were read, so that the ledger knows the same rows again."""

from datetime import date

import ibis
import pytest

from anello.listen import chain_file
from anello.listen.sources.base import Origin, Rows
from anello.model.promise import Promise, Secrecy
from anello.protect.ledger import Keeper
from anello.score.close.reading import reading

CHAIN = """
anello: 1
key: teams
units: {column: team}
waves: {column: year}
sources:
  women: {path: staff.sav, grain: person, where: {sex: women}}
  coded: {path: staff.sav, grain: person, where: {sex: '2'}}
constructs: {mood: {side: employee}}
measures: {mood: {source: women, column: q1, low: 1, high: 5}}
links: []
"""


@pytest.mark.parametrize(("kind", "apart"), [("spss", False), ("limesurvey", False), ("csv", True)])
def test_where_a_value_has_a_code_and_a_name_two_filters_are_not_taken_for_apart(
    tmp_path, kind, apart
):
    chain = chain_file.read_text(CHAIN)
    keeper = Keeper(tmp_path, Promise("teams", Secrecy.TOKEN, date(2030, 1, 1)), date(2026, 11, 22))
    origin = Origin((str(tmp_path / "staff.sav"),), ("",), ("digest",), "state", kind)
    one, other = (
        reading(Rows(s, ibis.memtable({"q1": [1]}), 1, "", origin=origin), chain, "2025", keeper)
        for s in chain.sources
    )
    assert one.near(other)
    assert one.apart(other) is apart
