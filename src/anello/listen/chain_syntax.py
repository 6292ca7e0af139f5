"""What is wrong with a file that cannot be opened, or a text that is not YAML, said plainly."""

from pathlib import Path

import yaml

from ..model.errors import ChainFileError

LARGEST = 256 << 10
"""Bytes of a chain file: some thousand measures. Reading YAML costs a thousand times its size."""


def said_plainly(error: yaml.YAMLError, text: str) -> tuple[ChainFileError, int]:
    """Return the fault and its line; where something stays open, the line that opened it."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable(error, text)
    problem = getattr(error, "problem", None) or ""
    context = getattr(error, "context", None) or ""
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None) or mark
    line, column = (line_of(mark, text), mark.column + 1) if mark else (1, 1)
    began = line_of(opened, text) if opened else line
    if "\\t" in problem or (mark and _starts_with_tab(text, line - 1)):
        return ChainFileError("a tab stands here; indent with spaces."), line
    if "quoted scalar" in context and "end of" in problem:
        return ChainFileError("the quotation mark opened here is not closed."), began
    if "flow sequence" in context or "flow mapping" in context:
        return ChainFileError(
            "the bracket opened here is not closed, or a comma is missing in it."
        ), began
    if "mapping values are not allowed" in problem:
        return ChainFileError(
            "a second `: ` stands in this line (column {column}); "
            "put the text in quotation marks, or indent this line like its neighbours.",
            column=column,
        ), line
    if "could not find expected ':'" in problem:
        return ChainFileError("a key has no `:` after it; write `key: value`."), began
    if "block" in problem or "block" in context:
        return ChainFileError(
            "the line does not fit its neighbours; indent keys of one list by the same spaces."
        ), line
    if "cannot start any token" in problem or "alias" in context or "anchor" in context:
        return ChainFileError(
            "a value cannot begin with this character (column {column}); "
            "put the text in quotation marks.",
            column=column,
        ), line
    if "single document" in context:
        return ChainFileError("a second document begins with ---; remove that line."), line
    return ChainFileError(
        "this is not YAML (column {column}); look at indentation, colons, quotation marks.",
        column=column,
    ), line


def line_of(mark: yaml.Mark, text: str) -> int:
    """Return the line of a mark as an editor counts it; YAML breaks lines at rarer characters."""
    return text.count("\n", 0, mark.index) + 1


def _unreadable(error: yaml.reader.ReaderError, text: str) -> tuple[ChainFileError, int]:
    line = text.count("\n", 0, error.position) + 1
    return ChainFileError(
        "a character that cannot be printed stands here (U+{code}); remove it.",
        code=f"{ord(text[error.position]):04X}",
    ), line


def _starts_with_tab(text: str, line: int) -> bool:
    lines = text.split("\n")
    return line < len(lines) and "\t" in lines[line][: -len(lines[line].lstrip()) or None]


def bytes_of(path: Path) -> bytes:
    """Return what the file holds; a folder or a missing file is answered with what is there."""
    if path.is_dir():
        near = sorted(p.name for p in path.glob("*.y*ml"))
        raise ChainFileError(
            "{file} is a folder; name the chain file itself (in it: {found}).",
            file=path,
            found=", ".join(near) or "-",
        )
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
    except FileNotFoundError:
        near = sorted(p.name for p in path.parent.glob("*.y*ml"))
        raise ChainFileError(
            "there is no file {file} (in its folder: {found}); `anello init` writes one.",
            file=path,
            found=", ".join(near) or "-",
        ) from None
    except OSError as error:
        raise ChainFileError(
            "{file} cannot be read: {reason}.", file=path, reason=error.strerror or error
        ) from None
    if len(found) > LARGEST:
        raise ChainFileError(
            "{file} has more than {limit} KB, which no chain needs; is it the data? `anello init` "
            "writes a chain file from data.",
            file=path,
            limit=LARGEST >> 10,
        )
    return found
