"""A release as one reader meets it: the findings in one language, each link looked at both ways."""

from dataclasses import dataclass
from functools import cached_property

from anello.model.chain import Chain, Grain, Link
from anello.model.disclosure import band
from anello.model.evidence import Check, Evidence, Level, Verdict
from anello.model.findings import Findings
from anello.model.words import say, say_n

from .numbers import fixed, known, limits, short, whole

Cut = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One link, between units and inside a unit over time; either may be missing."""

    link: Link
    between: Evidence | None
    within: Evidence | None

    @property
    def shown(self) -> Evidence | None:
        """Return the level a picture shows: inside a unit, else between them."""
        if self.within is not None and known(self.within.estimate) is not None:
            return self.within
        return self.between or self.within

    @property
    def judged(self) -> Evidence | None:
        """Return the level whose sentence speaks for the link: inside a unit when there is one."""
        return self.within or self.between

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict a picture wears; None when nothing was read.

        A link that nobody could follow over time wears "cannot be told this way", however it looks
        between units.
        """
        if self.within is None and self.between is None:
            return None
        if self.within is None:
            told = self.between is not None and self.between.verdict == Verdict.DESCRIBED_ONLY
            return Verdict.DESCRIBED_ONLY if told else Verdict.CANNOT_BE_TOLD
        if known(self.within.estimate) is None and self.between is not None:
            few = self.between.verdict == Verdict.DESCRIBED_ONLY
            return Verdict.DESCRIBED_ONLY if few else Verdict.CANNOT_BE_TOLD
        return self.within.verdict

    @property
    def rows(self) -> tuple[Evidence, ...]:
        """Return the evidence there is, between first."""
        return tuple(e for e in (self.between, self.within) if e is not None)


def pairs(findings: Findings) -> tuple[Pair, ...]:
    """Pair the evidence by link, in the order of the chain; claims outside the chain come last."""
    found: dict[tuple[str, str, int, Cut], dict[Level, Evidence]] = {}
    for e in findings.evidence:
        key = (e.claim.source, e.claim.target, e.claim.lag, e.only)
        found.setdefault(key, {})[e.level] = e
    ordered = []
    for link in findings.chain.links:
        levels = found.pop((link.source, link.target, link.lag, link.only), {})
        ordered.append(Pair(link, levels.get(Level.BETWEEN), levels.get(Level.WITHIN)))
    for (source, target, lag, only), levels in found.items():
        link = Link(source, target, lag, only=only)
        ordered.append(Pair(link, levels.get(Level.BETWEEN), levels.get(Level.WITHIN)))
    return tuple(ordered)


