"""One published effect, and the questions to ask before it is borrowed."""

from dataclasses import dataclass

from anello.model.words import Words

SHOWN = ("V", "V2", "R")
CLAIM = "claim"
CORRELATIONS = ("r", "rho")


@dataclass(frozen=True, slots=True)
class Effect:
    """One published finding, told in our own words.

    `source` and `target` are keys of constructs; `value` is None where no number could be read,
    and then `sign` may say +1, -1 or 0 (looked for, not found). `low` and `high` are a 95 %
    interval, unless `spans` is True: then they only span several findings. `tau` is the SD of true
    effects between places, which almost nobody publishes. `k` counts independent samples and `n`
    what `of` names.
    `status`: V read at the source, V2 as reported by others, R recomputed, M from memory (never
    shown). `kind`: meta-analysis, panel, study, experiment or claim (never borrowed).
    """

    key: str
    source: str
    target: str
    level: str
    metric: str
    citation: str
    status: str
    kind: str
    row: str
    note: Words
    value: float | None = None
    sign: int | None = None
    low: float | None = None
    high: float | None = None
    spans: bool = False
    tau: float | None = None
    se: float | None = None
    k: int | None = None
    n: int | None = None
    of: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer; `caution` is what published moderators say of it."""

    key: str
    label: Words
    caution: Words | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the organisation; `number` ones are answered with a number.

    `rows` are the rows of the register that make it matter; without any, it is asked because
    nobody knows yet.
    """

    key: str
    ask: Words
    rows: tuple[str, ...]
    number: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A construct of the register and the names by which chains may call it."""

    key: str
    side: str
    label: Words
    names: tuple[str, ...]
    opposite: tuple[str, ...]

    def fits(self, key: str, side: str | None) -> int:
        """Return 1 if a chain's construct is this one, -1 if it is its opposite, else 0."""
        if side is not None and side != self.side:
            return 0
        if key == self.key or key in self.names:
            return 1
        return -1 if key in self.opposite else 0
