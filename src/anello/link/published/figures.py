"""How numbers stand in sentences about published effects."""

MINUS = "−"


def number(value: float, language: str, decimals: int = 2) -> str:
    """Write a number with its decimals, a true minus and, in Italian, a comma.

    >>> number(-0.245, "it", 2), number(-0.001, "en")
    ('−0,24', '0.00')
    """
    rounded = round(value, decimals) or 0.0
    text = f"{abs(rounded):,.{decimals}f}"
    if language == "it":
        text = text.translate(str.maketrans(",.", ".,"))
    return MINUS + text if rounded < 0 else text


def idle(value: float, language: str) -> str:
    """Write a published number as it was printed: no more decimals than it has.

    >>> idle(13.75, "it"), idle(10.0, "en"), idle(332000.0, "en"), idle(0.3846, "en")
    ('13,75', '10', '332,000', '0.38')
    """
    decimals = next(d for d in range(4) if d == 3 or abs(round(value, d) - value) < 1e-9)
    return number(value, language, 2 if decimals == 3 and abs(value) > 0.2 else decimals)
