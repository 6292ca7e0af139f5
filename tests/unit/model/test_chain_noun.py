"""A chain that contradicts itself is never born."""

from datetime import date

import pytest

from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source
from anello.model.disclosure import Disclosure, band
from anello.model.errors import ChainFileError
from anello.model.place import Merge, Plural, Units, Wave, Waves
from anello.model.words import Words, say_n

SHOPS = Plural(Words("shop", "negozio"), Words("shops", "negozi"))
MONTHS = Plural(Words("month", "mese"), Words("months", "mesi"))


def chain(*links, measures=("engagement", "satisfaction", "sales")):
    return Chain(
        key="shops",
        title=Words("Shops", "Negozi"),
        constructs=tuple(Construct(m, Words(m, m), Side.EMPLOYEE) for m in measures),
        measures=tuple(Measure(m, m, Words(m, m), "till", (Item(m),)) for m in measures),
        links=links,
        sources=(Source("till", "till.csv"),),
        units=Units("shop", SHOPS),
        waves=Waves("month", MONTHS),
    )


def test_a_misspelt_measure_gets_the_nearest_name():
    with pytest.raises(ChainFileError, match="did you mean 'engagement'") as caught:
        chain(Link("engagment", "sales"))
    assert caught.value.path == ("links", 0, "formula")
    assert "intendevate 'engagement'" in caught.value.text("it")


def test_links_may_not_close_a_loop_inside_one_wave():
    with pytest.raises(ChainFileError, match=r"loop inside one wave.*lag\(satisfaction, 1\)"):
        chain(Link("engagement", "satisfaction"), Link("satisfaction", "engagement"))


def test_the_way_back_with_a_lag_is_welcome():
    made = chain(Link("engagement", "satisfaction"), Link("satisfaction", "engagement", lag=1))
    assert made.links[1].formula == "engagement ~ lag(satisfaction, 1)"


def test_the_same_claim_stands_once():
    with pytest.raises(ChainFileError, match="stands twice"):
        chain(Link("engagement", "sales"), Link("engagement", "sales"))


def test_a_unit_merges_once():
    with pytest.raises(ChainFileError, match="'A' merges twice: into 'X' and into 'Y'"):
        Units("shop", SHOPS, merges=(Merge(("A", "B"), "X", "3"), Merge(("A",), "Y", "5")))


def test_waves_do_not_overlap():
    spring = Wave("spring", date(2024, 3, 1), date(2024, 3, 31))
    easter = Wave("easter", date(2024, 3, 25), date(2024, 4, 10))
    with pytest.raises(ChainFileError, match="'easter' opens on 2024-03-25, before 'spring'"):
        Waves("day", MONTHS, periods=(spring, easter))


def test_the_floor_is_never_below_five():
    with pytest.raises(ChainFileError, match="k = 5"):
        Disclosure(k=4)


@pytest.mark.parametrize(
    ("n", "lowest", "highest"), [(4, 0, 4), (5, 5, 9), (19, 10, 19), (99, 90, 99), (100, 100, 149)]
)
def test_counts_of_people_are_published_in_bands(n, lowest, highest):
    assert band(n) == (lowest, highest)


def test_every_count_lies_in_its_band_and_bands_touch():
    edge = 0
    for n in range(20_000):
        low, high = band(n)
        assert low <= n <= high
        assert low in (edge, edge if n <= high else high)
        edge = low if n < high else high + 1


def test_italian_counts_one_and_many():
    one, many = "{n} estimate was tried.", "{n} estimates were tried."
    assert say_n(one, many, 1, "it") == "È stata provata 1 stima."
    assert say_n(one, many, 2, "it") == "Sono state provate 2 stime."
