"""The chain as a picture: who stands where, and that nothing covers a number."""

from itertools import combinations
from math import dist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_specimen import (
    EMP,
    OPS,
    SURE,
    TRUSTS,
    YEARS,
    both,
    construct,
    few,
    measured,
    nhs,
    shops,
)

from anello.model.chain import Chain, Grain, Link, Side, Source
from anello.model.findings import Findings
from anello.model.place import Units, Waves
from anello.model.words import Words
from anello.report.drawing.graph import Arrow, Graph, Ring, graph
from anello.report.drawing.labels import overlap
from anello.report.drawing.layout import layout
from anello.report.drawing.order import centred, crowds
from anello.report.drawing.paths import R, thickness
from anello.report.drawing.picture import arranged, listed, picture
from anello.report.drawing.rings import MOST_RINGS, row
from anello.report.reading import Reading


def read(release, language="en"):
    made = release()
    return Reading(made.value, made.gate, language)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("release", [nhs, shops, few])
def test_no_number_covers_another_number_a_name_or_a_ring(release, language):
    found, _, _ = arranged(graph(read(release, language)))
    numbers = [box for label in found.labels for box in label.boxes]
    names = [name.box for name in found.names]
    rings = [(x - R, y - R, x + R, y + R) for x, y in (name.at for name in found.names)]
    for one, other in combinations(numbers, 2):
        assert not overlap(one, other)
    for label in found.labels:
        for box in label.boxes:
            covered = [other for other in names + rings if overlap(box, other)]
            assert (label.arrow.source, label.arrow.target, covered) == (
                label.arrow.source, label.arrow.target, [],
            )  # fmt: skip


def test_the_picture_has_a_ring_for_each_measure_and_each_gap():
    found = graph(read(nhs))
    assert len(found.rings) == 12
    assert [r.key for r in found.rings if not r.measured] == [
        "no measure of retention", "no measure of loyalty", "no measure of growth",
    ]  # fmt: skip
    assert len([a for a in found.arrows if a.kind == "none"]) == 3


def test_a_column_is_the_longest_way_from_the_start():
    columns = {r.key: r.column for r in graph(read(nhs)).rings}
    assert columns["team"] == columns["staffing"] == columns["advocacy"] == 0
    assert columns["engagement"] == columns["burnout"] == 1
    assert columns["shmi"] == columns["waits"] == columns["inpatient"] == 2


def test_the_way_back_runs_under_everything():
    found = layout(graph(read(shops)))
    [back] = [p for p in found.paths if p.arrow.back]
    assert back.arrow.source == "happy"
    assert max(y for _, y in back.points) > max(name.at[1] for name in found.names)


def test_an_arrow_is_as_thick_as_its_effect_and_no_thicker_than_the_cap():
    assert thickness(0.63) == pytest.approx(11.34)
    assert thickness(-0.65) == pytest.approx(11.7)
    assert thickness(0.01) == 1.75
    assert thickness(3.0) == thickness(0.8)


def test_colour_and_dash_come_from_the_verdict_and_the_pale_band_from_between():
    kinds = {(a.source, a.target): a for a in graph(read(nhs)).arrows}
    assert kinds["team", "engagement"].kind == "holds"
    assert kinds["engagement", "shmi"].kind == "breaks"
    assert kinds["engagement", "shmi"].between == pytest.approx(-0.25)
    assert kinds["burnout", "waits"].kind == "yet"


def test_one_wave_shows_one_dotted_core_from_the_between_figure():
    arrow = next(a for a in graph(read(nhs)).arrows if a.target == "inpatient")
    assert arrow.kind == "way"
    assert arrow.size == pytest.approx(-0.29)
    assert arrow.between is None


def test_a_row_for_paper_has_few_enough_rings():
    for release in (nhs, shops, few):
        assert len(row(read(release)).rings) <= MOST_RINGS


SIDES = (EMP, OPS, Side.CUSTOMER, Side.MONEY)


