"""Contagion: whether the mood that colleagues bring to a shift shows in the others after it."""

from anello.listen.study_rows import StudyRows
from anello.model.disclosure import Disclosure
from anello.model.study import Study, StudyFindings
from anello.stats.contagion.colleagues import contagion

from .shift_fits import findings
from .shift_rows import check, columns, customers

__all__ = ["check", "columns", "customers", "fit"]


def fit(rows: StudyRows, study: Study, disclosure: Disclosure, seed: int) -> StudyFindings:
    """Fit every claim `after ~ before`; persons and site-days are taken out."""
    return findings(contagion, rows, study, disclosure, seed)
