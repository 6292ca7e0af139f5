"""What a plan could find: the numbers somebody declares, and what comes of them for each link."""

from dataclasses import dataclass

from .evidence import Claim, Level


@dataclass(frozen=True, slots=True)
class Planned:
    """What somebody expects to collect, said before anything is asked.

    `size` people answer in each unit and wave; `icc` is ICC(1) of their answers, the share of an
    answer's variance that lies between units. `reliability` of the means of source and target
    stands in the place of both where it is known. `stable` is the share of a mean's true variance
    that stays with its unit, `autocorrelation` that of what moves from wave to wave.
    """

    units: int
    waves: int
    size: float | None = None
    icc: float = 0.1
    reliability: tuple[float | None, float | None] = (None, None)
    stable: float = 0.5
    autocorrelation: float = 0.5


@dataclass(frozen=True, slots=True)
class Prospect:
    """What so many units and waves can find of one link at one level.

    Effects are standard deviations of the target for one of the source, at that level. `worth` is
    the effect that somebody would act on, in the same terms; None where it cannot be turned into
    them. `seen`: the chance that the interval of an effect of that size leaves zero out.
    `found`: that its verdict is "go together". `nothing`: that the verdict is "breaks" when there
    is no effect at all. `detectable` is the smallest effect seen in four of five; `units_for` and
    `waves_for` what it takes to see `worth` in four of five, with everything else as it is. `error`
    is the Monte Carlo standard error of a chance, 0 where it was computed and not simulated.
    `cap` is a sentence that says why no verdict can be reached, whatever the effect.
    """

    claim: Claim
    level: Level
    units: int
    waves: int
    worth: float | None = None
    seen: float | None = None
    found: float | None = None
    nothing: float | None = None
    detectable: float | None = None
    units_for: int | None = None
    waves_for: int | None = None
    error: float = 0.0
    cap: str | None = None
    only: tuple[tuple[str, str], ...] = ()
