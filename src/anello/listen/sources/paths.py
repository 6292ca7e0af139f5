"""From the path of a source to its files: one file, a folder of them, or a glob."""

import glob
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from anello.model.errors import SourceError

CHUNK = 1 << 20
TABLES = (
    *(".csv", ".tsv", ".tab", ".txt", ".dat", ".xlsx", ".xlsm"),
    *(".parquet", ".pq", ".sav", ".zsav"),
)
"""How the names of tables end: only such files are read outside the folder of the chain file."""


def files(path: str, folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """Return the files behind `path`, sorted; raises `SourceError` when there is none.

    `path` is taken from the folder of the chain file. A folder gives its files with one of
    `endings`; hidden files and the lock files of open spreadsheets are passed over. Outside that
    folder, also behind a link, only a file whose own name ends as a table's is read: a chain file
    that somebody sent shows no other file of the machine, not even in a message.
    """
    found = _found(path, folder, endings)
    for file in found:
        real = file.resolve()
        inside = real.is_relative_to(folder.resolve())
        if not inside and not real.name.lower().endswith(TABLES):
            raise SourceError(
                "{path} leads out of the folder of the chain file to something that is no table "
                "by its name. Copy the table into the folder.",
                path=path,
            )
    return found


def _found(path: str, folder: Path, endings: tuple[str, ...]) -> list[Path]:
    whole = folder / path
    if whole.is_file():
        return [whole]
    if whole.is_dir():
        found = [f for f in whole.iterdir() if f.is_file() and f.name.lower().endswith(endings)]
    else:
        found = [Path(f) for f in glob.glob(str(whole), recursive=True) if Path(f).is_file()]
    found = sorted(f for f in found if not f.name.startswith((".", "~$")))
    if found:
        return found
    if whole.is_dir():
        raise SourceError(
            "the folder {path} holds no file that ends in {endings}. "
            "Put one there or correct `path`.",
            path=path,
            endings=", ".join(endings),
        )
    raise SourceError(
        "{path} does not exist. Correct `path`; it counts from the folder of the chain file.",
        path=path,
    )


def digests(files: list[Path]) -> dict[Path, str]:
    """Return the sha256 of the bytes of each file."""
    found = {}
    for path in files:
        one = sha256()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                one.update(chunk)
        found[path] = one.hexdigest()
    return found


def fingerprint(digests: Mapping[Path, str]) -> str:
    """Return the sha256 over the names and bytes of files, whatever their order."""
    whole = sha256()
    for path in sorted(digests, key=lambda f: f.name):
        whole.update(f"{path.name}\0{digests[path]}\n".encode())
    return whole.hexdigest()
