"""Numbers as people write them: 0.24 and 0,24, a true minus, [low, high] in the reader's way."""

from math import ceil, floor, isfinite, log10

from babel.numbers import format_decimal

MINUS = "−"


def known(value: float | None) -> float | None:
    """Return a finite number, or None for nothing, NaN and infinity."""
    return None if value is None or not isfinite(value) else value


def fixed(value: float, decimals: int, language: str, *, sign: bool = False) -> str:
    """Write a number with so many decimals; `sign` puts a plus before what is above zero.

    What rounds to zero has no sign: a "−0.00" would claim a direction that cannot be seen.

    >>> fixed(-1234.5, 1, "it"), fixed(0.031, 2, "en", sign=True), fixed(-0.001, 2, "en")
    ('−1.234,5', '+0.03', '0.00')
    """
    rounded = round(value, decimals) or 0.0
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    text = format_decimal(abs(rounded), format=pattern, locale=language)
    before = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return before + text


def short(value: float, language: str) -> str:
    """Write a quantity somebody declared with at most three significant digits, no idle zeros.

    >>> short(0.2, "it"), short(0.012345, "en"), short(1500.0, "en"), short(-3.0, "en")
    ('0,2', '0.0123', '1,500', '−3')
    """
    decimals = max(0, 2 - floor(log10(abs(value)))) if value else 0
    decimals = min(decimals, 9)
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return fixed(value, len(text.partition(".")[2]), language)


def whole(value: int, language: str) -> str:
    """Write a count with its thousands marked.

    >>> whole(1073, "en"), whole(1073, "it")
    ('1,073', '1.073')
    """
    return fixed(value, 0, language)


def decimals_for(low: float | None, high: float | None, estimate: float) -> int:
    """Return the decimals that tell an interval's width in at least four of its last digit.

    Without an interval, those that show two digits of the estimate.

    >>> decimals_for(0.10, 0.38, 0.24), decimals_for(0.1, 0.5, 0.3), decimals_for(-40.0, 25.0, -8)
    (2, 1, 0)
    >>> decimals_for(None, None, 0.042)
    3
    """
    both = known(low) is not None and known(high) is not None
    size = abs((high or 0.0) - (low or 0.0)) if both else abs(estimate)
    enough = 4 if both else 10
    return min(max(ceil(log10(enough / size) - 1e-9), 0), 8) if size else 2


def limits(low: str, high: str, language: str) -> str:
    """Write an interval of two written numbers.

    >>> limits("0.10", "0.38", "en"), limits("0,10", "0,38", "it")
    ('[0.10, 0.38]', '[0,10; 0,38]')
    """
    return f"[{low}; {high}]" if language == "it" else f"[{low}, {high}]"


def ranged(first: str, last: str) -> str:
    """Write a range with an en dash: 2012–2019; one value stays one.

    >>> ranged("2012", "2019"), ranged("2022", "2022")
    ('2012–2019', '2022')
    """
    return first if first == last else f"{first}–{last}"
