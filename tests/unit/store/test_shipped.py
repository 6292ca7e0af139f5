"""A company ships the sums of each day and never an answer; the fit is that of all the rows."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anello.model.errors import OutputError, SourceError
from anello.store.fit_lmm import fit_lmm
from anello.store.shipped import fit_shipped, received, ship

FORMULA = "satisfaction ~ waiting + visit + (waiting | shop)"


def rows(n=1200, seed=3):
    rng = np.random.default_rng(seed)
    shop = rng.integers(0, 12, n)
    waiting = rng.normal(6, 2, n).round(2)
    effect = rng.normal(-0.5, 0.2, 12)[shop]
    return pa.table(
        {
            "shop": [f"shop {s}" for s in shop],
            "visit": rng.choice(["first", "regular"], n).tolist(),
            "waiting": waiting,
            "satisfaction": (8 + effect * waiting + rng.normal(0, 1, n)).round(2),
        }
    )


@pytest.fixture
def days(tmp_path):
    """Four days of answers in four files, and the sums of each day."""
    whole, found = rows(), []
    pq.write_table(whole, tmp_path / "whole.parquet")
    for day in range(4):
        path = tmp_path / f"day {day}.parquet"
        pq.write_table(whole.slice(300 * day, 300), path)
        ship(FORMULA, path, tmp_path / f"day {day}.moments")
        found.append(tmp_path / f"day {day}.moments")
    return found


def test_the_sums_of_four_days_give_the_fit_of_all_their_answers(days, tmp_path):
    shipped = fit_shipped(days)
    direct = fit_lmm(FORMULA, str(tmp_path / "whole.parquet"))
    assert (shipped["n"], shipped["groups"]) == (1200, {"shop": 12})
    assert shipped["loglik"] == pytest.approx(direct["loglik"], rel=1e-10)
    for one, other in zip(shipped["fixed"], direct["fixed"], strict=True):
        assert one["term"] == other["term"]
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-7)
        assert one["df"] == pytest.approx(other["df"], rel=1e-4)
    assert shipped["varcomp"][0]["variance"] == pytest.approx(
        direct["varcomp"][0]["variance"], rel=1e-5
    )


def test_a_file_of_moments_holds_one_line_for_each_shop_and_no_answer(days):
    table = pq.read_table(days[0])
    assert table.num_rows == 12
    told = json.loads(table.schema.metadata[b"anello moments"])
    assert told["k"] == 5
    assert received(days[0])[0].sizes.min() >= 5


def test_a_shop_with_four_answers_stays_behind(tmp_path):
    table = pa.table({"shop": ["a"] * 9 + ["b"] * 9 + ["c"] * 4, "y": np.arange(22.0) % 7})
    pq.write_table(table, tmp_path / "day.parquet")
    told = ship("y ~ 1 + (1 | shop)", tmp_path / "day.parquet", tmp_path / "day.moments")
    assert (told["n"], told["groups"], told["withheld_groups"]) == (18, 2, 1)
    assert received(tmp_path / "day.moments")[0].groups.tolist() == ["a", "b"]


def test_moments_of_another_model_do_not_add(days, tmp_path):
    other = tmp_path / "other.moments"
    ship("satisfaction ~ 1 + (1 | shop)", tmp_path / "whole.parquet", other)
    with pytest.raises(SourceError, match=r"moments of different models \(formula differ\)"):
        fit_shipped([*days, other])


def test_a_file_of_answers_is_not_taken_for_moments(days, tmp_path):
    with pytest.raises(SourceError, match="holds no moments; write it with `anello moments`"):
        fit_shipped([tmp_path / "whole.parquet"])
    with pytest.raises(SourceError, match="There is no file"):
        fit_shipped([tmp_path / "nowhere.moments"])


def test_moments_are_never_written_over_a_file(days, tmp_path):
    with pytest.raises(OutputError, match="exists already"):
        ship(FORMULA, tmp_path / "whole.parquet", days[0])
