"""The release ledger: what left, when and why not; and the audit before anything leaves."""

from .audit import Verdict, audit
from .candidate import ATOMS, BESIDE, MODEL, Candidate, Ledger
from .ends import destroy, end
from .entries import of_cut, of_fit, people_of
from .gate import gate
from .held import faults, recall, untold
from .keeper import Keeper
from .private import Key
from .public import Chain, Row, read
from .reading import Reading, keyed
from .span import leverage

__all__ = [
    "ATOMS",
    "BESIDE",
    "MODEL",
    "Candidate",
    "Chain",
    "Keeper",
    "Key",
    "Ledger",
    "Reading",
    "Row",
    "Verdict",
    "audit",
    "destroy",
    "end",
    "faults",
    "gate",
    "keyed",
    "leverage",
    "of_cut",
    "of_fit",
    "people_of",
    "read",
    "recall",
    "untold",
]
