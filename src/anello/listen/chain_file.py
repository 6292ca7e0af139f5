"""The chain file: one readable YAML in, one checked chain out, faults said with their line."""

from pathlib import Path

from pydantic import ValidationError

from ..model.chain import Chain
from ..model.errors import ChainFileError
from . import chain_warnings
from .chain_build import build
from .chain_faults import first_fault
from .chain_lines import ChainLineError, Document, load, parse
from .chain_schema import ChainKeys


def read(path: Path) -> Chain:
    """Return the chain that the file at `path` describes.

    Sources are not opened: a column that does not exist is found when rows are read. Paths of
    sources stay as written, relative to the file's folder. Raises `ChainFileError`, one sentence
    with file and line, for the fault that stands highest in the file.
    """
    return read_with_warnings(path)[0]


def read_with_warnings(path: Path) -> tuple[Chain, tuple[ChainLineError, ...]]:
    """Return the chain, and what is allowed in its file but probably not meant."""
    document = load(path)
    chain = _chain(document)
    return chain, tuple(map(document.located, chain_warnings.of(document.data, chain)))


def located(fault: ChainFileError, path: Path) -> ChainLineError:
    """Return a fault that was found later, by whoever scores or links, with its file and line."""
    return fault if isinstance(fault, ChainLineError) else load(path).located(fault)


def read_text(text: str, name: str = "chain.yaml") -> Chain:
    """Return the chain that a text describes; `name` stands for the file in faults.

    >>> chain = read_text('''
    ... anello: 1
    ... key: shops
    ... units: {column: shop}
    ... waves: {column: month}
    ... sources: {till: {path: till.csv}}
    ... constructs: {climate: {side: employee}, sales: {side: money}}
    ... measures: {climate: {column: climate_1to5}, sales: {column: euro}}
    ... links: ['sales ~ lag(climate, 1)']
    ... ''')
    >>> chain.links[0].formula, chain.measure("sales").scoring
    ('sales ~ lag(climate, 1)', 'given')
    """
    return _chain(parse(text, name))


def _chain(document: Document) -> Chain:
    try:
        return build(ChainKeys.model_validate(document.data))
    except ValidationError as error:
        raise first_fault(error, document) from None
    except ChainLineError:
        raise
    except ChainFileError as error:
        raise document.located(error) from None