@st.composite
def chains(draw):
    """Any chain of two to nine measures whose links run from earlier to later ones."""
    n = draw(st.integers(2, 9))
    sides = sorted(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    own = tuple(
        construct(f"m{i}", f"Measure {i}", f"Misura {i}", SIDES[s]) for i, s in enumerate(sides)
    )
    edges = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    drawn = draw(st.lists(edges, min_size=1, max_size=10, unique=True))
    links = tuple(Link(f"m{a}", f"m{b}", lag=0 if a < b else 1) for a, b in drawn)
    return Chain(
        "any", Words("Any", "Una"), own, measured(own, Grain.UNIT), links, (Source("s", "s.csv"),),
        Units("u", TRUSTS), Waves("w", YEARS),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(chains())
def test_any_chain_can_be_drawn_and_no_two_rings_share_a_place(chain):
    rows = [e for link in chain.links for e in both(link, (0.3, 0.1, SURE), (0.2, 0.1, SURE))]
    reading = Reading(Findings(chain, "0", "f", (), tuple(rows)), "gate")
    found = layout(graph(reading))
    assert len({name.at for name in found.names}) == len(found.names)
    assert all(0 <= x <= 1200 for x, _ in (name.at for name in found.names))
    assert len(found.labels) == len(graph(reading).arrows)
    assert "nan" not in picture(reading)
    row(reading)


def test_the_list_for_narrow_screens_has_every_link_and_every_gap():
    items = str(listed(read(nhs))).split("<li>")[1:]
    assert len(items) == 8 + 3
    assert '<div class="z">Burnout, 1 year later</div>' in items[7]
    assert '<div class="z">Retention</div>' in "".join(items[8:])
    assert all("no data" in item for item in items[8:])


def test_the_numbers_of_a_strong_link_lie_on_no_other_arrow():
    rings = tuple(
        Ring(name.lower(), name, note, side, column, line)
        for name, note, side, column, line in (
            ("Workload", "less is better", "emp", 0, 0),
            ("Canteen", "", "emp", 0, 1),
            ("Engagement", "", "emp", 1, 0),
            ("Leavers", "less is better", "emp", 2, 0),
            ("Service quality", "", "cus", 2, 2),
            ("Customer satisfaction", "", "cus", 3, 3),
            ("Would recommend", "", "cus", 4, 3),
            ("Sales", "", "mon", 5, 4),
        )
    )
    arrows = tuple(
        Arrow(*ends.split(" > "), "holds", size, size, f"{size:+.2f}", "[0.50, 0.66] n 38", 0, back)
        for ends, size, back in (
            ("workload > engagement", -0.66, False),
            ("engagement > service quality", 0.58, False),
            ("service quality > customer satisfaction", 0.64, False),
            ("engagement > customer satisfaction", 0.36, False),
            ("customer satisfaction > would recommend", 0.66, False),
            ("would recommend > sales", 0.59, False),
            ("engagement > leavers", -0.74, False),
            ("customer satisfaction > engagement", 0.33, True),
            ("canteen > customer satisfaction", 0.04, False),
        )
    )
    found = layout(Graph(rings, arrows, ("emp", "cus", "mon")))
    for label in found.labels:
        others = [path for path in found.paths if path.arrow is not label.arrow]
        drawn = [(x, y, thickness(o.arrow.size) / 2) for o in others for x, y in o.points]
        on = [
            (x, y)
            for x, y, half in drawn
            for box in label.boxes
            if box[0] - half < x < box[2] + half and box[1] - half < y < box[3] + half
        ]
        assert (label.arrow.target, on) == (label.arrow.target, [])


DRIVERS = ("work", "aims", "manager", "team", "learning", "fairness", "workload", "pay", "leaders")


def crowd(columns, rows):
    """Nine thick arrows of staff into one ring of staff, which stands in the middle row."""
    rings = [Ring(key, key, "", "emp", columns[key], rows[key]) for key in columns]
    arrows = [
        Arrow(key, "mood", "holds", 0.4 + 0.05 * i, 0.5, "+0.70", "[0.60, 0.80] n 175")
        for i, key in enumerate(DRIVERS)
    ]
    return Graph(tuple(rings), tuple(arrows), ("emp",))


def nine():
    columns = dict.fromkeys(DRIVERS, 0) | {"mood": 1}
    rows = {key: i for i, key in enumerate(DRIVERS)} | {"mood": 0}
    assert crowds(columns, dict.fromkeys(columns, EMP), [(d, "mood") for d in DRIVERS])
    amid = centred("mood", list(DRIVERS), columns, rows)
    assert amid == {"mood": 4}
    return crowd(columns, rows | amid)


def test_of_many_arrows_into_one_ring_none_touches_another():
    found = layout(nine())
    assert len(found.paths) == 9
    for one, other in combinations(found.paths, 2):
        apart = min(dist(a, b) for a in one.points for b in other.points)
        assert apart > (thickness(one.arrow.size) + thickness(other.arrow.size)) / 2


def test_many_arrows_end_side_by_side_on_a_bow_around_their_ring():
    found = layout(nine())
    (target,) = [name.at for name in found.names if name.ring.key == "mood"]
    far = {round(dist(path.points[-1], target)) for path in found.paths}
    assert min(far) > R + 50
    assert max(far) - min(far) < 10
    assert found.bows["mood"].startswith("M")


def test_the_numbers_of_many_arrows_stand_on_their_own_arrow_and_cover_nothing():
    found = layout(nine())
    numbers = [box for label in found.labels for box in label.boxes]
    others = [name.box for name in found.names]
    assert len(found.labels) == 9
    assert not [1 for one, other in combinations(numbers, 2) if overlap(one, other)]
    assert not [1 for box in numbers for other in others if overlap(box, other)]


def test_four_arrows_into_one_ring_are_drawn_as_ever():
    columns = dict.fromkeys(DRIVERS[:4], 0) | {"mood": 1}
    assert crowds(columns, dict.fromkeys(columns, EMP), [(d, "mood") for d in DRIVERS[:4]]) == {}


def test_a_ring_of_another_band_or_reached_over_a_ring_gets_no_bow():
    columns = dict.fromkeys(DRIVERS, 0) | {"mood": 1}
    edges = [(d, "mood") for d in DRIVERS]
    sides = dict.fromkeys(columns, EMP)
    assert crowds(columns, sides | {"mood": OPS}, edges) == {}
    assert crowds(columns | {"mood": 2}, sides, edges) == {}
