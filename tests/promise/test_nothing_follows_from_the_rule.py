"""Who knows the rule and every sum that would publish the same still learns no side."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from anello.protect.atoms.cells import Scale, merge
from anello.protect.atoms.splits import _ways, safe


def published(sizes, low, high):
    """Return, for all sums of atoms of these sizes, which of them give the same publication."""
    sums = list(product(*[range(low * n, high * n + 1) for n in sizes]))
    atoms = len(sizes)
    cells = merge(
        np.tile(sizes, len(sums)).reshape(-1, 1),
        np.array(sums, float).reshape(-1, 1),
        np.repeat(np.arange(len(sums)), atoms),
        Scale(np.array([float(low)]), np.array([float(high)])),
        5,
    )
    told = [[] for _ in sums]
    for g, first, last, total, code in zip(
        cells.group, cells.first, cells.last, cells.total, cells.code, strict=True
    ):
        told[g].append((first - g * atoms, last - g * atoms, total, code))
    same = defaultdict(list)
    for cell, total in zip(told, sums, strict=True):
        same[tuple(cell)].append(total)
    return same


@pytest.mark.parametrize(("low", "high"), [(1, 5), (0, 1), (1, 3), (1, 4), (1, 7), (0, 10)])
@pytest.mark.parametrize("sizes", [(5,), (9,), (5, 5), (5, 6), (6, 5), (4, 7), (5, 5, 5)])
def test_joins_and_codes_tell_nobodys_side(sizes, low, high):
    if len(sizes) == 3 and high - low > 4:
        pytest.skip("too many sums to look at each")
    middle = (low + high) / 2
    for sums in published(sizes, low, high).values():
        for atom, n in enumerate(sizes):
            least = min(max(low, s[atom] - high * (n - 1)) for s in sums)
            most = max(min(high, s[atom] - low * (n - 1)) for s in sums)
            assert least <= middle <= most
            assert most > least


@pytest.mark.parametrize("sizes", [(10,), (11,), (5, 5)])
def test_shares_that_are_left_out_tell_nobodys_side_either(sizes):
    for sums in product(*[range(2, 4 * n - 1) for n in sizes]):
        ways = [
            [tuple(w) for w in np.argwhere(_ways(n, s, 5, 2)).tolist()]
            for n, s in zip(sizes, sums, strict=True)
        ]
        by = defaultdict(list)
        for one in product(*ways):
            by[sum(f for f, _ in one), sum(u for _, u in one)].append(one)
        left_out = []
        for ones in by.values():
            counts = [[f, n - f - u, u] for (f, u), n in zip(ones[0], sizes, strict=True)]
            if safe(np.array(counts, float), np.array(sums), 5, 2):
                assert not placed(ones, sizes)
            else:
                left_out += ones
        assert not left_out or not placed(left_out, sizes)


def placed(ones, sizes):
    """Return whether in every case a whole cell lies on one side."""
    return any(
        all(one[c][0] == n for one in ones) or all(one[c][1] == n for one in ones)
        for c, n in enumerate(sizes)
    )
