"""The smile at the counter: whether the mood that staff bring reaches the customers of a shift.

In `rating ~ mood_before` the rating stands in the customers' own source, joined by the shift, or on
each row of the staff.
"""

from anello.listen.study_rows import StudyRows
from anello.model.disclosure import Disclosure
from anello.model.study import Study, StudyFindings
from anello.stats.contagion.colleagues import Asked, Contagion
from anello.stats.contagion.counter import counter
from anello.stats.contagion.shifts import Shifts

from .shift_fits import findings
from .shift_rows import check, columns, customers, of_shifts

__all__ = ["check", "columns", "customers", "fit"]


def fit(rows: StudyRows, study: Study, disclosure: Disclosure, seed: int) -> StudyFindings:
    """Fit every claim `customers ~ before`; site-days and hours are taken out."""
    return findings(_served, rows, study, disclosure, seed)


def _served(rows: Shifts, asked: Asked) -> Contagion:
    return counter(rows, of_shifts(rows), asked)
