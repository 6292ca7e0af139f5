"""The effects planted in the pretend company, in the chain's own terms."""

from dataclasses import dataclass

from anello.model.words import Words


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted effect: units of the target for one unit of the source.

    `within` acts inside a shop from week to week. `between` is the slope over shop means that
    follows from the plan; None where other arrows of the plan make up most of it.
    """

    formula: str
    source: str
    target: str
    within: float
    between: float | None
    note: Words
    lag: int = 0


PLANTED = (
    Planted(
        "engagement ~ workload", "workload", "engagement", -0.5, -0.5,
        Words("Planted: more work, less engagement.", "Piantato: più lavoro, meno coinvolgimento."),
    ),
    Planted(
        "service ~ engagement", "engagement", "service", 0.6, 0.6,
        Words("Planted: the first link to the customer.", "Piantato: il primo anello col cliente."),
    ),
    Planted(
        "satisfaction ~ service", "service", "satisfaction", 0.7, 0.7,
        Words("Planted.", "Piantato."),
    ),
    Planted(
        "loyalty ~ satisfaction", "satisfaction", "loyalty", 1.5, 1.5,
        Words("Planted.", "Piantato."),
    ),
    Planted(
        "sales ~ loyalty", "loyalty", "sales", 3.0, 3.0,
        Words("Planted: thousands of euro a week.", "Piantato: migliaia di euro la settimana."),
    ),
    Planted(
        "leavers ~ engagement", "engagement", "leavers", -2.0, -2.0,
        Words("Planted: leavers in a hundred staff.", "Piantato: uscite su cento persone."),
    ),
    Planted(
        "satisfaction ~ engagement", "engagement", "satisfaction", 0.42, 0.42,
        Words(
            "Follows from two planted effects: 0.6 x 0.7.",
            "Segue da due effetti piantati: 0,6 x 0,7.",
        ),
    ),
    Planted(
        "engagement ~ lag(satisfaction, 1)", "satisfaction", "engagement", 0.35, None,
        Words(
            "Planted way back: customers happier than usual lift the staff a week later. Usual "
            "levels of shops are not moved, so between shops only the forward links show.",
            "Ritorno piantato: clienti più contenti del solito sollevano il personale una "
            "settimana dopo. I livelli abituali non si muovono: fra negozi si vede solo l'andata.",
        ),
        lag=1,
    ),
    Planted(
        "satisfaction ~ canteen", "canteen", "satisfaction", 0.0, 0.0,
        Words(
            "Nothing planted. Busy weeks spoil both, so that an analysis that forgets the weeks "
            "finds a link here.",
            "Niente di piantato. Le settimane piene guastano entrambi: chi dimentica le settimane "
            "qui trova un legame.",
        ),
    ),
)  # fmt: skip

BUSY = {"engagement": -0.2, "canteen": -0.3, "satisfaction": -0.3, "sales": 6.0}


def slope(source: str, target: str) -> float:
    """Return the planted within-shop effect of `source` on `target`.

    >>> slope("engagement", "service")
    0.6
    """
    return next(p.within for p in PLANTED if (p.source, p.target) == (source, target))
