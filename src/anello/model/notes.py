"""What was noted while reading: a sentence that counts, in both languages, exactly or roughly."""

from .disclosure import band
from .words import say, say_n


class Rough(int):
    """A count of people that is told only by its band; the number itself is the band's lowest.

    >>> print(Rough(14), int(Rough(14)))
    10-19 10
    """

    def __new__(cls, n: int) -> "Rough":
        """Forget everything but the band."""
        return super().__new__(cls, band(n)[0])

    def __str__(self) -> str:
        """Return the band as it is read."""
        low, high = band(int(self))
        return f"{low}-{high}"

    def __format__(self, spec: str) -> str:
        """Return the band as it is read, whatever the format."""
        return str(self)


class Note(str):
    """What was dropped or changed while reading: a string in English that knows its Italian.

    >>> note = Note("{n} row without a unit was left out.", n=1)
    >>> note == note.text("en") == "1 row without a unit was left out."
    True
    """

    __slots__ = ("many", "sentence", "values")

    sentence: str
    many: str
    values: dict[str, object]

    def __new__(cls, sentence: str, many: str = "", /, **values: object) -> "Note":
        """Keep the sentence (and its plural, which counts `n`) beside the finished English."""
        note = super().__new__(cls, _said(sentence, many, "en", values))
        note.sentence, note.many, note.values = sentence, many, values
        return note

    def text(self, language: str = "en") -> str:
        """Return the note in `language`."""
        return _said(self.sentence, self.many, language, self.values)

    def rough(self) -> "Note":
        """Return the note with every count in it told by its band.

        >>> Note("{n} row was left out.", "{n} rows were left out.", n=14).rough()
        '10-19 rows were left out.'
        """
        counts = {k: Rough(v) for k, v in self.values.items() if isinstance(v, int)}
        return Note(self.sentence, self.many, **{**self.values, **counts})


def _said(sentence: str, many: str, language: str, values: dict[str, object]) -> str:
    if not many:
        return say(sentence, language, **values)
    rest = {name: value for name, value in values.items() if name != "n"}
    n = values["n"]
    return say_n(sentence, many, n if isinstance(n, int) else int(str(n)), language, **rest)
