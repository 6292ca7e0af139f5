"""Every error Anello raises on purpose, drawn once.

AnelloError                exit code 2: one sentence, what, where, what to do
 |- ChainFileError         the chain file cannot be read or contradicts itself
 |   '- ChainLineError      the same with file and line; made in `listen.chain_lines`
 |- SourceError            a source of answers or metrics cannot be read
 |- FormulaError           a model formula cannot be read
 |- ModelError             a model cannot be fitted to these data
 |- OutputError            a folder or file cannot be written
 |- MissingExtraError      an optional package is needed
 '- RefusedError           exit code 3: the promise does not allow it
"""

import errno
import re
from collections.abc import Mapping

from .words import Words, say

CLOSED = Words("you may not write there", "lì non avete il permesso di scrivere")
REASONS = {
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
    errno.EROFS: Words("nothing can be written on that disk", "su quel disco non si può scrivere"),
    errno.ENOSPC: Words("the disk is full", "il disco è pieno"),
    errno.ENOENT: Words("there is no such folder", "la cartella non esiste"),
    errno.ENOTDIR: Words(
        "a file is in the way of a folder", "c'è un file al posto di una cartella"
    ),
}

HIDDEN = Words("you may not read it", "non avete il permesso di leggerlo")
UNREAD = {
    errno.EACCES: HIDDEN,
    errno.EPERM: HIDDEN,
    errno.ENOENT: Words("there is no such file", "il file non esiste"),
    errno.EISDIR: Words("it is a folder", "è una cartella"),
    errno.ENOTDIR: REASONS[errno.ENOTDIR],
}


def unwritten(error: OSError) -> Words | str:
    """Return why something could not be written; rare reasons are told as the system tells them.

    >>> unwritten(PermissionError(errno.EACCES, "Permission denied")).get("en")
    'you may not write there'
    """
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def unread(error: Exception) -> Words | str:
    """Return why a file could not be read; rare reasons are told as the system tells them.

    >>> unread(FileNotFoundError(errno.ENOENT, "No such file or directory")).get("en")
    'there is no such file'
    """
    number = error.errno if isinstance(error, OSError) else None
    return UNREAD.get(number or 0) or getattr(error, "strerror", None) or str(error)


LONGEST = 1000
"""A value that is longer is cut: a name from a hostile file may have a million signs."""
MOVING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs that move a cursor, end a line or turn its direction."""


class Shown(str):
    """A text as a sentence shows it: on one line, its moving signs as escapes, and cut.

    >>> "{a} {a!r}".format(a=Shown("x\\ny"))
    "x\\\\ny 'x\\\\ny'"
    """

    __slots__ = ()

    def __format__(self, form: str) -> str:
        told = self if len(self) <= LONGEST else f"{self[:LONGEST]} ..."
        return format(MOVING.sub(lambda sign: repr(sign[0])[1:-1], str(told)), form)

    def __repr__(self) -> str:
        return repr(str(self)) if len(self) <= LONGEST else f"{str(self[:LONGEST])!r} ..."


def shown(values: Mapping[str, object]) -> dict[str, object]:
    """Return values of a sentence of which none can break the line or the screen.

    `caret` alone has lines of its own: a formula, and a mark below the sign at fault.
    """
    kept = (int, float, Words)
    told: dict[str, object] = {
        k: v if isinstance(v, kept) else Shown(str(v)[: LONGEST + 1]) for k, v in values.items()
    }
    if "caret" in values:
        told["caret"] = "\n".join(f"{Shown(line)}" for line in str(values["caret"]).split("\n"))
    return told


class AnelloError(Exception):
    """One clear sentence, in both languages: what is wrong, where, and what to do.

    The English sentence is the message and the key of its Italian.

    >>> str(AnelloError("{file} is empty.", file="a.csv"))
    'a.csv is empty.'
    """

    exit_code = 2

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text)
        self.sentence = text
        self.values = values

    def text(self, language: str = "en") -> str:
        """Return the sentence in `language`."""
        return say(self.sentence, language, **shown(self.values))

    def __str__(self) -> str:
        return self.text()


class ChainFileError(AnelloError):
    """The chain file cannot be read or contradicts itself.

    `path` is the place in the chain, such as `("links", 2, "formula")`; whoever read a file turns
    it into a line.
    """

    def __init__(self, text: str, /, *, path: tuple[str | int, ...] = (), **values: object) -> None:
        super().__init__(text, **values)
        self.path = path


class SourceError(AnelloError):
    """A source of answers or metrics cannot be read."""


class FormulaError(AnelloError):
    """A model formula cannot be read."""


class ModelError(AnelloError):
    """A model cannot be fitted to these data."""


class OutputError(AnelloError):
    """A folder or file cannot be written."""


class MissingExtraError(AnelloError):
    """An optional package is needed."""


class RefusedError(AnelloError):
    """The promise to the people who answered does not allow it."""

    exit_code = 3


class AuditError(RefusedError):
    """These figures would tell too much of somebody; others of the same answers may still leave."""
