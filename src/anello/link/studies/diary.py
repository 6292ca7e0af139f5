"""A diary: what goes with what inside a person from day to day, and between persons."""

import numpy as np

from anello.listen.sources.base import AT
from anello.listen.study_rows import ROLE, StudyRows
from anello.model.disclosure import Disclosure, study_floor
from anello.model.errors import ChainFileError, FormulaError, ModelError, SourceError
from anello.model.study import Study, StudyBand, StudyFindings
from anello.stats.diary.clock import days, on_one_axis, prompts
from anello.stats.diary.columns import by_day
from anello.stats.diary.compliance import Compliance, compliance
from anello.stats.diary.rows import Diary, diary, doubled
from anello.stats.diary.terms import DiaryFormula, parse
from anello.stats.moments import Floats
from anello.store.diary_file import DAY

from . import diary_fits, diary_words
from .base import known_roles, known_settings, refused

ROLES = {"person": True, "day": True, "prompt": False}
SETTINGS = {
    "by": ("day", "prompt"),
    "centring": ("manifest", "latent"),
    "slopes": ("random", "fixed"),
    "night": (),
    "draws": (),
    "bootstrap": (),
    "confounder": (),
}


def check(study: Study) -> None:
    """Raise `ChainFileError` when a role, setting or formula is none of a diary's."""
    known_roles(study, ROLES)
    known_settings(study, SETTINGS)
    for name in ("night", "draws", "bootstrap", "confounder"):
        _number(study, name)
    for i, text in enumerate(study.formulas):
        try:
            parse(text)
        except FormulaError as error:
            raise ChainFileError(
                error.sentence, path=("studies", study.key, "formulas", i), **error.values
            ) from None


def _number(study: Study, name: str) -> float:
    text = study.setting(name, diary_fits.DEFAULTS[name])
    least, most = diary_fits.LIMITS[name]
    try:
        value = np.inf if (name, text) == ("night", "break") else float(text)
    except ValueError:
        value = np.nan
    if not (least <= value <= most):
        raise ChainFileError(
            "`{name}` cannot be {value!r}; it is a number from {least:g} to {most:g}.",
            path=("studies", study.key, "settings", name),
            name=name,
            value=text,
            least=least,
            most=most,
        )
    return float(value)


def columns(study: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that the formulas read, all of them numbers."""
    clock = (study.column("day"), study.column("prompt"))
    found = [c for text in study.formulas for c in parse(text).columns if c not in clock]
    return tuple(dict.fromkeys(found)), ()


def customers(study: Study) -> tuple[str, ...]:
    """Return nothing: a diary has one source."""
    return ()


def fit(rows: StudyRows, study: Study, disclosure: Disclosure, seed: int) -> StudyFindings:
    """Fit every formula; each one needs as many persons with complete rows as the floor asks."""
    whole, prompts_a_day, asked = _diary(rows, study)
    few = refused(study, whole.persons, disclosure)
    if few is not None:
        return few
    answered = compliance(whole.person, asked)
    wanted = diary_fits.Wanted(
        centring=study.setting("centring", "manifest"),
        random=study.setting("slopes", "random") == "random",
        night=_number(study, "night"),
        draws=int(_number(study, "draws")),
        bootstrap=int(_number(study, "bootstrap")),
        confounder=_number(study, "confounder"),
        seed=seed,
        least=study_floor(disclosure),
    )
    prompted = prompts_a_day > 1
    daily = study.setting("by", "day" if prompted else "prompt") == "day"
    used = by_day(whole, whole.values[DAY]) if daily else whole
    both = {True: used if daily else by_day(whole, whole.values[DAY]), False: whole}
    told = [_fitted(parse(text), both, daily, study, wanted) for text in study.formulas]
    effects = tuple(e for fitted in told for e in fitted.effects)
    return StudyFindings(
        study=study.key,
        kind=study.kind,
        persons=whole.persons,
        answers=whole.n,
        effects=effects,
        bands=_bands(answered),
        told=tuple(t for fitted in told for t in fitted.told),
        doubts=(*diary_words.of_compliance(answered), *(d for f in told for d in f.doubts)),
    )


def _fitted(
    formula: DiaryFormula,
    both: dict[bool, Diary],
    daily: bool,
    study: Study,
    wanted: diary_fits.Wanted,
) -> diary_fits.Fitted:
    """Fit one formula to days or to prompts; inertia of what is asked once a day goes by days."""
    if formula.kind == "ar1":
        known = np.isfinite(both[False].values[formula.outcome.column]).sum()
        daily = bool(known == np.isfinite(both[True].values[formula.outcome.column]).sum())
    rows, names = both[daily], diary_words.Names(study, daily)
    try:
        if formula.kind == "ar1":
            return diary_fits.inertia_told(formula, rows, names, wanted)
        if formula.kind == "mediation":
            return diary_fits.mediation_told(formula, rows, names, wanted)
        return diary_fits.levels_told(formula, rows, names, wanted)
    except ModelError as error:
        return diary_fits.Fitted((), (), (diary_words.not_fitted(formula, error),))


def _diary(rows: StudyRows, study: Study) -> tuple[Diary, int, int]:
    """Return the diary, the prompts of a day and the prompts each person was asked."""
    found = rows.rows.table.to_pyarrow()
    n = found.num_rows
    day = days(found[ROLE + "day"].to_pylist())
    prompted = study.column("prompt") is not None
    prompt, names = prompts(found[ROLE + "prompt"].to_pylist() if prompted else [0] * n)
    numbers = {c: _floats(found[c].to_pylist()) for c in columns(study)[0]}
    numbers[DAY] = day
    texts = {}
    if (name := study.column("day")) is not None:
        numbers[name] = day
    if (name := study.column("prompt")) is not None:
        texts[name] = np.array(found[ROLE + "prompt"].to_pylist(), dtype=object)
    there = np.isfinite(day) & np.isfinite(prompt)
    who = np.array(found[ROLE + "person"].to_pylist(), dtype=object)
    who[~there] = None
    at = found[AT].to_pylist() if AT in found.column_names else range(n)
    night = _number(study, "night")
    axis = on_one_axis(day, prompt, max(len(names), 1), night if np.isfinite(night) else 1.0)
    made = diary(who, axis, numbers, texts, np.array(at, dtype=np.int64))
    _once(made, rows, study)
    _days(made)
    asked = int(np.unique(made.values[DAY]).size * max(len(names), 1))
    return made, len(names), asked


def _floats(values: list[float | None]) -> Floats:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _days(made: Diary) -> None:
    if np.unique(made.values[DAY]).size < 2:
        raise ModelError(
            "All rows are of one day; what happens inside a person takes at least two days."
        )


def _once(made: Diary, rows: StudyRows, study: Study) -> None:
    pair = doubled(made)
    if pair is None:
        return
    (file, first), (_, second) = rows.place(pair[0]), rows.place(pair[1])
    raise SourceError(
        "{file}, row {row} and row {second}, column {column!r}: the same person stands twice "
        "at one time. Keep one of the two rows.",
        file=file,
        row=first,
        second=second,
        column=study.column("person"),
    )


def _bands(found: Compliance) -> tuple[StudyBand, ...]:
    return tuple(StudyBand("answered", low, high, n) for low, high, n in found.classes)
