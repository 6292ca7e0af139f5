"""The disclosure rule as a value: how few people may stand behind a number that leaves."""

from dataclasses import dataclass

from .errors import ChainFileError


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The floors under every released number of people's answers.

    `k` for scores, `splits` for favourable/unfavourable shares, `comments` for free text, `live`
    for a running count, `matched` for the same people twice.
    """

    k: int = 5
    splits: int = 10
    comments: int = 10
    live: int = 20
    matched: int = 30

    def __post_init__(self) -> None:
        if self.k < 5:
            raise ChainFileError(
                "the smallest group is k = 5 answers; {k} would let single answers be read.",
                path=("confidentiality", "k"),
                k=self.k,
            )


FEWEST_PERSONS = 10
"""A study of single persons over time is never shown of fewer people, whatever `k` says."""


def study_floor(disclosure: Disclosure) -> int:
    """Return how many persons a study needs before any coefficient of it may leave.

    >>> study_floor(Disclosure(k=5)), study_floor(Disclosure(k=15))
    (10, 15)
    """
    return max(disclosure.k, FEWEST_PERSONS)


def band(n: int) -> tuple[int, int | None]:
    """Return the band (lowest, highest) in which a count of people is published.

    >>> band(7), band(15), band(123), band(3400)
    ((5, 9), (10, 19), (100, 149), (3000, 3499))
    """
    if n < 5:
        return 0, 4
    if n < 10:
        return 5, 9
    width = 10
    while n >= width * 10:
        width *= 10
    step = width if n < width * 2 and width == 10 else width // 2 if width > 10 else width
    low = n // step * step
    return low, low + step - 1
