"""The chain: which constructs are measured how, and which links between them are claimed."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from .disclosure import Disclosure
from .errors import ChainFileError
from .money import Money
from .place import Units, Waves
from .plan import Planned
from .published import Borrowing
from .study import Study
from .topics import TEXT_SCORINGS, Comments, Topic
from .words import Words


class Side(StrEnum):
    """Whose side of the counter a construct belongs to."""

    EMPLOYEE = "employee"
    CUSTOMER = "customer"
    OPERATIONS = "operations"
    MONEY = "money"


class Grain(StrEnum):
    """What one row of a source is: a person's answers, or a figure of a unit in a wave."""

    PERSON = "person"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Construct:
    """Something the chain speaks of; without a measure it is drawn as missing.

    `standard` names what published studies call it: a key of their register, with a - before it
    for the opposite, or `none`; without it the construct's own key decides.
    """

    key: str
    label: Words
    side: Side
    standard: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a scale; a reversed item is turned as low + high - answer."""

    column: str
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the period a figure covers, such as 9 of 12 months.

    Cells of differing coverage are never compared over time.
    """

    column: str
    full: float


@dataclass(frozen=True, slots=True)
class Measure:
    """One construct, measured one way, from one source.

    `low` and `high` bound a single answer (person level) or the figure (unit level); a value
    outside them is an error. `scoring` is a key of `anello.score.SCORINGS`. `items` hold the
    columns read: one for a unit-level figure. `base` names the column with the number of
    respondents behind a unit-level figure; `weight` a column of survey weights.
    `response` names the column with the share (0 to 1) of those asked who answered. `second_of`
    names the measure that this one extracts a second time. `topic` is what a `topic_share` counts.
    """

    key: str
    construct: str
    label: Words
    source: str
    items: tuple[Item, ...]
    scoring: str = "mean"
    grain: Grain = Grain.UNIT
    low: float | None = None
    high: float | None = None
    higher_is_better: bool = True
    min_items: int | None = None
    base: str | None = None
    response: str | None = None
    weight: str | None = None
    coverage: Coverage | None = None
    second_of: str | None = None
    note: Words | None = None
    topic: str | None = None

    @property
    def direction(self) -> int:
        """Return +1 when more is better, -1 when less is better."""
        return 1 if self.higher_is_better else -1

    @property
    def reads_text(self) -> bool:
        """Return whether its column holds what people wrote."""
        return self.scoring in TEXT_SCORINGS


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: files (path, folder or glob), or a table of a database by URL.

    `kind` is a key of `anello.listen.SOURCES`. Columns named here override those of the chain.
    `where` keeps the rows whose columns have these values. `rollup` (`sum` or `mean`) makes one
    figure of several rows of a unit and wave; without it they are an error. `eligible` names the
    measure of units that counts how many people may answer, `person` the column that says whose
    row it is.
    """

    key: str
    path: str
    kind: str = "auto"
    grain: Grain = Grain.UNIT
    table: str | None = None
    sheet: str | None = None
    unit: str | None = None
    wave: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    rollup: str | None = None
    eligible: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """The smallest effect somebody said, beforehand, they would act on.

    In units of the target (`standardised=False`) or of its SD (`standardised=True`), for each
    `step` of the source; a step of None is one SD of the source at the row's own level.
    `declared` is False when nobody said it and the default was taken.
    """

    size: float
    standardised: bool = False
    step: float | None = None
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A claim: `target ~ source`, or `target ~ lag(source, lag)`, with controls.

    `peers` names a column whose groups are compared only with themselves; `only` keeps the units
    whose columns have these values. `expected_sign` 0 takes the wished direction from the measures.
    """

    source: str
    target: str
    lag: int = 0
    controls: tuple[str, ...] = ()
    peers: str | None = None
    only: tuple[tuple[str, str], ...] = ()
    worth: Worth = Worth(0.2, standardised=True, declared=False)
    expected_sign: int = 0

    @property
    def formula(self) -> str:
        """Return the link as an analyst would write it."""
        source = f"lag({self.source}, {self.lag})" if self.lag else self.source
        return f"{self.target} ~ {' + '.join((source, *self.controls))}"


