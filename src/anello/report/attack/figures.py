"""Every figure of people in a release folder, and nothing else, for the attacker."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from anello.model.errors import OutputError, unread
from anello.protect.attack import Figure, Scale, exactly, from_values, rounded, sums
from anello.report.folder import Folder, read

READ = ("unit_means", "quality")
"""The tables whose figures are means of people; every other is a count in bands or a model's."""
Line = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Read:
    """The figures of several releases, the smallest k they promise, and measures left out.

    `no_scale` are measures of people whose scale neither the release nor the caller told; `labels`
    the words of each measure in both languages.
    """

    figures: tuple[Figure, ...]
    k: int
    no_scale: tuple[str, ...]
    labels: dict[str, dict[str, str]]


def figures(paths: Sequence[Path], scales: Mapping[str, Scale] | None = None) -> Read:
    """Return the figures of released folders; `scales` tell what the releases do not.

    The key "" in `scales` stands for all measures. Raises `OutputError` for a folder that is no
    whole release, and for one that is named twice.
    """
    if len({p.resolve() for p in paths}) < len(paths):
        raise OutputError("a release is named twice; name each once.")
    found: list[Figure] = []
    missing: dict[str, None] = {}
    least = []
    labels: dict[str, dict[str, str]] = {}
    names = _names(paths)
    for path, name in zip(paths, names, strict=True):
        folder = read(path)
        told = _scales(folder) | dict(scales or {})
        found += _by_rounding(list(_of(folder, name, told, missing)))
        labels.update(folder.manifest["labels"] or {})
        least.append(_k(folder))
    return Read(tuple(found), min(least, default=5), tuple(missing), labels)


def _names(paths: Sequence[Path]) -> list[str]:
    short = [p.resolve().name for p in paths]
    return short if len(set(short)) == len(short) else [str(p) for p in paths]


def _k(folder: Folder) -> int:
    k = folder.manifest.get("k")
    return k if isinstance(k, int) and not isinstance(k, bool) else 5


def _scales(folder: Folder) -> dict[str, Scale]:
    told = folder.manifest.get("scales")
    written = told if isinstance(told, dict) else {}
    found = {key: from_values(v) for key, v in written.items() if isinstance(v, dict)}
    return {str(key): scale for key, scale in found.items() if scale is not None}


def _of(
    folder: Folder, name: str, scales: Mapping[str, Scale], missing: dict[str, None]
) -> Iterator[Figure]:
    for table in READ:
        for line in _lines(folder.path / "tables", table):
            n, mean, measure = _band(line.get("n_band")), _number(line.get("mean")), line["measure"]
            if n is None or mean is None or not isinstance(measure, str):
                continue
            scale = scales.get(measure, scales.get("")) or _own(line)
            if scale is None:
                missing[measure] = None
                continue
            figure = _figure(line, name, n, mean, scale)
            if figure is not None:
                yield figure


def _figure(
    line: Line, release: str, n: tuple[int, int], mean: float, scale: Scale
) -> Figure | None:
    """Return the figure of a line; None for a code that nobody knows how to read."""
    label, code = str(line.get("unit") or ""), str(line.get("code") or "")
    ends = {"": exactly(mean), "or more": (mean, scale.high), "or less": (scale.low, mean)}
    if code not in ends:
        return None
    least, most = ends[code]
    units = frozenset(label.split(" + ")) if label else frozenset[str]()
    where = (str(line["measure"]), str(line["wave"]), label, units)
    count = _number(line.get("units"))
    spread = _number(line.get("sd")), None if count is None else int(count)
    return Figure(release, *where, n, least, most, scale, bool(code), *spread)


def _by_rounding(found: list[Figure]) -> list[Figure]:
    """Return the figures with the precision they have: a file written by hand may be rounded.

    Where a mean fits no number of people of its band, all of its measure are taken to be rounded to
    as many decimals as the longest of them shows.
    """
    short = {f.measure for f in found if not f.coded and not f.scale.weighted and not len(sums(f))}
    digits = {m: max(_decimals(f) for f in found if f.measure == m) for m in short}
    return [f if f.coded or f.measure not in short else _open(f, digits[f.measure]) for f in found]


def _open(figure: Figure, digits: int) -> Figure:
    least, most = rounded((figure.least + figure.most) / 2, digits)
    return replace(figure, least=least, most=most)


def _decimals(figure: Figure) -> int:
    shown = f"{(figure.least + figure.most) / 2:.10f}".rstrip("0")
    return len(shown.split(".")[1])


def _lines(folder: Path, table: str) -> Iterable[Line]:
    """Return the lines of a table, from Parquet when it is there, else from CSV."""
    if (folder / f"{table}.parquet").exists():
        try:
            return list(pq.read_table(folder / f"{table}.parquet").to_pylist())
        except (OSError, ValueError) as error:
            raise _unreadable(folder / f"{table}.parquet", error) from None
    if not (folder / f"{table}.csv").exists():
        return ()
    try:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise _unreadable(folder / f"{table}.csv", error) from None


def _unreadable(path: Path, error: Exception) -> OutputError:
    return OutputError("{folder} cannot be read: {reason}.", folder=path, reason=unread(error))


def _band(told: object) -> tuple[int, int] | None:
    """Return the ends of a band such as "10-19"; None for anything else."""
    low, dash, high = str(told or "").partition("-")
    if not dash or not low.isdigit() or not high.isdigit() or int(low) > int(high):
        return None
    return int(low), int(high)


def _number(told: object) -> float | None:
    try:
        return None if told is None or told == "" else float(str(told))
    except ValueError:
        return None


def _own(line: Line) -> Scale | None:
    """Return the scale that stands in the line itself."""
    low, high = _number(line.get("low")), _number(line.get("high"))
    return None if low is None or high is None else from_values({"low": low, "high": high})
