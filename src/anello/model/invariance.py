"""Were the questions of a measure understood alike, so that its means may be compared?"""

from dataclasses import dataclass
from enum import StrEnum

FEWEST_ANSWERS = 100
"""Complete answers that a wave needs before it is compared with others: with fewer a change of the
questions can hardly be told from chance (Meade & Bauer, 2007)."""
SURE_ANSWERS = 300
"""With fewer than these in a wave chance alone often looks like another question: see the table of
`benchmarks/invariance_simulation.py`."""
MOST_GROUPS = 24
"""So many waves are compared at once, the latest of them: each has parameters of its own."""
FEWEST_ITEMS = 3
"""One factor is told by three questions or more."""
POOR = 0.9
"""With a CFI below this one factor does not describe the questions (Bentler & Bonett, 1980)."""
WAVES = "waves"


class Alike(StrEnum):
    """What may be compared: means and links, links alone, or neither.

    `configural` says that one factor describes each group, with other weights of the questions;
    `none` that it does not, or that nothing can be told.
    """

    SCALAR = "scalar"
    METRIC = "metric"
    CONFIGURAL = "configural"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class InvarianceStep:
    """One fit, with more held equal between the groups than in the one before.

    Figures are None where a search came to no rest; `delta_cfi` also for the first step. A
    solution is `improper` when a variance came out negative.
    """

    name: str
    df: int
    chisq: float | None
    cfi: float | None
    delta_cfi: float | None
    rmsea: float | None
    converged: bool = True
    improper: bool = False


@dataclass(frozen=True, slots=True)
class Invariance:
    """Whether one factor measures the same in all groups; `over` says what these are: waves.

    `groups` are those that had enough complete answers, `n` these answers in all of them and
    `least` in the smallest. Without `steps` the model could not be fitted at all. With three
    `items` the first step has no degrees of freedom and fits by construction.
    """

    measure: str
    over: str
    groups: tuple[str, ...]
    n: int
    least: int
    items: int
    level: Alike
    steps: tuple[InvarianceStep, ...] = ()

    @property
    def small(self) -> bool:
        """Return whether the smallest group leaves much to chance."""
        return self.least < SURE_ANSWERS

    @property
    def fit(self) -> float | None:
        """Return the CFI of one factor in every group, None where nobody knows it."""
        return self.steps[0].cfi if self.steps else None

    @property
    def stuck(self) -> str | None:
        """Return the first step whose search came to no rest."""
        return next((s.name for s in self.steps if not s.converged), None)

    @property
    def improper(self) -> tuple[str, ...]:
        """Return the steps with a negative variance."""
        return tuple(s.name for s in self.steps if s.improper)
