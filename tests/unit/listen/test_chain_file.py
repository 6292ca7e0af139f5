"""A chain file becomes the chain it describes, with the defaults it leaves out."""

from datetime import date
from pathlib import Path

import pytest

from anello.listen.chain_file import located, read, read_text, read_with_warnings
from anello.model.chain import Coverage, Grain, Item, Side, Worth
from anello.model.errors import ChainFileError
from anello.model.place import Merge, Wave
from anello.model.words import Words

WHOLE = """
anello: 1
key: nhs
title: {en: Hospital Trusts in England, it: Trust ospedalieri in Inghilterra}
seed: 7
worth_acting_on: 0.2 sd
confidentiality: {k: 6, splits: 12}
units:
  column: trust_code
  name: trust_name
  label: {en: [Trust, Trusts], it: [Trust, Trust]}
  peers: benchmark_group
  hierarchy: [region]
  merges:
    - {from: [RM2, RW3], into: R0A, since: spring, backdate: false}
    - {from: 5E3, into: 007, since: autumn}
waves:
  column: answered
  label: {en: [year, years], it: [anno, anni]}
  periods:
    - {key: spring, opens: 2024-03-01, closes: 2024-03-31}
    - {key: autumn, opens: 2024-09-01, closes: 2024-09-30}
sources:
  trusts:
    path: data/trusts.csv
    kind: csv
    where: {region: No, year: 2020}
    missing: ["", NA, 99]
  survey: {path: survey.sav, grain: person, unit: site, wave: when}
constructs:
  engagement: {side: employee, label: {en: Engagement, it: Coinvolgimento}}
  mortality: {side: customer}
measures:
  engagement:
    source: survey
    items: [q1, {column: q2, reversed: true}]
    low: 1
    high: 5
    min_items: 2
    weight: w
  published:
    construct: engagement
    source: trusts
    column: engagement_mean
    base: answers
    second_of: engagement
    coverage: {column: months, full: 12}
    note: {en: Published, it: Pubblicato}
  mortality: {source: trusts, column: shmi, direction: down}
links:
  - mortality ~ engagement
  - formula: mortality ~ lag(engagement, 2) + published
    worth_acting_on: {size: 0.02, step: 0.1}
    peers: benchmark_group
    only: {benchmark_group: Acute}
    expected_sign: -1
"""

SMALL = """
anello: 1
key: shops
units: {column: shop}
waves: {column: month}
sources: {till: {path: till.csv}}
constructs: {team_climate: {side: employee}, sales: {side: money}}
measures: {team_climate: {column: climate}, sales: {column: euro}}
links: ['sales ~ team_climate']
"""


@pytest.fixture
def whole():
    return read_text(WHOLE)


def test_a_person_level_measure_keeps_its_items_scale_and_weight(whole):
    measure = whole.measure("engagement")
    assert measure.items == (Item("q1"), Item("q2", reversed=True))
    assert (measure.low, measure.high, measure.min_items, measure.weight) == (1, 5, 2, "w")
    assert (measure.grain, measure.scoring) == (Grain.PERSON, "mean")


def test_a_unit_level_figure_is_taken_as_it_stands(whole):
    measure = whole.measure("published")
    assert (measure.grain, measure.scoring, measure.items) == (
        Grain.UNIT,
        "given",
        (Item("engagement_mean"),),
    )
    assert (measure.base, measure.coverage) == ("answers", Coverage("months", 12))
    assert (measure.second_of, measure.note) == ("engagement", Words("Published", "Pubblicato"))


def test_less_of_a_measure_that_points_down_is_better(whole):
    assert not whole.measure("mortality").higher_is_better
    assert whole.side("mortality") is Side.CUSTOMER


def test_a_measure_takes_the_label_of_its_construct(whole):
    assert whole.measure("published").label == Words("Engagement", "Coinvolgimento")


def test_a_link_keeps_its_lag_controls_filter_peers_and_sign(whole):
    link = whole.links[1]
    assert (link.source, link.target, link.lag) == ("engagement", "mortality", 2)
    assert (link.controls, link.peers) == (("published",), "benchmark_group")
    assert (link.only, link.expected_sign) == ((("benchmark_group", "Acute"),), -1)


def test_codes_stay_as_they_are_written_even_when_they_look_like_numbers(whole):
    assert whole.units.merges == (
        Merge(("RM2", "RW3"), "R0A", "spring", backdate=False),
        Merge(("5E3",), "007", "autumn", backdate=True),
    )
    assert whole.source("trusts").missing == ("", "NA", "99")


