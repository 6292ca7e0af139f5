"""What is asked of one parameter before a star: a value, a start, a label, or all of them."""

from dataclasses import dataclass
from math import nan

from .words import Word, refuse

STRANGE = "{word!r} cannot stand here."


@dataclass(slots=True)
class Modifier:
    """What is asked of one parameter, by group: a single value serves every group.

    `fixed` holds values (NaN frees what would be fixed), `start` where to begin, `label` names
    that make parameters equal, `equal` the name of the parameter it shall equal.
    """

    fixed: tuple[float, ...] = ()
    start: tuple[float, ...] = ()
    label: tuple[str, ...] = ()
    equal: str = ""

    def merge(self, other: "Modifier") -> None:
        """Take over what the other one asks."""
        self.fixed = other.fixed or self.fixed
        self.start = other.start or self.start
        self.label = other.label or self.label
        self.equal = other.equal or self.equal


def modifier(text: str, said: list[Word], star: Word) -> Modifier:
    """Read what stands before a star (or a question mark, which gives starting values)."""
    if not said:
        refuse(text, star.start, "A number or a label is missing before this sign.")
    function = said[0].text if len(said) > 1 and said[1].text == "(" else ""
    inner = said[2:-1] if function else said
    if function not in ("", "c", "start", "label", "equal", "fixed"):
        refuse(text, said[0].start, "The modifier {word!r} is not known.", word=function)
    if function in ("start", "label", "equal") and len(inner) > 1 and inner[0].text == "c":
        inner = inner[2:-1]
    values = _values(text, inner, said[0])
    if function == "equal":
        return Modifier(equal="".join(w.text for w in inner).strip("\"'"))
    if function == "label":
        return Modifier(label=tuple(str(v) for v in values))
    numbers = tuple(v for v in values if isinstance(v, float))
    if len(numbers) == len(values):
        starts = function == "start" or star.text == "?"
        return Modifier(start=numbers) if starts else Modifier(fixed=numbers)
    return Modifier(label=tuple(v if isinstance(v, str) else "" for v in values))


def _values(text: str, said: list[Word], first: Word) -> list[float | str]:
    """Return numbers (NA is NaN) and names, parted by commas."""
    found: list[float | str] = []
    sign, wanted = 1.0, True
    for word in said:
        if word.text == "-" and wanted:
            sign = -sign
        elif word.text == "," and not wanted:
            wanted = True
        elif wanted and word.kind in ("number", "name", "quoted"):
            found.append(_value(word, sign))
            sign, wanted = 1.0, False
        else:
            refuse(text, word.start, STRANGE, word=word.text)
    if wanted:
        refuse(text, first.start, "A value is missing here.")
    return found


def _value(word: Word, sign: float) -> float | str:
    if word.kind == "number":
        return sign * float(word.text)
    if word.text in ("NA", "NaN"):
        return nan
    return word.text.strip("\"'")
