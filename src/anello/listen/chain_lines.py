"""The text of a chain file as plain values, with the line of every one of them.

Only text, numbers, `true`, `false`, lists and mappings are read: `no` and `on` stay words, dates
stay text, `007` keeps its zeros. Keys that stand twice, references and tags are refused.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..model.errors import ChainFileError, shown
from ..model.words import say
from .chain_syntax import bytes_of, said_plainly

Place = tuple[str | int, ...]


class ChainLineError(ChainFileError):
    """A fault of a chain file, with the file and the line where it stands."""

    def __init__(self, fault: ChainFileError, file: str, line: int) -> None:
        super().__init__(
            "{file}, line {line}: {fault}", path=fault.path, file=file, line=line, fault=fault
        )
        self.fault = fault
        self.line = line

    def text(self, language: str = "en") -> str:
        """Return place and fault in `language`."""
        fault = self.fault.text(language)
        return say(self.sentence, language, **shown(self.values) | {"fault": fault})


class WrittenInt(int):
    """A whole number that remembers how it was written."""

    written: str


class WrittenFloat(float):
    """A number that remembers how it was written."""

    written: str


@dataclass(frozen=True)
class Document:
    """What a chain file says, and the line on which each value starts (of a key: its own line)."""

    file: str
    data: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Return the line of `place`, or of the nearest place above it that was written.

        >>> Document("a.yaml", {}, {(): 1, ("units",): 4}).line(("units", "column"))
        4
        """
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def located(self, fault: ChainFileError) -> ChainLineError:
        """Return the fault with this file and the line of its path."""
        return ChainLineError(fault, self.file, self.line(fault.path))


class _Loader(yaml.SafeLoader):
    """Composes nodes with the few plain types of a chain file (close to the YAML 1.2 core)."""


_PLAIN = {
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "int": (r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    "float": (
        r"[-+]?((0|[1-9][0-9]*)?\.[0-9]+|(0|[1-9][0-9]*)\.?)([eE][-+]?[0-9]+)?",
        "-+.0123456789",
    ),
}
_Loader.yaml_implicit_resolvers = {}
for _name, (_pattern, _starts) in _PLAIN.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_pattern})$"), list(_starts)
    )


def load(path: Path) -> Document:
    """Read a chain file as UTF-8 (with or without a byte order mark).

    Raises `ChainFileError` when there is no such file, and `ChainLineError` for a fault in it.
    """
    raw = bytes_of(path)
    try:
        return parse(raw.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        line = 1 if wide else raw.count(b"\n", 0, error.start) + 1
        fault = ChainFileError("the text is not UTF-8; save the file with the encoding UTF-8.")
        raise ChainLineError(fault, str(path), line) from None


def parse(text: str, file: str) -> Document:
    """Return the values of a YAML text and their lines.

    >>> found = parse("key: shops\\nunits: {column: 007}", "chain.yaml")
    >>> found.data, found.line(("units", "column"))
    ({'key': 'shops', 'units': {'column': '007'}}, 2)
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        fault, line = said_plainly(error, text)
        raise ChainLineError(fault, file, line) from None
    except RecursionError:
        fault = ChainFileError("lists are nested too deeply; a chain needs five levels at most.")
        raise ChainLineError(fault, file, 1) from None
    if node is None:
        raise ChainLineError(
            ChainFileError("the file is empty; `anello init` writes one from a data file."), file, 1
        )
    reader = _Reader(file, text)
    data = reader.value(node, ())
    return Document(file, data, reader.lines)


class _Reader:
    """Walks composed nodes once and notes the line of each."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._ends = [place for place, sign in enumerate(text) if sign == "\n"]
        self.lines: dict[Place, int] = {}
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, self._line(node))
        if id(node) in self._seen:
            raise self._fault(
                node, "a reference with * is not read; write the value out where it belongs."
            )
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode) and node.tag.endswith(":map"):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode) and node.tag.endswith(":seq"):
            return [self.value(child, (*place, i)) for i, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = self._key(key)
            line = self._line(key)
            if name in found:
                raise self._fault(
                    key,
                    "`{key}` stands twice, first on line {first}; keep one of the two.",
                    key=name,
                    first=self.lines[(*place, name)],
                )
            self.lines[(*place, name)] = line
            found[name] = self.value(value, (*place, name))
        return found

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._fault(
                node, "a key must be one word; write `key: value`, without brackets before the :."
            )
        return str(node.value)

    def _scalar(self, node: yaml.Node) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if not isinstance(node, yaml.ScalarNode) or kind not in {"str", *_PLAIN}:
            raise self._fault(
                node, "the tag {tag!r} is not read; write the plain value.", tag=node.tag
            )
        try:
            return _plain(kind, node.value)
        except ValueError:
            raise self._fault(
                node, "{value!r} is not a number that can be read.", value=node.value[:40]
            ) from None

    def _fault(self, node: yaml.Node, text: str, **values: Any) -> ChainLineError:
        return ChainLineError(ChainFileError(text, **values), self.file, self._line(node))

    def _line(self, node: yaml.Node) -> int:
        return bisect_left(self._ends, node.start_mark.index) + 1


def _plain(kind: str, written: str) -> Any:
    if kind == "bool":
        return written.lower() == "true"
    if kind == "null":
        return None
    if kind == "str":
        return written
    number = WrittenInt(written) if kind == "int" else WrittenFloat(written)
    number.written = written
    return number