def test_no_is_a_word_and_not_false(whole):
    assert whole.source("trusts").where == (("region", "No"), ("year", "2020"))


def test_periods_are_days(whole):
    assert whole.waves.periods == (
        Wave("spring", date(2024, 3, 1), date(2024, 3, 31)),
        Wave("autumn", date(2024, 9, 1), date(2024, 9, 30)),
    )


def test_confidentiality_and_seed_are_taken(whole):
    assert (whole.disclosure.k, whole.disclosure.splits, whole.disclosure.live) == (6, 12, 20)
    assert whole.seed == 7


def test_what_a_small_file_leaves_out_is_filled_in():
    chain = read_text(SMALL)
    assert chain.measure("sales").source == "till"
    assert chain.measure("team_climate").construct == "team_climate"
    assert chain.construct("team_climate").label == Words("Team climate", "Team climate")
    assert chain.units.label.many == Words("units", "unità")
    assert chain.disclosure.k == 5


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", Worth(0.2, standardised=True, declared=False)),
        ("worth_acting_on: 0.02", Worth(0.02)),
        ("worth_acting_on: 3", Worth(3)),
        ("worth_acting_on: 0.3 sd", Worth(0.3, standardised=True)),
        ("worth_acting_on: {size: 0.4, sd: true}", Worth(0.4, standardised=True)),
        ("worth_acting_on: {size: 2, step: 0.5}", Worth(2, step=0.5)),
    ],
)
def test_the_effect_worth_acting_on_is_a_number_or_standard_deviations(written, meant):
    assert read_text(SMALL + written).links[0].worth == meant


def test_a_link_may_have_another_effect_worth_acting_on_than_the_file(whole):
    assert [link.worth for link in whole.links] == [
        Worth(0.2, standardised=True),
        Worth(0.02, step=0.1),
    ]


def test_a_measure_may_list_its_items_as_a_formula():
    text = SMALL.replace(
        "team_climate: {column: climate}",
        "team_climate: {formula: team_climate =~ trust + fairness, scoring: mean}",
    )
    assert read_text(text).measure("team_climate").items == (Item("trust"), Item("fairness"))


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "chain.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.strip().encode())
    assert read(path).key == "shops"


def test_warnings_say_what_is_allowed_but_probably_not_meant(tmp_path):
    path = tmp_path / "chain.yaml"
    text = SMALL.replace("{side: money}", "{side: money, label: Sales}")
    path.write_text(text.replace("links: ['sales ~ team_climate']", "links: []").lstrip())
    chain, warnings = read_with_warnings(path)
    assert chain.construct("sales").label == Words("Sales", "Sales")
    assert [str(w).removeprefix(str(path)) for w in warnings] == [
        ", line 6: 'team_climate' has no label, so the key is shown; "
        "write `label: {en: ..., it: ...}`.",
        ", line 6: `label` is the same in both languages; write {en: Sales, it: ...}.",
        ", line 7: the measure 'team_climate' stands in no link.",
        ", line 7: the measure 'sales' stands in no link.",
        ", line 8: there are no links yet; write one under `links`, as in "
        "satisfaction ~ engagement.",
    ]


def test_a_fault_is_said_in_italian_too():
    with pytest.raises(ChainFileError) as caught:
        read_text(SMALL.replace("seed", "").replace("key: shops", "key: shops\nseed: five"))
    assert caught.value.text("it") == (
        "chain.yaml, riga 4: `seed` dev'essere un numero intero, non 'five'."
    )


def test_a_fault_found_by_the_chain_itself_is_said_in_italian_too():
    with pytest.raises(ChainFileError) as caught:
        read_text(SMALL.replace("sales ~ team_climate", "sales ~ team_climat"))
    assert caught.value.text("it").startswith("chain.yaml, riga 9: non esiste")


def test_a_fault_found_later_gets_its_line_too(tmp_path):
    path = tmp_path / "chain.yaml"
    path.write_text(SMALL)
    fault = ChainFileError("too short", path=("measures", "sales", "scoring"))
    assert str(located(fault, path)) == f"{path}, line 8: too short"


def test_the_file_is_read_from_where_it_lies(tmp_path):
    path = Path(tmp_path / "shops.yaml")
    path.write_text(SMALL)
    assert read(path).sources[0].path == "till.csv"