@dataclass(frozen=True)
class Reading:
    """Findings, the gate they passed, and a language; it knows the chain's own words."""

    findings: Findings
    gate: str
    language: str = "en"

    @property
    def chain(self) -> Chain:
        """Return the chain that was analysed."""
        return self.findings.chain

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Return every link, both ways."""
        return pairs(self.findings)

    def say(self, text: str, /, **values: object) -> str:
        """Return a sentence of the product in this language."""
        return say(text, self.language, **values)

    def say_n(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the singular or plural sentence in this language."""
        return say_n(one, many, n, self.language, **values)

    def told(self, text: str, /, **values: object) -> str:
        """Return a sentence of another room; one that cannot be filled in comes back as it is."""
        try:
            return self.say(text, **values)
        except (KeyError, IndexError, ValueError):
            return text

    def note(self, note: str) -> str:
        """Return what was noted when a source was read; a note may know its own Italian."""
        text = getattr(note, "text", None)
        return str(text(self.language)) if callable(text) else self.told(note)

    def measure(self, key: str) -> str:
        """Return a measure's label as it stands alone; an unknown key is its own label."""
        for measure in self.chain.measures:
            if measure.key == key:
                return measure.label.get(self.language)
        return key

    def inline(self, key: str) -> str:
        """Return a measure's label inside a sentence: lower case in English, «quoted» in Italian.

        Italian labels carry no article or gender, so quotes are the only grammar that is always
        right; long English labels are quoted too, because they may be half a sentence themselves.
        """
        label = self.measure(key)
        if self.language == "it":
            return f"«{label}»"
        if len(label.split()) > 2:
            return f"“{label}”"
        return label[:1].lower() + label[1:] if label[1:2].islower() else label

    def title(self, link: Link) -> str:
        """Return a link in words: Engagement → Mortality, 1 year later, and its cut."""
        text = f"{self.measure(link.source)} → {self.measure(link.target)}"
        if link.lag:
            text += ", " + self.say("{waves} later", waves=self.waves(link.lag))
        if link.only:
            text += " (" + "; ".join(f"{column} = {value}" for column, value in link.only) + ")"
        return text

    def unit(self, n: int) -> str:
        """Return the word for one unit or for many."""
        label = self.chain.units.label
        return (label.one if n == 1 else label.many).get(self.language)

    def wave(self, n: int) -> str:
        """Return the word for one wave or for many."""
        label = self.chain.waves.label
        return (label.one if n == 1 else label.many).get(self.language)

    def units(self, n: int) -> str:
        """Return a count of units with its word: 144 Trusts."""
        return f"{whole(n, self.language)} {self.unit(n)}"

    def waves(self, n: int) -> str:
        """Return a count of waves with its word: 8 years."""
        return f"{whole(n, self.language)} {self.wave(n)}"

    def persons(self, measure: str) -> bool:
        """Return whether a measure is made of people's answers."""
        found = (m for m in self.chain.measures if m.key == measure)
        return any(self.chain.source(m.source).grain == Grain.PERSON for m in found)

    def count(self, e: Evidence) -> str:
        """Return n as it may be shown: exact for figures of units, a band for people."""
        return self.people(e.n) if e.persons else whole(e.n, self.language)

    def people(self, n: int) -> str:
        """Return the band in which a count of people is published."""
        low, high = band(n)
        return f"{whole(low, self.language)}–{whole(high or low, self.language)}"

    def interval(self, low: float, high: float, decimals: int = 2) -> str:
        """Write the 95 % interval of numbers: [0.10, 0.38]."""
        first, last = (fixed(x, decimals, self.language) for x in (low, high))
        return limits(first, last, self.language)

    def check(self, check: Check) -> str:
        """Return what a check says, its numbers and measures in the reader's words."""
        values = {name: self._value(value) for name, value in check.values}
        text = self.told(check.sentence, **values)
        return text[:1].upper() + text[1:]

    def _value(self, value: object) -> object:
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return whole(value, self.language)
        if isinstance(value, float):
            if known(value) is None:
                return "–"
            small = abs(value) < 10
            return fixed(value, 2, self.language) if small else short(value, self.language)
        if isinstance(value, str):
            keys = {m.key for m in self.chain.measures}
            return self.inline(value) if value in keys else self.told(value)
        if isinstance(value, list | tuple):
            return ", ".join(str(self._value(v)) for v in value)
        return value


def standard(e: Evidence | None) -> tuple[float, float | None, float | None] | None:
    """Return (estimate, low, high) in standard deviations, or None when there is no estimate.

    The limits are those of the slope times SD(source) / SD(target) of the same level.
    """
    if e is None or (size := known(e.standardised)) is None:
        return None
    ratio = scale(e)
    low, high = known(e.low), known(e.high)
    if ratio is None or low is None or high is None:
        return size, None, None
    return size, low * ratio, high * ratio


def scale(e: Evidence) -> float | None:
    """Return SD(source) / SD(target): what turns a slope into a standardised one."""
    source, target = known(e.sd_source), known(e.sd_target)
    if source is not None and target:
        return source / target
    slope, size = known(e.estimate), known(e.standardised)
    return size / slope if slope and size is not None else None


def zone(e: Evidence | None) -> float | None:
    """Return the half width of "too small to act on" in standard deviations, if it was said."""
    if e is None or e.worth is None or not e.step or known(e.sd_source) is None:
        return None
    ratio = scale(e)
    return None if ratio is None else abs(e.worth / e.step * ratio)
