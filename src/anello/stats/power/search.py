"""The smallest plan, or the smallest effect, whose chance is high enough."""

from collections.abc import Callable


def smallest_whole(
    chance: Callable[[int], float], target: float, fewest: int, most: int, guess: int | None = None
) -> int | None:
    """Return the smallest whole number whose chance reaches `target`; None above `most`.

    `chance` must not fall as the number grows; a simulated one falls by its noise at worst, and
    the answer is then off by as much. `guess` is where the search begins.

    >>> smallest_whole(lambda n: n / 100, 0.80, 2, 1000), smallest_whole(lambda n: 0.0, 0.8, 2, 64)
    (80, None)
    """
    low, high = fewest - 1, min(max(guess or fewest, fewest), most)
    step = max(1, high // 4)
    while chance(high) < target:
        if high >= most:
            return None
        low, high, step = high, min(high + step, most), 2 * step
    step = max(1, high // 8)
    while low < high - step and low < fewest:
        if chance(high - step) < target:
            low = high - step
        else:
            high, step = high - step, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= target else (middle, high)
    return high


def smallest_effect(
    chance: Callable[[float], float], target: float, most: float, digits: float = 1e-4
) -> float | None:
    """Return the smallest effect above 0 whose chance reaches `target`, to `digits` of `most`.

    None when even `most` does not reach it. `chance` must not fall as the effect grows.

    >>> round(smallest_effect(lambda d: d**2, 0.64, 1.0), 3)
    0.8
    """
    if chance(most) < target:
        return None
    low, high = 0.0, most
    while high - low > digits * most:
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= target else (middle, high)
    return high
