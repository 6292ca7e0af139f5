"""`evidence.json`: every claim at every level as plain rows a machine can read."""

import json

from anello.model.disclosure import band
from anello.model.evidence import Evidence

from .numbers import known
from .reading import Pair, Reading
from .sentences import both


def digits(value: float | None) -> float | None:
    """Return a number rounded to 12 significant digits, so that two machines write it alike.

    >>> digits(0.1 + 0.2), digits(float("nan"))
    (0.3, None)
    """
    exact = known(value)
    return None if exact is None else float(f"{exact:.12g}")


def counted(e: Evidence) -> tuple[int, str | None]:
    """Return (n, band): exact and None for figures of units, the band and its floor for people.

    >>> from anello.model.evidence import BETWEEN, Claim, Level
    >>> counted(Evidence(Claim("a", "b"), Level.BETWEEN, BETWEEN, "ols", n=123, persons=True))
    (100, '100-149')
    """
    if not e.persons:
        return e.n, None
    low, high = band(e.n)
    return low, f"{low}-{high}"


def row(reading: Reading, pair: Pair, e: Evidence) -> dict[str, object]:
    """Return one claim at one level; numbers are never turned, `sentence` says which way counts."""
    n, n_band = counted(e)
    needs = e.needs
    return {
        "claim": {"source": e.claim.source, "target": e.claim.target, "lag": e.claim.lag},
        "level": e.level.value,
        "estimate": digits(e.estimate),
        "standardised": digits(e.standardised),
        "low": digits(e.low),
        "high": digits(e.high),
        "units": e.units,
        "waves": e.waves,
        "n": n,
        "n_band": n_band,
        "design": e.design.key,
        "method": e.method,
        "grade": e.grade,
        "verdict": e.verdict.value,
        "worth_acting_on": digits(e.worth),
        "sentence": both(reading, e, pair.link),
        "checks": [
            {"name": c.name, "status": c.status, "detail": reading.check(c)} for c in e.checks
        ],
        "needs": needs
        and {"units": needs.units, "waves": needs.waves, "reason": reading.told(needs.reason)},
    }


def evidence_json(reading: Reading) -> bytes:
    """Return the rows as JSON with sorted keys; NaN does not exist in it."""
    rows = [row(reading, pair, e) for pair in reading.pairs for e in pair.rows]
    text = json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode()
