"""The pretend bus drivers: a diary of two weeks whose truth, inside and between, is known.

78 drivers, 14 days, three prompts a day: before work (sleep, mood), after the shift (the mask worn,
anxiety), before bed (exhaustion, trouble winding down, conflict at home). Sliders from 0 to 10.
"""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.words import Words

Array = NDArray[np.float64]

PROMPTS = {
    "before work": ("sleep", "mood"),
    "after the shift": ("mask", "anxiety"),
    "before bed": ("exhaustion", "insomnia", "conflict"),
}
ASKED = tuple(name for names in PROMPTS.values() for name in names)
USUAL = {"sleep": 6.0, "mood": 5.5, "mask": 5.0, "anxiety": 4.0, "exhaustion": 4.5,
         "insomnia": 4.0, "conflict": 3.0}  # fmt: skip
INERTIA = 0.3
SLOPE_SD = {"anxiety": 0.2, "insomnia": 0.15}
SLOPE_COVARIANCE = 0.015


@dataclass(frozen=True, slots=True)
class Roster:
    """How large the study is.

    `missed` is the share of prompts that nobody answered, `stopped` how many drivers give up after
    half of the days.
    """

    drivers: int = 78
    days: int = 14
    depots: int = 6
    missed: float = 0.12
    stopped: int = 4


@dataclass(frozen=True, slots=True)
class Truth:
    """One planted effect, points of the target for one point of the source.

    `within` acts inside a driver from day to day, `between` over the usual levels of drivers; None
    where other arrows of the plan make it up.
    """

    formula: str
    source: str
    within: float
    between: float | None
    note: Words


TRUTH = (
    Truth("mood ~ sleep", "sleep", 0.45, 0.5,
          Words("Planted: a good night, a good mood.", "Piantato: notte buona, umore buono.")),
    Truth("mask ~ mood", "mood", -0.4, None,
          Words("Planted inside a driver: a worse mood, more mask.",
                "Piantato dentro l'autista: umore peggiore, più maschera.")),
    Truth("anxiety ~ mask", "mask", 0.45, -0.35,
          Words("Planted with opposite signs: on a day with more mask there is more anxiety, but "
                "old hands wear more mask and are calmer.",
                "Piantato con segni opposti: il giorno con più maschera c'è più ansia, ma gli "
                "esperti portano più maschera e sono più tranquilli.")),
    Truth("insomnia ~ anxiety + mask", "anxiety", 0.4, 0.5,
          Words("Planted, with the mask held.", "Piantato, a maschera ferma.")),
    Truth("insomnia ~ anxiety + mask", "mask", 0.1, -0.3,
          Words("Planted: what the mask does past anxiety.",
                "Piantato: ciò che la maschera fa oltre l'ansia.")),
    Truth("insomnia ~ mask", "mask", 0.295, -0.475,
          Words("Follows, with opposite signs: 0.10 + 0.45 x 0.40 + 0.015 inside a driver, "
                "-0.30 - 0.35 x 0.50 between drivers.",
                "Ne segue, con segni opposti: 0,10 + 0,45 x 0,40 + 0,015 dentro l'autista, "
                "-0,30 - 0,35 x 0,50 fra autisti.")),
    Truth("sleep ~ lag(insomnia)", "lag(insomnia, 1)", -0.35, -0.4,
          Words("Planted: trouble winding down spoils the next night; the chain closes.",
                "Piantato: chi non si distende dorme peggio; la catena si chiude.")),
    Truth("exhaustion ~ anxiety", "anxiety", 0.35, 0.4,
          Words("Planted.", "Piantato.")),
    Truth("conflict ~ mask", "mask", 0.0, 0.0,
          Words("Nothing planted.", "Niente di piantato.")),
)  # fmt: skip
MEDIATED = {
    "formula": "insomnia ~ anxiety ~ mask",
    "a": 0.45, "b": 0.4, "product": 0.18, "covariance": SLOPE_COVARIANCE,
    "indirect": 0.195, "direct": 0.1, "total": 0.295,
}  # fmt: skip


