"""The gate lets out means of enough answers, counts in bands, and each cell once."""

from dataclasses import replace

import pytest

from anello.model.chain import Chain, Construct, Grain, Item, Measure, Side, Source
from anello.model.errors import RefusedError
from anello.model.evidence import BETWEEN, Claim, Evidence, Level, Variant
from anello.model.findings import Findings, LagPoint, Quality, SourceFact, UnitMean
from anello.model.notes import Note
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.protect.release import release

NOUN = Plural(Words("shop", "negozio"), Words("shops", "negozi"))
MOOD = Measure("mood", "mood", Words("", ""), "staff", (Item("q"),), grain=Grain.PERSON)
SALES = Measure("sales", "sales", Words("", ""), "till", (Item("eur"),))
CHAIN = Chain(
    "shops",
    Words("Shops", "Negozi"),
    tuple(Construct(k, Words(k, k), Side.EMPLOYEE) for k in ("mood", "sales")),
    (MOOD, SALES),
    (),
    (Source("staff", "staff.csv", grain=Grain.PERSON), Source("till", "till.csv")),
    Units("shop", NOUN),
    Waves("month", NOUN),
)
ROW = Evidence(Claim("mood", "sales"), Level.BETWEEN, BETWEEN, "OLS", n=1234, persons=True)


def found(**changes):
    return replace(Findings(CHAIN, "0", "f" * 64, (), (ROW,), ledger=("a" * 64,)), **changes)


def test_people_are_counted_in_bands():
    variant = Variant("wave:1", "1", 0.1, 0.0, 0.2, 10, 1, 57)
    lag = LagPoint("mood", "sales", 1, 0.1, 0.0, 0.2, 0.5, 10, 123)
    quality = Quality("mood", "1", 10, 678, 3.5, 0.5)
    row = replace(ROW, variants=(variant,))
    value = release(found(evidence=(row,), lags=(lag,), quality=(quality,))).value
    assert value.evidence[0].n == 1000
    assert value.evidence[0].variants[0].n == 50
    assert value.lags[0].n == 100
    assert value.quality[0].n == 650


def test_how_many_people_a_source_holds_leaves_as_a_band():
    facts = (SourceFact("staff", "csv", 1234, "a"), SourceFact("till", "csv", 1234, "b"))
    value = release(found(sources=facts)).value
    assert [s.rows for s in value.sources] == [1000, 1234]


def test_figures_of_units_keep_their_exact_n():
    row = replace(ROW, persons=False, n=1073)
    quality = Quality("sales", "1", 144, 5123, 3.5, 0.5)
    value = release(found(evidence=(row,), quality=(quality,))).value
    assert value.evidence[0].n == 1073
    assert value.quality[0].n == 5123


def test_a_mean_of_four_answers_stays_inside_and_is_counted():
    means = (UnitMean("mood", "A", "1", 3.0, 4), UnitMean("mood", "B", "1", 3.0, 7))
    value = release(found(means=means)).value
    assert [(m.unit, m.n) for m in value.means] == [("B", 5)]
    assert value.withheld == 1


def test_a_cell_leaves_once():
    mean = UnitMean("mood", "A", "1", 3.0, 7)
    with pytest.raises(RefusedError, match="released twice"):
        release(found(means=(mean, mean)))


def test_the_gate_says_its_name():
    assert release(found()).gate == "frozen groups and ledger"
    units_only = replace(CHAIN, measures=(SALES,))
    assert release(found(chain=units_only)).gate == "unit-level: declared base only"


def test_a_note_on_the_answers_of_people_counts_in_bands_in_both_languages():
    noted = Note(
        "{n} row without a unit was left out.", "{n} rows without a unit were left out.", n=14
    )
    staff = SourceFact("staff", "csv", 1234, "f" * 64, (noted,))
    till = SourceFact("till", "csv", 480, "e" * 64, (noted,))
    released = release(found(sources=(staff, till))).value.sources
    assert released[0].notes == ("10-19 rows without a unit were left out.",)
    assert "14" not in str(released[0].notes[0].text("it"))
    assert released[1].notes == (noted,)
