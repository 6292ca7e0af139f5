"""`anello fit lmm`, seen from the room of links.

It stands in `anello.store.fit_lmm`, which starts without the libraries that judging links needs.
"""

from anello.store.fit_lmm import fit_lmm

__all__ = ["fit_lmm"]
