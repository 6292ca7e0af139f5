"""The main path, from raw answers to a board report. Start reading here.

    chain file -> sources -> scores -> panel -> evidence -> release -> report

Every verb of the command line is one call into this file.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from anello import __version__
from anello import score as scoring
from anello.link import judge
from anello.link import studies as studying
from anello.link.plans import from_history, from_plan
from anello.link.power import DRAWS
from anello.link.readiness import Readiness, readiness
from anello.listen import chain_file, sources
from anello.listen.sources import Rows
from anello.listen.sources.base import GIVEN
from anello.listen.sources.rows.needs import facts_of, groups_of
from anello.listen.study_rows import StudyRows
from anello.model.chain import Chain, Grain, Measure
from anello.model.errors import AnelloError, ChainFileError, ModelError
from anello.model.findings import Findings, Quality, SourceFact, UnitMean
from anello.model.invariance import Invariance
from anello.model.plan import Planned, Prospect
from anello.model.study import StudyFindings
from anello.model.topics import Accuracy, TopicCount
from anello.protect.ledger import Keeper
from anello.protect.release import release
from anello.report import compose, folder
from anello.score.close import Closed, Closing, answers, closed, responses
from anello.score.close.keeping import given_under, keeping, promised
from anello.score.close.places import eligible
from anello.score.close.study import heard as passed
from anello.score.text import columns as comments
from anello.store import panel as panels
from anello.store.database import memory
from anello.store.panel import Panel

Progress = Callable[[str], None]
STEPS = ("read", "score", "judge", "release", "report", "write")


@dataclass(frozen=True)
class Heard:
    """What was read for a chain, before anything is fitted."""

    chain: Chain
    rows: tuple[Rows, ...]
    fingerprint: str
    folder: Path
    studies: tuple[StudyRows, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()


@dataclass(frozen=True)
class Seen:
    """The panel, its reliability, the means of persons as they are shown, and what allows them."""

    panel: Panel
    quality: tuple[Quality, ...]
    told: tuple[UnitMean, ...] = ()
    ledger: tuple[str, ...] = ()
    topics: tuple[TopicCount, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    invariance: tuple[Invariance, ...] = ()


@dataclass(frozen=True)
class Done:
    """Where a release lies, whether it was there already, and the ledger that it passed, if any."""

    folder: folder.Folder
    reused: bool
    ledger: Path | None = None


def quiet(step: str) -> None:
    """Show no progress."""


def listen(path: Path, progress: Progress = quiet) -> Heard:
    """Read a chain file and the sources that its measures name.

    Raises `ChainFileError` or `SourceError`, one sentence each, before anything is written.
    """
    progress("read")
    chain = promised(_read(path), path.parent)
    database = memory()
    named = {m.source for m in chain.measures}
    try:
        rows = tuple(
            sources.read(source, chain, path.parent, database)
            for source in chain.sources
            if source.key in named
        )
        _refuse_unknown_columns(chain, rows)
        texts = comments.coded(chain, rows, path.parent)
        studies = tuple(studying.read(s, chain, path.parent, database) for s in chain.studies)
    except ChainFileError as fault:
        raise chain_file.located(fault, path) from None
    read = (*texts.rows, *(rows for s in studies for rows in s.sources))
    given_under(chain, path.parent, read)
    mark = _fingerprint(chain, read)
    heard = Heard(texts.chain, texts.rows, mark, path.parent, studies)
    return replace(heard, accuracy=texts.accuracy)


def _read(path: Path) -> Chain:
    chain = chain_file.read(path)
    try:
        for measure in chain.measures:
            scoring.check(measure)
        studying.check(chain)
        comments.check(chain)
    except ChainFileError as fault:
        raise chain_file.located(fault, path) from None
    return chain


def _refuse_unknown_columns(chain: Chain, rows: tuple[Rows, ...]) -> None:
    """Raise `ChainFileError` for a column of the units that no source has."""
    there = {name for r in rows for name in r.table.columns}
    units = chain.units
    wanted = (("peers", units.peers), *(("hierarchy", column) for column in units.hierarchy))
    for key, column in wanted:
        if column is not None and column not in there:
            raise ChainFileError(
                "no source has the column {column!r} that `{key}` names.",
                path=("units", key),
                column=column,
                key=key,
            )


def _fingerprint(chain: Chain, rows: tuple[Rows, ...]) -> str:
    late = ("studies", "promise")
    own = {key: value for key, value in asdict(chain).items() if key != "ledger"}
    written = {key: value for key, value in own.items() if value or key not in late}
    content = {
        "version": __version__,
        "chain": written,
        "sources": {r.source.key: r.fingerprint for r in rows},
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def observe(heard: Heard, progress: Progress = quiet, keeper: Keeper | None = None) -> Seen:
    """Score the answers where they lie and return the panel with its reliability.

    With a `keeper` the waves of persons are closed: their means are sums of frozen groups, and each
    passes the ledger. Without one nothing of it may be released.
    """
    progress("score")
    chain = heard.chain
    parts: list[tuple[panels.Cells, pa.Table]] = []
    found: list[Quality] = []
    alike: list[Invariance] = []
    closings: list[Closed] = []
    for rows in heard.rows:
        measures = [m for m in chain.measures if m.source == rows.source.key]
        if keeper is not None and rows.source.grain is Grain.PERSON:
            closings.append(_closed(heard, rows, measures, keeper))
            cells = closings[-1].cells
            for m in measures:
                told = closings[-1].shown(rows, m.key)
                may = closings[-1].reliable
                quality, more = scoring.appraise(told, [m], chain.disclosure, chain.waves, may)
                found.extend(closings[-1].allowed(quality))
                alike += more
        else:
            cells = panels.cells(scoring.score(rows, measures), measures, chain.disclosure)
            quality, more = scoring.appraise(rows, measures, chain.disclosure, chain.waves)
            found += quality
            alike += more
        parts.append((cells, panels.facts(rows.table, facts_of(measures, chain), GIVEN)))
    waves = chain.waves.sort({w for c, _ in parts for w in c.table["wave"].to_pylist()})
    panel = panels.assemble(parts, waves, groups_of(chain))
    return Seen(
        replace(
            panel,
            response=responses(panel, closings),
            icc2=scoring.icc2(found),
            invariance={a.measure: a for a in alike},
        ),
        tuple(found),
        tuple(t for c in closings for t in c.told),
        tuple(h for c in closings for h in c.lines),
        tuple(t for c in closings for t in c.topics),
        tuple((c.cells.measures[0].source, n) for c in closings for n in c.notes),
        tuple(alike),
    )


def _closed(heard: Heard, rows: Rows, measures: list[Measure], keeper: Keeper) -> Closed:
    scored = scoring.score(rows, measures, answers(rows, measures, heard.chain))
    spans = {m.key: scoring.span(m) for m in measures}
    may = eligible(rows.source, heard.chain, heard.rows)
    asked = Closing(rows, scored, tuple(measures), spans, heard.chain, may, heard.folder)
    return closed(asked, keeper)


def analyse(path: Path, progress: Progress = quiet, ledger: Path | None = None) -> Findings:
    """Return what the chain's data say; without a `ledger` nothing of persons may leave."""
    heard = listen(path, progress)
    keeper = None if ledger is None else keeping(heard.chain, heard.folder, ledger)
    return find(heard, progress, keeper)


