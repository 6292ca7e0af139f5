"""Praise and complaint from vectors, learned from sentences written for this product."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .classifiers import Logistic, logistic
from .encoder import Encoder

Array = NDArray[np.float64]


def praise_of(encoder: Encoder, vectors: Array, languages: Sequence[str]) -> Array:
    """Return the sentiment in [-1, 1] that the vectors say, P(praise) - P(complaint).

    The mean of the sentences of a language is subtracted first, else vectors group by language
    before they group by sense.
    """
    learned, means = _learned(encoder)
    centres = np.array([means.get(one, means[""]) for one in languages]).reshape(vectors.shape)
    shares = learned.of(vectors - centres)
    return np.asarray(shares[:, 1] - shares[:, 0])


@cache
def _learned(encoder: Encoder) -> tuple[Logistic, dict[str, Array]]:
    written = tomllib.loads((Path(__file__).parent / "seeds.toml").read_text("utf-8"))
    told = [
        (lang, side, text)
        for lang, sides in written.items()
        for side in sides
        for text in sides[side]
    ]
    vectors = encoder.encode([text for _, _, text in told])
    spoken = np.array([lang for lang, _, _ in told])
    means = {lang: vectors[spoken == lang].mean(axis=0) for lang in written}
    means[""] = vectors.mean(axis=0)
    centred = vectors - np.array([means[lang] for lang in spoken])
    y = np.array([int(side == "praise") for _, side, _ in told])
    return logistic(centred, y, 2, C=1.0), means
