"""Claims about shifts fitted one after the other, with one rate of false finds for all."""

from collections.abc import Callable

import numpy as np

from anello.listen.study_rows import StudyRows
from anello.model.disclosure import Disclosure, study_floor
from anello.model.errors import ModelError
from anello.model.evidence import Check
from anello.model.study import Study, StudyFindings
from anello.stats.contagion.colleagues import Asked, Contagion
from anello.stats.contagion.shifts import Shifts
from anello.stats.linear.fdr import benjamini_hochberg

from . import shift_words as words
from .base import refused
from .shift_rows import answers_met, permutations, read, served

Model = Callable[[Shifts, Asked], Contagion]


def findings(
    model: Model, rows: StudyRows, study: Study, disclosure: Disclosure, seed: int
) -> StudyFindings:
    """Return what every claim of the study found; one that cannot be fitted says why.

    A claim needs as many persons with complete rows as the floor asks.
    """
    least = study_floor(disclosure)
    asked = Asked(permutations(study), seed, least=least)
    fitted: list[tuple[str, Contagion]] = []
    faults: list[Check] = []
    met: list[Check] = []
    persons = answers = 0
    for text in study.formulas:
        try:
            there = read(rows, study, text)
            persons, answers = np.unique(there.person).size, there.n
            few = refused(study, persons, disclosure)
            if few is not None:
                return few
            said = answers_met(rows, study, text)
            if said is not None and said < least:
                raise words.few_customers(least)
            if study.customers is not None:
                met.append(words.met(study, text, served(there)))
            fitted.append((text, model(there, asked)))
        except ModelError as error:
            faults.append(words.refusal(error))
    if not fitted:
        return StudyFindings(study.key, study.kind, 0, 0, refused=faults[0])
    q = benjamini_hochberg([m.p for _, m in fitted])
    told = [c for (text, m), one in zip(fitted, q, strict=True)
            for c in words.told(study, text, m, one)]  # fmt: skip
    return StudyFindings(
        study=study.key,
        kind=study.kind,
        persons=min(m.persons for _, m in fitted),
        answers=answers,
        effects=tuple(e for text, m in fitted for e in words.effects(study.kind, text, m)),
        told=(words.banner(), *told),
        doubts=(*faults, *met, *(d for text, m in fitted for d in words.doubts(study, text, m))),
    )
