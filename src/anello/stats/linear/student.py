"""Student's t: tail and quantile, without the wait that importing a library for them costs."""

from math import erfc, exp, inf, isinf, isnan, lgamma, log, log1p, nan, pi, sqrt

NORMAL = 5e8
"""With more degrees of freedom the normal distribution is nearer to t than the series below."""


def two_sided(t: float, df: float) -> float:
    """Return P(|T| > |t|) for Student's t with `df` degrees of freedom (any positive number).

    This is I_x(df / 2, 1 / 2), the regularised incomplete beta function, at x = df / (df + t^2),
    from whichever side loses no digits.

    >>> round(two_sided(2.228139, 10), 6)
    0.05
    """
    square = t * t
    if isnan(square) or isnan(df):
        return nan
    if square == 0 or isinf(square):
        return float(square == 0)
    if df > NORMAL:
        return erfc(abs(t) / sqrt(2))
    x, y = df / (df + square), square / (df + square)
    if x == 0:
        return 1.0
    log_x = log(x) if x < 0.5 else log1p(-y)
    front = exp(_gamma_ratio(df / 2) - log(pi) / 2 + df / 2 * log_x + log(y) / 2)
    if x > (df + 2) / (df + 5):
        return 1 - front * 2 * _fraction(0.5, df / 2, y)
    return front * 2 / df * _fraction(df / 2, 0.5, x)


def quantile(p: float, df: float) -> float:
    """Return the t with P(T < t) = p, for p from 0.5 on; infinite where a double cannot hold it.

    >>> round(quantile(0.975, 10), 6)
    2.228139
    """
    if isnan(df):
        return nan
    df = min(df, NORMAL)
    wanted = 2 * (1 - p)
    low, high = 0.0, 2.0
    while two_sided(high, df) > wanted:
        low, high = high, 2 * high
        if high > 1e150:
            return inf
    t = (low + high) / 2
    while low < t < high:
        over = two_sided(t, df) - wanted
        step = over / (2 * _density(t, df))
        if abs(step) < 1e-15 * t:
            break
        low, high = (t, high) if over > 0 else (low, t)
        t = t + step if low < t + step < high else (low + high) / 2
    return t


def _density(t: float, df: float) -> float:
    front = exp(_gamma_ratio(df / 2) - log(pi * df) / 2)
    return front * exp(-(df + 1) / 2 * log1p(t * t / df))


def _gamma_ratio(a: float) -> float:
    """Return log(Gamma(a + 1/2) / Gamma(a)); the series is Abramowitz & Stegun's 6.1.47."""
    if a < 1e4:
        return lgamma(a + 0.5) - lgamma(a)
    return log(a) / 2 - 1 / (8 * a) + 1 / (192 * a**3)


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of I_x(a, b), Abramowitz & Stegun's 26.5.8, by Lentz."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    h = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / (1 + step * d or tiny)
            c = 1 + step / c or tiny
            h *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return h
