"""The tables of a release, each as CSV for people and Parquet for machines."""

import csv
import io
from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.parquet as pq

from anello.model.atoms import Coded
from anello.model.disclosure import band
from anello.model.evidence import Evidence, Verdict
from anello.model.loop import CrossLag, Loop
from anello.model.money import Interval
from anello.model.published import Published

from .reading import Pair, Reading, standard
from .rows import counted, digits

Cell = str | int | float | None
Row = tuple[Cell, ...]
Columns = tuple[tuple[str, pa.DataType], ...]

TEXT, WHOLE, REAL = pa.string(), pa.int64(), pa.float64()


def _columns(text: str = "", whole: str = "", real: str = "") -> Columns:
    kinds = ((text, TEXT), (whole, WHOLE), (real, REAL))
    return tuple((name, kind) for names, kind in kinds for name in names.split())


CODES = {Coded.LOW: "or less", Coded.EXACT: "", Coded.HIGH: "or more"}
CLAIM = _columns("source target", "lag") + _columns("level only")

COLUMNS: dict[str, Columns] = {
    "links": CLAIM
    + _columns("verdict grade design method", "units waves n")
    + _columns("n_band", "", "estimate low high standardised standardised_low standardised_high")
    + _columns("", "", "worth_acting_on step se df p q"),
    "variants": CLAIM + _columns("name label", "units waves n", "standardised low high"),
    "unit_means": _columns("measure unit wave n_band", "n", "mean") + _columns("code"),
    "quality": _columns("measure wave n_band", "units n withheld", "mean sd alpha omega icc1 icc2")
    + _columns("", "", "rwg response_rate"),
    "invariance": _columns("measure over level step n_band", "groups n least items df")
    + _columns("", "", "chisq cfi cfi_change rmsea")
    + _columns("converged improper"),
    "drivers": _columns("outcome theme level", "units", "r beta lmg weight r2")
    + _columns("", "", "low high p_first yardstick")
    + _columns("near_copies", "", "joint joint_p_first"),
    "published": CLAIM
    + _columns("finding way citation status kind_of_figure across size of", "year k n")
    + _columns("", "", "value low high alone alone_low alone_high literature literature_low")
    + _columns("", "", "literature_high together together_low together_high borrowed")
    + _columns("verdict", "leans"),
    "topics": _columns("measure side unit topic n_band comments_band", "n comments", "tone"),
    "comment_accuracy": _columns("measure language topic how", "n", "share low high commonest"),
    "lags": _columns("source target", "lag units n", "standardised low high q"),
    "studies": _columns("study kind formula number level source target method persons_band")
    + _columns("", "persons answers", "estimate se df p low high standardised"),
    "loops": _columns(
        "source target only verdict method method_verdict first last", "units waves n"
    )
    + _columns("", "", "forward forward_low forward_high forward_p forward_q back back_low")
    + _columns("", "", "back_high back_p back_q difference difference_low difference_high worth")
    + _columns("", "", "stable stable_source stable_target same_wave chisq cfi tli rmsea srmr")
    + _columns("checks"),
    "paths": _columns("kind source target through level", "units waves n", "estimate se low high")
    + _columns("", "", "drawn_low drawn_high standardised standardised_low standardised_high"),
    "power": CLAIM
    + _columns("", "units waves", "worth_acting_on chance_seen chance_found chance_broken_if_none")
    + _columns("", "", "smallest_effect"),
    "money": _columns("kind path currency level per if_causal", "units waves n")
    + _columns("n_band", "", "step low middle high direct_low direct_middle direct_high")
    + _columns("disagree refused"),
}


def _claim(pair: Pair, e: Evidence) -> Row:
    cut = "; ".join(f"{column} = {value}" for column, value in pair.link.only)
    return (e.claim.source, e.claim.target, e.claim.lag, e.level.value, cut)


def _links(reading: Reading) -> Iterable[Row]:
    for pair in reading.pairs:
        for e in pair.rows:
            n, n_band = counted(e)
            told = (e.verdict.value, e.grade, e.design.key, e.method, e.units, e.waves, n, n_band)
            size = (e.estimate, e.low, e.high, *(standard(e) or (None, None, None)))
            odds = e.odds if e.verdict != Verdict.DESCRIBED_ONLY else None
            doubt = (e.se, e.df, odds.p if odds else None, odds.q if odds else None)
            yield *_claim(pair, e), *told, *size, e.worth, e.step, *doubt


def _variants(reading: Reading) -> Iterable[Row]:
    for pair in reading.pairs:
        for e in pair.rows:
            for v in e.variants:
                n = band(v.n)[0] if e.persons else v.n
                counts = (v.units, v.waves, n)
                yield *_claim(pair, e), v.name, v.label, *counts, v.standardised, v.low, v.high


