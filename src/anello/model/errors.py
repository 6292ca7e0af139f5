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


def unwritten(error: OSError) -> Words | str:
    """Return why something could not be written; rare reasons are told as the system tells them.

    >>> unwritten(PermissionError(errno.EACCES, "Permission denied")).get("en")
    'you may not write there'
    """
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


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
        return say(self.sentence, language, **self.values)

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
