"""The gate: the only maker of `Released`."""

from dataclasses import replace

from anello.model.chain import Chain, Grain
from anello.model.disclosure import band
from anello.model.errors import RefusedError
from anello.model.evidence import Evidence
from anello.model.findings import Findings, Quality, Released, SourceFact, UnitMean
from anello.model.notes import Note

GATE_PERSONS = "minimum-n only"
GATE_UNITS = "unit-level: declared base only"


def release(findings: Findings) -> Released[Findings]:
    """Return what may leave: means of at least k answers once per wave, counts of people in bands.

    Figures of unit-level sources keep their exact n; their means are withheld where a declared
    base is below k. Raises `RefusedError` when a unit's mean of the same measure and wave stands
    twice: two cuts of the same people are how single answers are found.
    """
    persons = {m.key for m in findings.chain.measures if m.grain is Grain.PERSON}
    _refuse_twice(findings.means)
    k = findings.chain.disclosure.k
    means = tuple(m for m in findings.means if m.n is None or m.n >= k)
    hidden = len(findings.means) - len(means)
    value = replace(
        findings,
        sources=tuple(_source(s, findings.chain) for s in findings.sources),
        evidence=tuple(_evidence(e) for e in findings.evidence),
        means=tuple(replace(m, n=_floor(m.n)) if m.measure in persons else m for m in means),
        quality=tuple(_quality(q, findings.chain) for q in findings.quality),
        lags=tuple(
            replace(p, n=band(p.n)[0]) if {p.source, p.target} & persons else p
            for p in findings.lags
        ),
        withheld=findings.withheld + hidden,
    )
    return Released(value, GATE_PERSONS if persons else GATE_UNITS)


def _floor(n: int | None) -> int | None:
    return None if n is None else band(n)[0]


def _source(s: SourceFact, chain: Chain) -> SourceFact:
    if chain.source(s.key).grain is Grain.UNIT:
        return s
    notes = tuple(note.rough() if isinstance(note, Note) else note for note in s.notes)
    return replace(s, rows=band(s.rows)[0], notes=notes)


def _evidence(e: Evidence) -> Evidence:
    if not e.persons:
        return e
    variants = tuple(replace(v, n=band(v.n)[0]) for v in e.variants)
    return replace(e, n=band(e.n)[0], variants=variants)


def _quality(q: Quality, chain: Chain) -> Quality:
    if chain.measure(q.measure).grain is Grain.UNIT:
        return q
    return replace(q, n=_floor(q.n))


def _refuse_twice(means: tuple[UnitMean, ...]) -> None:
    seen: set[tuple[str, str, str]] = set()
    for m in means:
        cell = (m.measure, m.unit, m.wave)
        if cell in seen:
            raise RefusedError(
                "the mean of {measure!r} in unit {unit!r}, wave {wave!r} would be released twice; "
                "one release per wave is allowed.",
                measure=m.measure,
                unit=m.unit,
                wave=m.wave,
            )
        seen.add(cell)
