"""Customers in a file of their own meet the staff of their shift, or the run says why not."""

import csv
import json

import pytest

from anello import run
from anello.model.errors import ChainFileError, SourceError
from anello.protect.release import release
from anello.report import compose
from anello.sample import rota


@pytest.fixture
def chain(tmp_path):
    return rota(tmp_path / "study", seed=1)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, found):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(found)


def guests(chain, change):
    """Rewrite the guests row by row; None leaves one out."""
    path = chain.parent / "guests.csv"
    write(path, [new for row in rows(path) if (new := change(row)) is not None])


def say(chain, old, new):
    text = chain.read_text("utf-8")
    assert old in text
    chain.write_text(text.replace(old, new), "utf-8")


def smile(chain):
    return next(s for s in run.analyse(chain).studies if s.study == "smile")


def slope(study):
    return next(e.estimate for e in study.effects if e.name == "slope")


def fault(chain):
    with pytest.raises(SourceError) as error:
        run.check(chain)
    assert error.value.text("it") != str(error.value)
    return str(error.value)


def by_shift(chain):
    found = {}
    for row in rows(chain.parent / "guests.csv"):
        found.setdefault((row["cafe"], row["day"], row["shift"]), []).append(float(row["rating"]))
    return found


def test_one_row_a_guest_says_the_same_as_the_mean_of_the_shift_on_each_row_of_the_staff(chain):
    apart = slope(smile(chain))
    said = by_shift(chain)
    staff = rows(chain.parent / "shifts.csv")
    for row in staff:
        values = said[row["cafe"], row["day"], row["shift"]]
        row["rating"] = repr(sum(values) / len(values))
    write(chain.parent / "shifts.csv", staff)
    say(chain, "    customers: {source: guests}", "    #")
    assert slope(smile(chain)) == pytest.approx(apart, rel=1e-9)


def test_one_figure_a_shift_says_the_same_as_its_guests(chain):
    apart = slope(smile(chain))
    figures = [
        {"shop": c, "date": d, "shift": s, "rating": sum(v) / len(v)}
        for (c, d, s), v in by_shift(chain).items()
    ]
    write(chain.parent / "guests.csv", figures)
    say(chain, "{path: guests.csv, grain: person}", "{path: guests.csv}")
    say(chain, "{source: guests}", "{source: guests, roles: {site: shop, day: date}}")
    assert slope(smile(chain)) == pytest.approx(apart, rel=1e-9)


def test_shifts_without_guests_are_left_out_and_their_share_is_told(chain):
    guests(chain, lambda row: None if int(row["day"]) > 15 else row)
    study = smile(chain)
    (met,) = [c for c in study.doubts if c.name == "met"]
    assert dict(met.values)["share"] == 75
    page = compose(release(run.analyse(chain, ledger=chain.parent.parent / "ledger")))
    assert "customers answered on 75 % of the staff" in page["smile.html"].decode()
    assert "i clienti hanno risposto nel 75 % dei turni" in page["smile.it.html"].decode()


def test_both_files_stand_in_the_release_and_each_changes_it(chain):
    before = run.listen(chain).fingerprint
    found = run.analyse(chain)
    assert {s.key for s in found.sources} == {"rota", "guests"}
    guests(chain, lambda row: row | {"rating": "7.00"} if row["day"] == "3" else row)
    assert run.listen(chain).fingerprint != before


def test_no_guest_stands_in_a_release(chain):
    said = {row["rating"] for row in rows(chain.parent / "guests.csv")}
    files = compose(release(run.analyse(chain, ledger=chain.parent.parent / "ledger")))
    table = files["tables/studies.csv"].decode()
    assert not any(f",{value}," in table for value in said)


def test_days_written_otherwise_are_named_with_both_files_and_columns(chain):
    guests(chain, lambda row: row | {"day": f"2024-03-{int(row['day']):02d}"})
    assert fault(chain) == (
        "guests.csv, column 'day': no value (2024-03-01, 2024-03-02, 2024-03-03, ...) stands in "
        "the column 'day' of shifts.csv (1, 10, 11, ...), so customers and staff never meet. Write "
        "the `day` alike in both, or name another column under `roles` of `customers`."
    )


def test_files_of_different_weeks_are_told_though_every_name_is_known(chain):
    guests(chain, lambda row: row if int(row["day"]) <= 10 else None)
    path = chain.parent / "shifts.csv"
    write(path, [r for r in rows(path) if (int(r["day"]) > 10) or r["cafe"] == "C99"])
    assert "column 'day'" in fault(chain)
    guests(chain, lambda row: row | {"day": "11"} if row["cafe"] == "C01" else None)
    write(path, [r for r in rows(path) if r["day"] != "11" or r["cafe"] != "C01"])
    assert "agree one by one, but never in one row" in fault(chain)


def test_a_shift_of_figures_that_stands_twice_is_refused_with_both_rows(chain):
    say(chain, "{path: guests.csv, grain: person}", "{path: guests.csv}")
    said = fault(chain)
    assert "guests.csv, row 2 and row 3" in said
    assert "'C01', '1', 'early'" in said
    assert "grain: person" in said


def test_nine_guests_are_too_few_to_be_shown(chain):
    left = iter(range(9))
    guests(chain, lambda row: row if next(left, None) is not None else None)
    study = smile(chain)
    assert not study.effects
    assert "Fewer than 10 customers" in study.refused.sentence.format(**dict(study.refused.values))


def test_a_column_that_the_guests_do_not_have_is_told_with_the_nearest(chain):
    say(chain, "[rating ~ mood_before]", "[ratings ~ mood_before]")
    assert "guests.csv has no column 'ratings'; did you mean 'rating'?" in fault(chain)


def test_a_rating_that_is_no_number_is_told_with_its_row(chain):
    guests(chain, lambda row: row | {"rating": "good"} if row["day"] == "20" else row)
    assert "'good' is not a number" in fault(chain)


def test_a_source_of_customers_that_is_not_there_is_told_at_its_line(chain):
    say(chain, "{source: guests}", "{source: guest}")
    with pytest.raises(ChainFileError, match="did you mean 'guests'"):
        run.listen(chain)


def test_two_runs_over_both_files_give_the_same_release(chain, tmp_path):
    one = run.run(chain, tmp_path / "one")
    two = run.run(chain, tmp_path / "two")
    files = [json.loads((d.folder.path / "manifest.json").read_text()) for d in (one, two)]
    assert files[0]["fingerprint"] == files[1]["fingerprint"]
    assert files[0] == files[1]
