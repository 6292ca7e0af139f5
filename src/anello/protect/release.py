"""The gate: the only maker of `Released`."""

from dataclasses import replace

from anello.model.chain import Chain, Grain
from anello.model.disclosure import band, study_floor
from anello.model.errors import RefusedError
from anello.model.evidence import Evidence
from anello.model.findings import Findings, Quality, Released, SourceFact, UnitMean
from anello.model.notes import Note
from anello.model.study import StudyBand, StudyFindings
from anello.model.topics import TopicCount, fewest

GATE_LEDGER = "frozen groups and ledger"
GATE_UNITS = "unit-level: declared base only"


def release(findings: Findings) -> Released[Findings]:
    """Return what may leave: means of whole frozen groups, counts of people in bands.

    Means of persons leave only with the lines of the ledger that allowed them. Figures of
    unit-level sources keep their exact n; their means are withheld where a declared base is below
    k. Raises `RefusedError` when a unit's mean of the same measure and wave stands twice: two cuts
    of the same people are how single answers are found; or when figures of persons did not pass the
    ledger.
    """
    persons = {m.key for m in findings.chain.measures if m.grain is Grain.PERSON}
    _refuse_twice(findings.means)
    _refuse_unheard(findings, persons)
    least = {m.key: fewest(m.scoring, findings.chain.disclosure) for m in findings.chain.measures}
    means = tuple(m for m in findings.means if m.n is None or m.n >= least[m.measure])
    hidden = len(findings.means) - len(means)
    value = replace(
        findings,
        sources=tuple(_source(s, findings.chain) for s in findings.sources),
        evidence=tuple(_evidence(e) for e in findings.evidence),
        means=tuple(replace(m, n=_floor(m.n)) if m.measure in persons else m for m in means),
        quality=tuple(_quality(q, findings.chain) for q in findings.quality),
        invariance=tuple(
            replace(i, n=band(i.n)[0], least=band(i.least)[0]) for i in findings.invariance
        ),
        lags=tuple(
            replace(p, n=band(p.n)[0]) if {p.source, p.target} & persons else p
            for p in findings.lags
        ),
        withheld=findings.withheld + hidden,
        money=tuple(replace(m, n=band(m.n)[0]) if m.persons else m for m in findings.money),
        topics=_topics(findings.topics, findings.chain),
        studies=tuple(_study(s, study_floor(findings.chain.disclosure)) for s in findings.studies),
    )
    return Released(value, GATE_LEDGER if persons or findings.studies else GATE_UNITS)


def _refuse_unheard(findings: Findings, persons: set[str]) -> None:
    told = {m.measure for m in findings.means} | {q.measure for q in findings.quality if q.n}
    told |= {i.measure for i in findings.invariance}
    unheard = (told & persons) | {s.study for s in findings.studies if s.effects}
    if unheard and not findings.ledger:
        raise RefusedError(
            "figures of {measure!r} did not pass the ledger; without an audit no number leaves.",
            measure=sorted(unheard)[0],
        )


def _topics(found: tuple[TopicCount, ...], chain: Chain) -> tuple[TopicCount, ...]:
    """Return counts of comments in bands, their tone to one decimal; none under the floor.

    What people wrote never comes here: only how many wrote about what.
    """
    floor = fewest("sentiment", chain.disclosure)
    return tuple(
        replace(
            t,
            n=band(t.n)[0],
            comments=band(t.comments)[0],
            sentiment=None if t.sentiment is None else round(t.sentiment, 1) + 0.0,
        )
        for t in found
        if t.n >= floor and t.comments >= floor
    )


def _study(s: StudyFindings, least: int) -> StudyFindings:
    """Return coefficients with counts of people as floors of bands; nothing of fewer than `least`.

    Classes of people are pooled with their neighbour until each holds at least `least`; people who
    are too few even then are not shown in classes at all.
    """
    if s.persons < least and (s.effects or s.bands or s.told):
        raise RefusedError(
            "the study {study!r} rests on fewer than {least} people, so nothing of it may leave.",
            study=s.study,
            least=least,
        )
    return replace(
        s,
        persons=_floor(s.persons) or 0,
        answers=_floor(s.answers) or 0,
        units=_floor(s.units) or 0,
        bands=_pooled(s.bands, least),
    )


def _pooled(bands: tuple[StudyBand, ...], least: int) -> tuple[StudyBand, ...]:
    found: list[StudyBand] = []
    for b in bands:
        if found and (found[-1].persons < least or b.persons < least):
            last = found.pop()
            b = replace(last, high=b.high, persons=last.persons + b.persons)
        found.append(b)
    sound = len(found) > 1 and all(b.persons >= least for b in found)
    return tuple(replace(b, persons=band(b.persons)[0]) for b in found) if sound else ()


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