@dataclass(frozen=True, slots=True)
class Chain:
    """Constructs, measures, links and where they come from; contradictions fail at birth.

    Raises `ChainFileError` when a link names an unknown measure, when lag-0 links close a loop
    inside one wave, or when a claim stands twice.
    """

    key: str
    title: Words
    constructs: tuple[Construct, ...]
    measures: tuple[Measure, ...]
    links: tuple[Link, ...]
    sources: tuple[Source, ...]
    units: Units
    waves: Waves
    disclosure: Disclosure = field(default_factory=Disclosure)
    seed: int = 1
    studies: tuple[Study, ...] = ()
    borrowing: Borrowing | None = None
    money: Money | None = None
    plan: Planned | None = None
    topics: tuple[Topic, ...] = ()
    comments: Comments = field(default_factory=Comments)
    promise: str | None = None
    ledger: str | None = None

    def __post_init__(self) -> None:
        _check_references(self)
        _check_links(self)

    def measure(self, key: str) -> Measure:
        """Return the measure called `key`."""
        return next(m for m in self.measures if m.key == key)

    def construct(self, key: str) -> Construct:
        """Return the construct called `key`."""
        return next(c for c in self.constructs if c.key == key)

    def source(self, key: str) -> Source:
        """Return the source called `key`."""
        return next(s for s in self.sources if s.key == key)

    def side(self, measure: str) -> Side:
        """Return the side on which a measure stands."""
        return self.construct(self.measure(measure).construct).side

    def wished(self, link: Link) -> int:
        """Return +1 when a higher source wishes for a higher target, -1 when for a lower one."""
        turned = self.measure(link.source).direction * self.measure(link.target).direction
        return link.expected_sign or turned


CONSTRUCT = Words("construct", "il costrutto")
SOURCE = Words("source", "la fonte")
MEASURE = Words("measure", "la misura")


def _check_references(chain: Chain) -> None:
    constructs = {c.key for c in chain.constructs}
    sources = {s.key for s in chain.sources}
    measures = {m.key for m in chain.measures}
    for measure in chain.measures:
        where = ("measures", measure.key)
        _known(measure.construct, constructs, (*where, "construct"), CONSTRUCT)
        _known(measure.source, sources, (*where, "source"), SOURCE)
        if measure.second_of is not None:
            _known(measure.second_of, measures, (*where, "second_of"), MEASURE)
    for study in chain.studies:
        _known(study.source, sources, ("studies", study.key, "source"), SOURCE)
        if study.customers is not None:
            path = ("studies", study.key, "customers", "source")
            _known(study.customers.source, sources, path, SOURCE)
    for name, place in chain.money.named() if chain.money is not None else ():
        _known(name, measures, place, MEASURE)
    for i, link in enumerate(chain.links):
        for name in (link.source, link.target, *link.controls):
            _known(name, measures, ("links", i, "formula"), MEASURE)


def _known(name: str, names: set[str], path: tuple[str | int, ...], noun: Words) -> None:
    if name in names:
        return
    near = get_close_matches(name, sorted(names), n=1, cutoff=0.4)
    if near:
        raise ChainFileError(
            "there is no {noun} called {name!r}; did you mean {near!r}?",
            path=path,
            noun=noun,
            name=name,
            near=near[0],
        )
    raise ChainFileError(
        "there is no {noun} called {name!r}; known are: {names}.",
        path=path,
        noun=noun,
        name=name,
        names=", ".join(sorted(names)) or "-",
    )


def _check_links(chain: Chain) -> None:
    seen: set[tuple[str, str, int, tuple[tuple[str, str], ...]]] = set()
    graph: dict[str, set[str]] = {}
    for i, link in enumerate(chain.links):
        path = ("links", i, "formula")
        claim = (link.source, link.target, link.lag, link.only)
        if claim in seen:
            raise ChainFileError(
                "the link {formula!r} stands twice; remove one.", path=path, formula=link.formula
            )
        seen.add(claim)
        if link.lag == 0:
            graph.setdefault(link.target, set()).add(link.source)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            raise ChainFileError(
                "the links close a loop inside one wave: {loop}. "
                "Give the way back a lag, as in lag({name}, 1).",
                path=path,
                loop=" -> ".join(error.args[1]),
                name=link.source,
            ) from None