def find(heard: Heard, progress: Progress = quiet, keeper: Keeper | None = None) -> Findings:
    """Judge every link of what was heard; figures of persons are released only with a `keeper`."""
    seen = observe(heard, progress, keeper)
    panel = seen.panel
    progress("judge")
    judged = judge(panel, heard.chain)
    studies = _studied(heard, keeper)
    return Findings(
        chain=heard.chain,
        version=__version__,
        fingerprint=heard.fingerprint,
        sources=tuple(_fact(rows, heard.folder, seen.notes) for rows in _distinct(heard)),
        evidence=judged.evidence,
        means=_means(seen, heard.chain),
        quality=seen.quality,
        invariance=seen.invariance,
        drivers=judged.drivers,
        lags=judged.lags,
        withheld=sum(panel.withheld.values()),
        tried=judged.tried,
        literature=judged.literature,
        prospects=judged.prospects,
        money=judged.money,
        what_if=judged.what_if,
        loops=judged.loops,
        paths=judged.paths,
        ledger=(*seen.ledger, *(line for _, lines in studies for line in lines)),
        topics=seen.topics,
        accuracy=heard.accuracy,
        studies=tuple(found for found, _ in studies),
    )


def _studied(
    heard: Heard, keeper: Keeper | None
) -> tuple[tuple[StudyFindings, tuple[str, ...]], ...]:
    """Return what each study found, with the lines of the ledger that allow it."""
    out = []
    for study, rows in zip(heard.chain.studies, heard.studies, strict=True):
        found, fits = studying.fitted(study, rows, heard.chain)
        out.append(passed(found, study, rows, studying.columns(study), keeper, heard.chain, fits))
    return tuple(out)


def _distinct(heard: Heard) -> tuple[Rows, ...]:
    """Return each source once: that of the measures before that of a study."""
    studied = (rows for s in heard.studies for rows in s.sources)
    found = {rows.source.key: rows for rows in (*studied, *heard.rows)}
    return tuple(found[s.key] for s in heard.chain.sources if s.key in found)


