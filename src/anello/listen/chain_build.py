"""From the keys of a chain file to the chain they describe, with every default filled in."""

from collections.abc import Iterable

from ..model.chain import Chain, Construct, Grain, Link, Measure, Side, Source, Worth
from ..model.disclosure import Disclosure
from ..model.errors import ChainFileError
from ..model.place import Merge, Plural, Units, Wave, Waves
from ..model.words import Words
from . import link_formula
from .chain_borrowing import borrowing
from .chain_comments import comments, topics
from .chain_measures import in_words, label, measure, once
from .chain_merges import check_merges
from .chain_money import money
from .chain_plan import planned
from .chain_schema import ChainKeys, LinkKeys, NounKeys, SourceKeys, UnitsKeys, WavesKeys, WorthKeys
from .chain_studies import study

UNIT = Plural(Words("unit", "unità"), Words("units", "unità"))
WAVE = Plural(Words("wave", "rilevazione"), Words("waves", "rilevazioni"))


def build(keys: ChainKeys) -> Chain:
    """Return the chain; raises `ChainFileError` with the path of what contradicts itself."""
    sources = {name: _source(name, source) for name, source in keys.sources.items()}
    constructs = {
        name: Construct(name, label(c.label) or in_words(name), Side(c.side), c.standard)
        for name, c in keys.constructs.items()
    }
    waves = _waves(keys.waves)
    units = _units(keys.units)
    check_merges(units.merges, waves)
    links = tuple(_link(i, link, keys.worth_acting_on) for i, link in enumerate(keys.links))
    measures = tuple(measure(n, m, sources, constructs) for n, m in keys.measures.items())
    _check_eligible(sources.values(), measures)
    return Chain(
        key=_folder_safe(keys.key),
        title=label(keys.title) or in_words(keys.key),
        constructs=tuple(constructs.values()),
        measures=measures,
        links=links,
        sources=tuple(sources.values()),
        units=units,
        waves=waves,
        disclosure=Disclosure(**keys.confidentiality.model_dump(exclude={"promise", "ledger"})),
        promise=keys.confidentiality.promise,
        ledger=keys.confidentiality.ledger,
        seed=keys.seed,
        borrowing=borrowing(keys.borrowing),
        studies=tuple(study(n, s, sources) for n, s in keys.studies.items()),
        money=money(keys.money, keys.waves.every, links),
        plan=planned(keys.plan),
        topics=topics(keys.topics),
        comments=comments(keys.comments),
    )


def _folder_safe(key: str) -> str:
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in key.lower()).strip("-")
    if key.replace("_", "-") != safe or len(key) > 60:
        raise ChainFileError(
            "{key!r} cannot name a folder; use small letters, numbers and -, as in {safe!r}.",
            path=("key",),
            key=key,
            safe=safe[:60] or "chain",
        )
    return key


def _noun(noun: NounKeys | None, default: Plural) -> Plural:
    if noun is None:
        return default
    return Plural(*(Words(en, it) for en, it in zip(noun.en, noun.it, strict=True)))


def _units(keys: UnitsKeys) -> Units:
    return Units(
        column=keys.column,
        label=_noun(keys.label, UNIT),
        name=keys.name,
        peers=keys.peers,
        hierarchy=tuple(keys.hierarchy),
        merges=tuple(Merge(tuple(m.sources), m.into, m.since, m.backdate) for m in keys.merges),
    )


def _waves(keys: WavesKeys) -> Waves:
    ways = [w for w in ("every", "order", "periods") if getattr(keys, w)]
    if len(ways) > 1:
        raise ChainFileError(
            "`{first}` and `{second}` both say how waves are cut; keep one.",
            path=("waves", ways[-1]),
            first=ways[0],
            second=ways[-1],
        )
    once([p.key for p in keys.periods], ("waves", "periods"))
    once(keys.order, ("waves", "order"))
    periods = tuple(Wave(p.key, p.opens, p.closes) for p in keys.periods)
    return Waves(keys.column, _noun(keys.label, WAVE), keys.every, periods, tuple(keys.order))


def _source(key: str, keys: SourceKeys) -> Source:
    if keys.rollup and keys.grain == "person":
        raise ChainFileError(
            "`rollup` makes one figure of several of a unit; "
            "answers of persons are scored instead.",
            path=("sources", key, "rollup"),
        )
    if keys.person is not None and keys.grain == "unit":
        raise ChainFileError(
            "`person` says whose row it is; a row of this source is the figure of a unit.",
            path=("sources", key, "person"),
        )
    return Source(
        key=key,
        path=keys.path,
        kind=keys.kind,
        grain=Grain(keys.grain),
        table=keys.table,
        sheet=keys.sheet,
        unit=keys.unit,
        wave=keys.wave,
        where=tuple(keys.where.items()),
        missing=tuple(keys.missing),
        rollup=keys.rollup,
        eligible=keys.eligible,
        person=keys.person,
    )


def _check_eligible(sources: Iterable[Source], measures: Iterable[Measure]) -> None:
    """Raise `ChainFileError` when no measure of units counts those who may answer a source."""
    counts = [m.key for m in measures if m.grain is Grain.UNIT]
    for source in sources:
        if source.eligible is None or (source.grain is Grain.PERSON and source.eligible in counts):
            continue
        raise ChainFileError(
            "`eligible` of the source {source!r} names {measure!r}; it wants answers of persons "
            "and a measure of units that counts who may answer, such as the headcount.",
            path=("sources", source.key, "eligible"),
            source=source.key,
            measure=source.eligible,
        )


def _link(i: int, keys: LinkKeys, default: WorthKeys | None) -> Link:
    formula = link_formula.parse(keys.formula, ("links", i, "formula"))
    return Link(
        source=formula.source,
        target=formula.target,
        lag=formula.lag,
        controls=formula.controls,
        peers=keys.peers,
        only=tuple(keys.only.items()),
        worth=_worth(keys.worth_acting_on or default),
        expected_sign=keys.expected_sign,
    )


def _worth(keys: WorthKeys | None) -> Worth:
    if keys is None:
        return Worth(0.2, standardised=True, declared=False)
    return Worth(keys.size, standardised=keys.sd, step=keys.step)
