"""Draw the picture of how a team is cut into groups, in both languages.

python docs/explanation/draw_atoms.py
"""

from pathlib import Path

HERE = Path(__file__).parent
WORDS = {
    "atoms.svg": (
        "The answers of a team of 15 are ordered, cut once into three groups of 5, "
        "and only the three sums leave",
        "15 people answered",
        "cut once, at the close",
        "only sums leave",
        "5 people, sum {}",
        "Every figure adds whole groups: team mean {}",
    ),
    "atoms.it.svg": (
        "Le risposte di una squadra di 15 persone si ordinano, si tagliano una volta in tre gruppi "
        "di 5, e solo le tre somme escono",
        "15 persone hanno risposto",
        "un solo taglio, alla chiusura",
        "escono solo le somme",
        "5 persone, somma {}",
        "Ogni cifra somma gruppi interi: media della squadra {}",
    ),
}
ANSWERS = ((4, 3, 5, 2, 4), (3, 3, 4, 2, 5), (5, 4, 3, 4, 2))
COLOURS = ("#0072b2", "#009e73", "#d55e00")
ORDER = (7, 0, 12, 3, 9, 14, 5, 1, 10, 6, 2, 13, 8, 4, 11)


def text(x: float, y: float, words: str, size: int = 15, anchor: str = "middle") -> str:
    """Return one line of text."""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="#222">'
        f"{words}</text>"
    )


def dot(x: float, y: float, colour: str, value: int | None) -> str:
    """Return a person, with the answer while it is still inside."""
    mark = "" if value is None else text(x, y + 5, str(value), 14).replace("#222", "#fff")
    return f'<circle cx="{x}" cy="{y}" r="14" fill="{colour}"/>{mark}'


def picture(words: tuple[str, ...], mean: str) -> str:
    """Return the drawing."""
    title, first, second, third, group, last = words
    parts = [text(120, 28, first), text(360, 28, second), text(610, 28, third)]
    flat = [(g, v) for g, row in enumerate(ANSWERS) for v in row]
    for place, person in enumerate(ORDER):
        colour, value = COLOURS[flat[person][0]], flat[person][1]
        parts.append(dot(50 + place % 5 * 35, 80 + place // 5 * 70, colour, value))
    for g, row in enumerate(ANSWERS):
        y = 80 + g * 70
        parts.append(
            f'<rect x="270" y="{y - 25}" width="180" height="50" rx="25" fill="none" '
            f'stroke="{COLOURS[g]}" stroke-width="2"/>'
        )
        parts += [dot(290 + i * 35, y, COLOURS[g], v) for i, v in enumerate(row)]
        parts.append(f'<path d="M460 {y}h40m-8 -6l8 6l-8 6" fill="none" stroke="#555"/>')
        parts.append(text(610, y + 5, group.format(sum(row))))
    parts.append('<path d="M215 150h40m-8 -6l8 6l-8 6" fill="none" stroke="#555"/>')
    parts.append(text(360, 295, last.format(mean)))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 320" role="img" '
        f'font-family="sans-serif"><title>{title}</title>'
        f'<rect width="720" height="320" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    """Write both pictures beside this file."""
    total = sum(v for row in ANSWERS for v in row)
    for name, words in WORDS.items():
        mean = f"{total / 15:.2f}"
        mean = mean.replace(".", ",") if ".it." in name else mean
        (HERE / name).write_text(picture(words, mean), "utf-8")


if __name__ == "__main__":
    main()