def lived(roster: Roster, rng: np.random.Generator) -> dict[str, Array]:
    """Return what every driver would have said at every prompt: drivers x days for each name.

    Departures have mean 0 in every driver, so that a usual level is in the plan alone; only those
    of conflict at home keep their own mean, as inertia around a mean is what they are there for.
    """
    usual = _usual(roster.drivers, rng)
    slopes = _slopes(roster.drivers, rng)
    shape = (roster.drivers, roster.days)
    alone = rng.spawn(1)[0]
    noise = {name: rng.standard_normal(shape) * sd for name, sd in NOISE.items()}
    noise["conflict"] = alone.standard_normal(shape) * NOISE["conflict"]
    away = {name: np.zeros(shape) for name in ASKED}
    for t in range(roster.days):
        before = away["insomnia"][:, t - 1] if t else np.zeros(roster.drivers)
        left = away["conflict"][:, t - 1] if t else noise["conflict"][:, 0] * 0
        away["sleep"][:, t] = -0.35 * before + noise["sleep"][:, t]
        away["mood"][:, t] = 0.45 * away["sleep"][:, t] + noise["mood"][:, t]
        away["mask"][:, t] = -0.4 * away["mood"][:, t] + noise["mask"][:, t]
        away["anxiety"][:, t] = slopes[:, 0] * away["mask"][:, t] + noise["anxiety"][:, t]
        away["insomnia"][:, t] = (
            slopes[:, 1] * away["anxiety"][:, t]
            + 0.1 * away["mask"][:, t]
            + noise["insomnia"][:, t]
        )
        away["exhaustion"][:, t] = 0.35 * away["anxiety"][:, t] + noise["exhaustion"][:, t]
        fresh = noise["conflict"][:, t] * (np.sqrt(1 - INERTIA**2) if t else 1.0)
        away["conflict"][:, t] = INERTIA * left + fresh
    for name in set(ASKED) - {"conflict"}:
        away[name] -= away[name].mean(axis=1, keepdims=True)
    return {name: usual[name][:, None] + away[name] for name in ASKED}


NOISE = {"sleep": 1.1, "mood": 0.9, "mask": 1.0, "anxiety": 0.9, "exhaustion": 0.8,
         "insomnia": 0.9, "conflict": 0.9}  # fmt: skip


def _usual(drivers: int, rng: np.random.Generator) -> dict[str, Array]:
    """Return usual levels whose parts are uncorrelated in the very drivers there are."""
    drawn = rng.standard_normal((drivers, len(ASKED)))
    drawn -= drawn.mean(axis=0)
    q, r = np.linalg.qr(drawn)
    part = dict(zip(ASKED, (q * np.sign(np.diag(r)) * np.sqrt(drivers)).T, strict=True))
    mask = 1.1 * part["mask"]
    anxiety = -0.35 * mask + 0.5 * part["anxiety"]
    insomnia = 0.5 * anxiety - 0.3 * mask + 0.4 * part["insomnia"]
    sleep = -0.4 * insomnia + 0.4 * part["sleep"]
    mood = 0.5 * sleep + 0.4 * part["mood"]
    exhaustion = 0.4 * anxiety + 0.4 * part["exhaustion"]
    levels = (sleep, mood, mask, anxiety, exhaustion, insomnia, 0.5 * part["conflict"])
    return {name: USUAL[name] + level for name, level in zip(ASKED, levels, strict=True)}


def _slopes(drivers: int, rng: np.random.Generator) -> Array:
    """Return each driver's slopes of anxiety on the mask and of insomnia on anxiety."""
    sd_a, sd_b = SLOPE_SD["anxiety"], SLOPE_SD["insomnia"]
    rho = SLOPE_COVARIANCE / (sd_a * sd_b)
    z = rng.standard_normal((drivers, 2))
    a = 0.45 + sd_a * z[:, 0]
    b = 0.4 + sd_b * (rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1])
    return np.column_stack([a, b])


def rows(roster: Roster, rng: np.random.Generator) -> list[list[str]]:
    """Return the answered prompts as exported: driver, depot, day, prompt, sliders."""
    said = lived(roster, rng)
    answered = rng.random((roster.drivers, roster.days, len(PROMPTS))) >= roster.missed
    gone = rng.choice(roster.drivers, roster.stopped, replace=False)
    answered[gone, roster.days // 2 :] = False
    skipped = rng.random((roster.drivers, roster.days, len(ASKED))) < 0.01
    out = []
    for i, t, k in zip(*np.nonzero(answered), strict=True):
        names = PROMPTS[prompt := list(PROMPTS)[k]]
        sliders = [
            f"{np.clip(said[name][i, t], 0, 10):.1f}"
            if name in names and not skipped[i, t, n]
            else ""
            for n, name in enumerate(ASKED)
        ]
        depot = f"P{i % roster.depots + 1}"
        out.append([f"d{i + 1:02d}", depot, str(t + 1), prompt, *sliders])
    return out


def truth(roster: Roster, seed: int) -> dict[str, object]:
    """Return what was planted, ready for JSON."""
    return {
        "seed": seed,
        "roster": asdict(roster),
        "unit_of_effect": "points of the target for one point of the source, sliders 0 to 10",
        "effects": [asdict(one) for one in TRUTH],
        "mediation": MEDIATED,
        "inertia": {"formula": "ar1(conflict)", "phi": INERTIA, "step": "one evening"},
    }
