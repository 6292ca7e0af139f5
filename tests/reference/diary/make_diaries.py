"""Write the three small synthetic diaries that R and Anello are both given.

python tests/reference/diary/make_diaries.py
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def levels(rng):
    rows = ["id,day,x,z,y"]
    for i in range(40):
        usual, level = rng.normal(size=2)
        b, c = 0.4 + 0.3 * rng.normal(), -0.2 + 0.25 * rng.normal()
        for day in np.flatnonzero(rng.random(14) < 0.8):
            x, z = 5 + usual + rng.normal(), 2 + 0.5 * usual + rng.normal()
            y = 1 - 0.6 * usual + level + b * (x - 5 - usual) + c * z + rng.normal()
            rows.append(f"p{i:02d},{day + 1},{x:.3f},{z:.3f},{y:.3f}")
    return rows


def mediated(rng):
    rows = ["id,day,x,m,y"]
    root = np.linalg.cholesky([[0.09, 0.05], [0.05, 0.09]])
    for i in range(60):
        usual = rng.normal(size=3)
        a, b = np.array([0.5, 0.4]) + root @ rng.normal(size=2)
        c = 0.2 + 0.2 * rng.normal()
        for day in range(rng.integers(8, 16)):
            x = rng.normal()
            m = a * x + 0.7 * rng.normal()
            y = b * m + c * x + 1.2 * rng.normal()
            rows.append(
                f"p{i:02d},{day + 1},{5 + usual[0] + x:.3f},{3 + usual[1] + m:.3f},"
                f"{1 + usual[2] + y:.3f}"
            )
    return rows


def inert(rng):
    """Three prompts a day; `t` counts prompts, `clock` is not whole."""
    rows = ["id,day,prompt,t,clock,x,y"]
    for i in range(30):
        level, e, phi = rng.normal(), rng.normal(), 0.45
        clock = 0.0
        for t in range(36):
            e = e if t == 0 else phi * e + np.sqrt(1 - phi**2) * rng.normal()
            clock += rng.uniform(0.6, 1.4)
            x = rng.normal()
            if rng.random() < 0.8:
                y = 3 + 0.8 * level + 0.3 * x + e
                rows.append(f"p{i:02d},{t // 3 + 1},{t % 3 + 1},{t},{clock:.2f},{x:.3f},{y:.3f}")
    return rows


def main():
    rng = np.random.default_rng(7)
    for name, made in (("levels", levels), ("mediated", mediated), ("inert", inert)):
        (HERE / f"{name}.csv").write_text("\n".join(made(rng)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
