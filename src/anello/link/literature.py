"""Their finding beside yours: what is published about each link, and what may be borrowed of it.

It runs after the evidence is judged and changes none of it: a verdict never uses a prior.
"""

from collections.abc import Mapping
from math import isfinite

from anello.model.chain import Chain, Construct, Link
from anello.model.errors import AnelloError, ModelError
from anello.model.evidence import Evidence, Level
from anello.model.published import (
    BorrowedLine,
    BorrowedLines,
    Borrowing,
    Literature,
    Published,
)
from anello.model.words import LANGUAGES, Words

from .published.beside import Beside, Told, beside, size_said, stands_for
from .published.borrowing import Heard, ask, prior, three_lines
from .published.effect import CLAIM
from .published.library import Library, library
from .published.three_lines_told import told

Icc2 = Mapping[str, float | None]
MOST = 0.99


def literature(
    chain: Chain, evidence: tuple[Evidence, ...], icc2: Icc2 | None = None
) -> tuple[Literature, ...]:
    """Return what is published about every link of a chain, in its order.

    `icc2` are reliabilities of unit means by measure, which make a corrected correlation comparable
    with a raw one. Three lines are drawn only where every question of `borrowing` is answered, and
    only for a plain comparison of units: never with controls, never over time.
    """
    return tuple(_about(chain, link, evidence, icc2 or {}) for link in chain.links)


def _about(chain: Chain, link: Link, evidence: tuple[Evidence, ...], icc2: Icc2) -> Literature:
    register = library()
    claim = (link.source, link.target, link.lag, link.only)
    own = tuple(
        e for e in evidence if (e.claim.source, e.claim.target, e.claim.lag, e.only) == claim
    )
    source, target = (chain.measure(key).construct for key in (link.source, link.target))
    laid = beside(chain, source, target, own)
    answers = dict(chain.borrowing.answers) if chain.borrowing else {}
    return Literature(
        source=link.source,
        target=link.target,
        lag=link.lag,
        only=link.only,
        own=laid.own,
        read_as=(
            _read_as(register, chain.construct(source)),
            _read_as(register, chain.construct(target)),
        ),
        findings=_findings(register, laid, chain.borrowing, link, own, icc2),
        open=tuple(q.ask for q in ask() if q.key not in answers),
    )


def _read_as(register: Library, construct: Construct) -> Words | None:
    """Return what the register calls a construct; "not ..." for its opposite, None for nothing."""
    found = stands_for(register, construct)
    if not found:
        return None
    labels = [(register.meaning(key).label, turn) for key, turn in found.items()]
    spoken = (
        ", ".join(label.get(code) if turn > 0 else f"− {label.get(code)}" for label, turn in labels)
        for code in LANGUAGES
    )
    return Words(*spoken)


def _findings(
    register: Library,
    laid: Beside,
    said: Borrowing | None,
    link: Link,
    own: tuple[Evidence, ...],
    icc2: Icc2,
) -> tuple[Published, ...]:
    between = next((e for e in own if e.level is Level.BETWEEN), None)
    found = []
    for way, group in (("forth", laid.findings), ("back", laid.back), ("claim", laid.claims)):
        for one in group:
            lines, refused = None, None
            ready = said is not None and {q.key for q in ask()} <= {k for k, _ in said.answers}
            if way == "forth" and ready and said is not None and one.effect.kind != CLAIM:
                lines, refused = _borrowed(one, said, link, between, icc2)
            found.append(_published(register, one, way, lines, refused))
    return tuple(found)


def _borrowed(
    one: Told, said: Borrowing, link: Link, own: Evidence | None, icc2: Icc2
) -> tuple[BorrowedLines | None, Words | None]:
    """Return the three lines, or why there are none, in both languages."""
    try:
        return _lines(one, said, link, own, icc2), None
    except AnelloError as error:
        return None, Words(*(error.text(code) for code in LANGUAGES))


def _lines(
    one: Told, said: Borrowing, link: Link, own: Evidence | None, icc2: Icc2
) -> BorrowedLines:
    if own is None or own.standardised is None or own.units < 4:
        raise ModelError("There is no own correlation between at least four units to set beside.")
    if link.controls or link.peers:
        raise ModelError(
            "Yours holds something constant (other measures, or groups of peers); a published "
            "correlation does not, so nothing is borrowed."
        )
    lent = prior(
        one.effect,
        dict(said.answers),
        places=said.places,
        turned=one.turned,
        tau=said.spread,
        attenuation=said.attenuation or _attenuation(link, icc2),
    )
    r = max(-MOST, min(MOST, own.standardised))
    found = three_lines(
        lent, r, own.units, worth=_worth(own), wished=own.wished, different=said.different
    )
    return BorrowedLines(
        alone=_line(found.alone),
        literature=_line(found.literature),
        together=_line(found.together),
        borrowed=found.borrowed,
        different=found.different,
        declared=lent.declared,
        verdict=found.verdict,
        leans=found.leans,
        said=told(found),
    )


def _attenuation(link: Link, icc2: Icc2) -> float | None:
    """Return sqrt(ICC(2) ICC(2)') where answers of people tell both reliabilities."""
    both = icc2.get(link.source), icc2.get(link.target)
    if both[0] is None or both[1] is None:
        return None
    product = both[0] * both[1]
    return product**0.5 if isfinite(product) and product > 0 else None


def _worth(own: Evidence) -> float:
    """Return the smallest correlation worth acting on, from the slope that was declared."""
    if own.worth is None or not own.step or not own.sd_source or not own.sd_target:
        return 0.2
    return min(MOST, abs(own.worth / own.step * own.sd_source / own.sd_target))


def _line(heard: Heard) -> BorrowedLine:
    return BorrowedLine(heard.r, heard.low, heard.high, heard.above_zero, heard.verdict)


def _published(
    register: Library, one: Told, way: str, lines: BorrowedLines | None, refused: Words | None
) -> Published:
    e = one.effect
    return Published(
        key=e.key,
        way=way,
        sentence=one.sentence,
        citation=e.citation,
        year=e.year,
        status=e.status,
        mark=one.mark,
        level=register.words["levels", e.level],
        metric=register.words["metrics", e.metric],
        size=Words(*(size_said(e, code) for code in LANGUAGES)),
        note=e.note,
        value=e.value,
        sign=e.sign,
        low=e.low,
        high=e.high,
        spans=e.spans,
        k=e.k,
        n=e.n,
        of=register.words["nouns", e.of] if e.of else None,
        turned=one.turned,
        lines=lines,
        refused=refused,
    )