def _people(reading: Reading, measure: str, n: int | None) -> tuple[int | None, str | None]:
    if n is None or not reading.persons(measure):
        return n, None
    low, high = band(n)
    return low, f"{low}-{high}"


def _unit_means(reading: Reading) -> Iterable[Row]:
    for m in reading.findings.means:
        n, n_band = _people(reading, m.measure, m.n)
        yield m.measure, m.unit, m.wave, n_band, n, m.mean, CODES[m.code]


def _quality(reading: Reading) -> Iterable[Row]:
    for q in reading.findings.quality:
        n, n_band = _people(reading, q.measure, q.n)
        shape = (q.mean, q.sd, q.alpha, q.omega, q.icc1, q.icc2, q.rwg, q.response_rate)
        yield q.measure, q.wave, n_band, q.units, n, q.withheld, *shape


def _invariance(reading: Reading) -> Iterable[Row]:
    for i in reading.findings.invariance:
        n, n_band = _people(reading, i.measure, i.n)
        for s in i.steps:
            told = (i.measure, i.over, i.level.value, s.name, n_band, len(i.groups), n, i.least)
            sought = (s.chisq, s.cfi, s.delta_cfi, s.rmsea)
            figures = (None if x is None else round(x, 6) + 0.0 for x in sought)
            yield *told, i.items, s.df, *figures, _yes(s.converged), _yes(s.improper)


def _drivers(reading: Reading) -> Iterable[Row]:
    for d in reading.findings.drivers:
        shares = (d.r, d.beta, d.lmg, d.weight, d.r2, d.low, d.high, d.first, d.noise)
        copies = "; ".join(d.copies) or None
        yield d.outcome, d.theme, d.level, d.units, *shares, copies, d.joint, d.joint_first


def _published(reading: Reading) -> Iterable[Row]:
    for about in reading.findings.literature:
        cut = "; ".join(f"{column} = {value}" for column, value in about.only)
        claim = (about.source, about.target, about.lag, None, cut)
        for one in about.findings:
            told = (one.metric.en, one.level.en, one.size.en, one.of.en if one.of else None)
            counts = (one.year, one.k, one.n, one.value, one.low, one.high)
            yield *claim, one.key, one.way, one.citation, one.status, *told, *counts, *_lent(one)


def _lent(one: Published) -> Row:
    lines = one.lines
    if lines is None:
        return (None,) * 12
    three = (lines.alone, lines.literature, lines.together)
    sizes = tuple(x for line in three for x in (line.r, line.low, line.high))
    return *sizes, lines.borrowed, lines.verdict.value, lines.leans


def _topics(reading: Reading) -> Iterable[Row]:
    for t in reading.findings.topics:
        (low, high), (first, last) = band(t.n), band(t.comments)
        bands = (f"{low}-{high}", f"{first}-{last}")
        yield t.measure, t.side, t.unit or None, t.topic, *bands, low, first, t.sentiment


def _accuracy(reading: Reading) -> Iterable[Row]:
    for a in reading.findings.accuracy:
        about = (a.measure, a.language or None, a.topic or None, a.how)
        yield *about, a.n, a.share, a.low, a.high, a.commonest


def _lags(reading: Reading) -> Iterable[Row]:
    for p in reading.findings.lags:
        n = band(p.n)[0] if reading.persons(p.source) or reading.persons(p.target) else p.n
        yield p.source, p.target, p.lag, p.units, n, p.standardised, p.low, p.high, p.q


def _loops(reading: Reading) -> Iterable[Row]:
    for loop in reading.findings.loops:
        cut = "; ".join(f"{column} = {value}" for column, value in loop.only)
        checks = " ".join(reading.check(c) for c in loop.checks) or None
        for found in (loop.judged, loop.dynamic, loop.naive):
            if found is not None:
                said = found.claim if found is loop.naive else found.verdict
                told = (loop.verdict.value, found.method, said.value)
                yield (
                    loop.source, loop.target, cut, *told, loop.first, loop.last, loop.units,
                    loop.waves, loop.n, *_lag(found.forward), *_lag(found.back), found.difference,
                    found.difference_low, found.difference_high, loop.worth,
                    *(_model(loop) if found is loop.judged else (None,) * 9), checks,
                )  # fmt: skip


def _sought(row: Row) -> Row:
    """Return a row with six digits: the end of a search is the same on every machine up to them."""
    return tuple(float(f"{cell:.6g}") if isinstance(cell, float) else cell for cell in row)


def _lag(lag: CrossLag) -> Row:
    return lag.standardised, lag.low, lag.high, lag.p, lag.q


