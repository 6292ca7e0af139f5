"""What others published about a link, laid beside one's own figure; and what is borrowed of it."""

from dataclasses import dataclass

from .evidence import Level, Verdict
from .words import Words

OPPOSITE, NOTHING = "-", "none"


@dataclass(frozen=True, slots=True)
class Borrowing:
    """What an organisation says of itself before anything is borrowed from published studies.

    `answers` are (question, answer) pairs; while a question is open nothing is borrowed. `places`
    says what the units are: `unit` (shops of one company), `firm` or `organisation`. `spread` is
    the SD of true correlations between organisations, declared for studies that publish none;
    `attenuation` the root of the product of both reliabilities, where answers of people do not
    tell it. `different` is the share of doubt that this organisation is of another kind.
    """

    places: str
    answers: tuple[tuple[str, str | float], ...] = ()
    spread: float | None = None
    attenuation: float | None = None
    different: float = 0.2


@dataclass(frozen=True, slots=True)
class BorrowedLine:
    """One source of knowledge about a correlation between units: median, 95 % limits, P(r > 0).

    `verdict` is what this line alone would allow.
    """

    r: float
    low: float
    high: float
    above_zero: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class BorrowedLines:
    """Own data alone, the literature alone, both together; never one without the others.

    `borrowed` is the share of precision that is not the organisation's own, `different` what the
    data left of the doubt. `verdict` is "cannot tell yet" when alone and together differ, and
    `leans` (+1 yes, -1 no) says where the literature leans. `said` tells it in words.
    """

    alone: BorrowedLine
    literature: BorrowedLine
    together: BorrowedLine
    borrowed: float
    different: float
    declared: bool
    verdict: Verdict
    leans: int
    said: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """One published finding about a link, with its mark: V read, V2 reported, R recomputed.

    `way` is `forth` (the way of the link), `back`, or `claim` (consultancies and single famous
    cases: shown as claims, never borrowed). `size` is the figure in words, as it was printed, and
    `turned` True when they measured the opposite.
    `refused` says why nothing is borrowed from it although the questions are answered.
    """

    key: str
    way: str
    sentence: Words
    citation: str
    year: int | None
    status: str
    mark: Words
    level: Words
    metric: Words
    size: Words
    note: Words
    value: float | None = None
    sign: int | None = None
    low: float | None = None
    high: float | None = None
    spans: bool = False
    k: int | None = None
    n: int | None = None
    of: Words | None = None
    turned: bool = False
    lines: BorrowedLines | None = None
    refused: Words | None = None


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """The own standardised figure at one level, with its 95 % interval where there is one."""

    level: Level
    value: float
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True, slots=True)
class Literature:
    """Everything published about one link of the chain, beside the own figures.

    `read_as` names what each construct stands for in the register, source first; None where the
    chain declares nothing. `open` are the questions still to be answered before borrowing. The
    verdict of the link itself never uses any of this.
    """

    source: str
    target: str
    lag: int
    only: tuple[tuple[str, str], ...]
    own: tuple[OwnFigure, ...]
    read_as: tuple[Words | None, Words | None]
    findings: tuple[Published, ...]
    open: tuple[Words, ...]
