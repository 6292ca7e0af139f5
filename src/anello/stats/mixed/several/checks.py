"""What the data must carry before a model with several groups is fitted: one sentence each."""

import numpy as np

from anello.model.errors import ModelError

from ...moments import Moments
from ..lmm_scale import check_rank, check_term
from .gathered import Gathered
from .layout import Layout
from .problem import Problem


def check_size(gathered: Gathered, layout: Layout) -> None:
    """Raise `ModelError` if there are too few groups or rows for what varies."""
    n, p = gathered.n, len(layout.design.fixed)
    if n == 0:
        raise ModelError(
            "No row is left to fit: every row misses a value or lies in a group that is withheld."
        )
    if not np.isfinite(gathered.total).all():
        raise ModelError("A value is infinite after the formula was applied; remove those rows.")
    for k in range(len(gathered.factors)):
        for i in layout.terms_of(k):
            term = layout.terms[i]
            check_term(term.label, gathered.factors[k].count, len(term.columns), n)
    if n <= p:
        raise ModelError(
            "{rows} rows are too few for {effects} effects; take terms out.", effects=p, rows=n
        )


def check_columns(problem: Problem, gathered: Gathered, layout: Layout) -> None:
    """Raise `ModelError`, naming the term, if a column of X repeats the others or is constant."""
    m = len(gathered.columns)
    whole = Moments(
        gathered.columns, gathered.shift, np.zeros(0), np.zeros((1, m, 0)), gathered.total
    )
    check_rank(problem.xx, layout.design, whole)