def _model(loop: Loop) -> Row:
    fit = loop.fit
    about = (loop.stable, loop.stable_source, loop.stable_target, loop.together)
    if fit is None:
        return *about, None, None, None, None, None
    return *about, fit.chisq, fit.cfi, fit.tli, fit.rmsea, fit.srmr


def _paths(reading: Reading) -> Iterable[Row]:
    model = reading.findings.paths
    for e in model.effects if model is not None else ():
        assert model is not None
        through = " -> ".join(e.through) or None
        counts = (model.units, model.waves, model.rows)
        limits = (e.estimate, e.se, e.low, e.high, e.drawn_low, e.drawn_high)
        sizes = (e.standardised, e.standardised_low, e.standardised_high)
        yield e.kind, e.source, e.target, through, e.level.value, *counts, *limits, *sizes


def _power(reading: Reading) -> Iterable[Row]:
    for p in reading.findings.prospects:
        cut = "; ".join(f"{column} = {value}" for column, value in p.only)
        claim = (p.claim.source, p.claim.target, p.claim.lag, p.level.value, cut)
        chances = (p.worth, p.seen, p.found, p.nothing, p.detectable)
        yield *claim, p.units, p.waves, *chances


def _money(reading: Reading) -> Iterable[Row]:
    for m in reading.findings.money:
        low, high = band(m.n)
        n, n_band = (low, f"{low}-{high}") if m.persons else (m.n, None)
        level = m.level.value if m.level is not None else None
        told = (m.kind, " -> ".join(m.path), m.currency, level, " ".join(m.per))
        sums = (*_limits(m.product), *_limits(m.direct))
        refused = reading.check(m.refused) if m.refused is not None else None
        yield (
            *told, _yes(m.conditional), m.units, m.waves, n, n_band, m.step, *sums,
            _yes(m.disagree), refused,
        )  # fmt: skip


def _limits(of: Interval | None) -> Row:
    return (None, None, None) if of is None else (of.low, of.mid, of.high)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _studies(reading: Reading) -> Iterable[Row]:
    for s in reading.findings.studies:
        low, high = band(s.persons)
        for e in s.effects:
            told = (s.study, s.kind, e.formula, e.name, e.level, e.source, e.target, e.method)
            size = (e.estimate, e.se, e.df, e.p, e.low, e.high, e.standardised)
            yield *told, f"{low}-{high}", s.persons, s.answers, *size


ROWS: dict[str, Callable[[Reading], Iterable[Row]]] = {
    "links": _links,
    "variants": _variants,
    "unit_means": _unit_means,
    "quality": _quality,
    "invariance": _invariance,
    "drivers": _drivers,
    "published": _published,
    "topics": _topics,
    "comment_accuracy": _accuracy,
    "lags": _lags,
    "studies": _studies,
    "loops": lambda reading: map(_sought, _loops(reading)),
    "paths": lambda reading: map(_sought, _paths(reading)),
    "power": _power,
    "money": _money,
}


def table(reading: Reading, name: str) -> pa.Table:
    """Return one table of the release; numbers have 12 significant digits, NaN is null."""
    rows = [_clean(row) for row in ROWS[name](reading)]
    fields = [pa.field(column, kind) for column, kind in COLUMNS[name]]
    columns = [[row[i] for row in rows] for i in range(len(fields))]
    arrays = [pa.array(c, type=f.type) for c, f in zip(columns, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _clean(row: Row) -> Row:
    return tuple(digits(cell) if isinstance(cell, float) else cell for cell in row)


def safe(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> safe("=1+1"), safe("Acute"), safe(-0.2)
    ("'=1+1", 'Acute', -0.2)
    """
    risky = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if risky else cell


def as_csv(content: pa.Table) -> bytes:
    """Write a table as CSV: UTF-8, comma, one line a row, empty for unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(content.column_names)
    rows = zip(*(column.to_pylist() for column in content.columns), strict=True)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def as_parquet(content: pa.Table) -> bytes:
    """Write a table as Parquet with every setting fixed, so that equal tables are equal bytes."""
    sink = io.BytesIO()
    pq.write_table(
        content, sink, version="2.6", compression="snappy", use_dictionary=True,
        write_statistics=True, data_page_version="1.0", row_group_size=1 << 20, store_schema=True,
    )  # fmt: skip
    return sink.getvalue()


def files(reading: Reading) -> dict[str, bytes]:
    """Return every table of the release as file name -> bytes."""
    found: dict[str, bytes] = {}
    for name in COLUMNS:
        content = table(reading, name)
        found[f"tables/{name}.csv"] = as_csv(content)
        found[f"tables/{name}.parquet"] = as_parquet(content)
    return found
