"""Models of who leads whom over time: the RI-CLPM, and the CLPM it is compared with.

The cross-lagged panel model (CLPM) mixes stable differences between units with change inside them:
units that are always better on both sides look like a loop. The random-intercept model (RI-CLPM;
Hamaker, Kuiper & Grasman, 2015) takes the stable differences out first.
"""

from collections.abc import Iterator

from anello.model.errors import ModelError


def riclpm(x: tuple[str, ...], y: tuple[str, ...], *, equal: bool = False) -> str:
    """Return the RI-CLPM of two measures as a model's text, to be fitted with kind `lavaan`.

    `x` and `y` name their columns wave by wave. `x_to_y2` is the lag from x at wave 1 to y at wave
    2; with `equal` all waves share `x_to_y`. Raises `ModelError` below three waves: two cannot
    separate stable differences from change.

    >>> print(riclpm(("x1", "x2", "x3"), ("y1", "y2", "y3")).splitlines()[0])
    stable_x =~ 1*x1 + 1*x2 + 1*x3
    """
    waves = _waves(x, y)
    if waves < 3:
        raise ModelError(
            "An RI-CLPM needs at least three waves and there are {waves}; with two only the CLPM "
            "can be fitted, which cannot separate stable differences.",
            waves=waves,
        )
    lines = [
        "stable_x =~ " + " + ".join(f"1*{name}" for name in x),
        "stable_y =~ " + " + ".join(f"1*{name}" for name in y),
        "stable_x ~~ stable_x + stable_y",
        "stable_y ~~ stable_y",
    ]
    for wave, (a, b) in enumerate(zip(x, y, strict=True), 1):
        lines += [f"within_x{wave} =~ 1*{a}", f"within_y{wave} =~ 1*{b}"]
    within_x = tuple(f"within_x{wave}" for wave in range(1, waves + 1))
    within_y = tuple(f"within_y{wave}" for wave in range(1, waves + 1))
    return "\n".join([*lines, *_lagged(within_x, within_y, equal), *_means(x, y)]) + "\n"


def clpm(x: tuple[str, ...], y: tuple[str, ...], *, equal: bool = False) -> str:
    """Return the CLPM of two measures as a model's text, to be fitted with kind `lavaan`.

    Its lags carry the stable differences between units: never read them as a direction.
    """
    if _waves(x, y) < 2:
        raise ModelError("A lag needs at least two waves.")
    return "\n".join([*_lagged(x, y, equal), *_means(x, y)]) + "\n"


def _waves(x: tuple[str, ...], y: tuple[str, ...]) -> int:
    if len(x) != len(y):
        raise ModelError(
            "Both measures need the same waves: one has {x}, the other {y}.", x=len(x), y=len(y)
        )
    return len(x)


def _lagged(x: tuple[str, ...], y: tuple[str, ...], equal: bool) -> Iterator[str]:
    """Return the lags, the variances and what goes together inside a wave."""
    for i in range(1, len(x)):
        wave = "" if equal else str(i + 1)
        yield f"{x[i]} ~ x_to_x{wave}*{x[i - 1]} + y_to_x{wave}*{y[i - 1]}"
        yield f"{y[i]} ~ x_to_y{wave}*{x[i - 1]} + y_to_y{wave}*{y[i - 1]}"
    for a, b in zip(x, y, strict=True):
        yield f"{a} ~~ {a} + {b}"
        yield f"{b} ~~ {b}"
    if equal:
        yield "difference := x_to_y - y_to_x"
    else:
        yield from (f"difference{i} := x_to_y{i} - y_to_x{i}" for i in range(2, len(x) + 1))


def _means(x: tuple[str, ...], y: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{name} ~ 1" for name in (*x, *y))


def dynamic_panel(
    x: tuple[str, ...], y: tuple[str, ...], *, equal: bool = True, both: bool = True
) -> str:
    """Return the dynamic panel model of two measures, to be fitted with kind `lavaan`.

    After Allison, Williams & Moral-Benito (2017, Socius 3): what is stable in a unit is a latent
    variable that moves every wave but the first and goes with the first values, which are left as
    they are; intercepts belong to waves. `x_to_y` is the effect on the next wave of y itself, not
    of its deviation from what is stable as in `riclpm`. With `both`, y may drive x as well, and the
    two directions are compared; without, x is predetermined only: it may go with all earlier
    shocks to y, whatever the reason. Takes three waves or more (with free lags four).

    >>> print(dynamic_panel(("x1", "x2", "x3"), ("y1", "y2", "y3")).splitlines()[1])
    stable_y =~ 1*y2 + 1*y3
    """
    waves = _waves(x, y)
    if waves < 3 or (waves < 4 and both and not equal):
        raise ModelError(
            "A dynamic panel model needs at least three waves, and four with free lags; there are "
            "{waves}.",
            waves=waves,
        )
    if not both:
        return "\n".join(_predetermined(x, y, equal)) + "\n"
    lines = [
        "stable_x =~ " + " + ".join(f"1*{name}" for name in x[1:]),
        "stable_y =~ " + " + ".join(f"1*{name}" for name in y[1:]),
        f"stable_x ~~ stable_x + stable_y + {x[0]} + {y[0]}",
        f"stable_y ~~ stable_y + {x[0]} + {y[0]}",
    ]
    return "\n".join([*lines, *_lagged(x, y, equal), *_means(x, y)]) + "\n"


def _predetermined(x: tuple[str, ...], y: tuple[str, ...], equal: bool) -> Iterator[str]:
    """Yield the model of y alone; x at wave t goes with the shocks to y before t."""
    first = (y[0], *x[:-1])
    yield "stable_y =~ " + " + ".join(f"1*{name}" for name in y[1:])
    yield "stable_y ~~ stable_y + " + " + ".join(first)
    for i, a in enumerate(first):
        yield f"{a} ~~ " + " + ".join(first[i:])
    for t in range(1, len(y)):
        wave = "" if equal else str(t + 1)
        yield f"{y[t]} ~ x_to_y{wave}*{x[t - 1]} + y_to_y{wave}*{y[t - 1]}"
        yield f"{y[t]} ~~ " + " + ".join((y[t], *x[t + 1 : -1]))
    yield from _means(x[:-1], y)