def _fact(rows: Rows, place: Path, more: tuple[tuple[str, str], ...]) -> SourceFact:
    kind = sources.kind_of(rows.source, place)
    notes = (*rows.notes, *(note for key, note in more if key == rows.source.key))
    return SourceFact(rows.source.key, kind, rows.rows, rows.fingerprint, notes)


def _means(seen: Seen, chain: Chain) -> tuple[UnitMean, ...]:
    panel = seen.panel
    out = []
    for m in chain.measures:
        if seen.ledger and m.grain is Grain.PERSON:
            out += sorted(
                (t for t in seen.told if t.measure == m.key),
                key=lambda t: (t.unit, panel.waves.index(t.wave)),
            )
            continue
        mean, n = panel.mean[m.key], panel.n[m.key]
        for i, t in zip(*np.nonzero(np.isfinite(mean)), strict=True):
            count = int(n[i, t]) if np.isfinite(n[i, t]) else None
            unit, wave = panel.units[i], panel.waves[t]
            out.append(UnitMean(m.key, unit, wave, float(mean[i, t]), count))
    return tuple(out)


@dataclass(frozen=True)
class Checked:
    """What each link has, how good each measure is, and what was left out or odd."""

    links: tuple[Readiness, ...]
    quality: tuple[Quality, ...]
    notes: tuple[str, ...]
    warnings: tuple[AnelloError, ...]
    chain: Chain
    prospects: tuple[Prospect, ...] = ()
    invariance: tuple[Invariance, ...] = ()


def check(path: Path, progress: Progress = quiet) -> Checked:
    """Say what each link has before anything is fitted, and which links can be judged."""
    heard = listen(path, progress)
    seen = observe(heard, progress)
    panel, found = seen.panel, seen.quality
    links = tuple(readiness(panel, link) for link in heard.chain.links)
    notes = tuple(dict.fromkeys(note for rows in _distinct(heard) for note in rows.notes))
    warnings = chain_file.read_with_warnings(path)[1]
    prospects = from_history(panel, heard.chain, draws=0)
    return Checked(links, found, notes, warnings, heard.chain, prospects, seen.invariance)


@dataclass(frozen=True)
class Plans:
    """What each link could find; by its own history, or by the numbers of a plan alone."""

    chain: Chain
    prospects: tuple[Prospect, ...]
    history: bool
    planned: Planned | None
    draws: int


def plan(
    path: Path, planned: Planned | None = None, draws: int = DRAWS, progress: Progress = quiet
) -> Plans:
    """Say what each link could find, before anything is asked or by what was heard so far.

    Where a source is there, its variances are taken; `planned` then says for how many units and
    waves. Without any data the plan of the chain file is taken. Raises `ModelError` when there is
    neither.
    """
    if not 10 <= draws <= 1_000_000:
        raise ModelError("Draw between 10 and a million times; {draws} were asked.", draws=draws)
    chain = _read(path)
    if any(sources.there(source, path.parent) for source in chain.sources):
        heard = listen(path, progress)
        panel = observe(heard, progress).panel
        progress("judge")
        return Plans(chain, from_history(panel, chain, draws, planned), True, planned, draws)
    expected = planned or chain.plan
    if expected is None:
        raise ModelError(
            "There are no data yet, so a plan needs numbers: `--units` and `--waves`, or `plan` in "
            "the chain file."
        )
    progress("judge")
    return Plans(chain, from_plan(chain, expected, draws), False, expected, draws)


def run(
    path: Path, out: Path | None = None, progress: Progress = quiet, ledger: Path | None = None
) -> Done:
    """Run a chain from its file to a release folder, or reuse the one that is there.

    Without `out` the folder is `releases/<chain>-<fingerprint>` under the working directory; the
    same chain, data and version give the same folder, which is then reused. An `out` that exists is
    refused. Answers of persons pass the one `ledger` of the organisation. Times and machine go to a
    log beside the folder, never into it.
    """
    if out is not None:
        folder.refuse(out)
    started = time.perf_counter()
    heard = listen(path, progress)
    target = out or Path("releases") / f"{heard.chain.key}-{heard.fingerprint[:8]}"
    if out is None and target.exists():
        return Done(folder.same(target, heard.fingerprint), reused=True)
    folder.refuse(target)
    persons = heard.studies or any(r.source.grain is Grain.PERSON for r in heard.rows)
    keeper = keeping(heard.chain, heard.folder, ledger) if persons else None
    findings = find(heard, progress, keeper)
    progress("release")
    released = release(findings)
    progress("report")
    files = compose(released)
    files["manifest.json"] = folder.manifest(released, files)
    progress("write")
    folder.publish(files, target)
    folder.log(target, time.perf_counter() - started)
    place = None if keeper is None else keeper.folder
    return Done(folder.read(target), reused=False, ledger=place)
