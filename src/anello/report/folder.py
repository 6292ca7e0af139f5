"""A release as a folder: written whole or not at all, verified when it is read."""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anello.model.errors import OutputError
from anello.model.findings import Findings, Released
from anello.model.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Folder:
    """A release that lies on disk: its manifest and its evidence, as written."""

    path: Path
    manifest: dict[str, Any]
    evidence: list[dict[str, Any]]


def manifest(released: Released[Findings], files: dict[str, bytes]) -> bytes:
    """Return `manifest.json`: what was read, under which gate, and the hash of every file.

    Nothing in it tells when or where it was made: the same chain, data and version give the same
    bytes.
    """
    found = released.value
    chain = found.chain
    content = {
        "anello": found.version,
        "chain": chain.key,
        "title": {code: chain.title.get(code) for code in LANGUAGES},
        "fingerprint": found.fingerprint,
        "gate": released.gate,
        "k": chain.disclosure.k,
        "seed": chain.seed,
        "tried": found.tried,
        "withheld": found.withheld,
        "sources": [
            {
                "key": s.key,
                "kind": s.kind,
                "rows": s.rows,
                "sha256": s.fingerprint,
                "notes": list(s.notes),
            }
            for s in found.sources
        ],
        "labels": {m.key: {code: m.label.get(code) for code in LANGUAGES} for m in chain.measures},
        "units": {code: chain.units.label.many.get(code) for code in LANGUAGES},
        "files": {name: _sha256(data) for name, data in sorted(files.items())},
    }
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def publish(files: dict[str, bytes], target: Path) -> None:
    """Write all files as the new folder `target`; a failure leaves nothing behind.

    Raises `OutputError` when the folder exists or cannot be written: a release never changes.
    """
    if target.exists():
        raise OutputError(
            "{folder} exists already and a release never changes; name another folder.",
            folder=target,
        )
    part: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        part.chmod(0o755)
        for name, data in files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        os.rename(part, target)
    except OSError as error:
        raise OutputError(
            "{folder} cannot be written: {reason}.", folder=target, reason=error.strerror
        ) from error
    finally:
        if part is not None and part.exists():
            shutil.rmtree(part)


def read(path: Path) -> Folder:
    """Read a release and verify every file against the manifest.

    Raises `OutputError` when the folder is not a release or a file was changed or lost.
    """
    try:
        content = json.loads((path / "manifest.json").read_bytes())
        files = content["files"]
    except (OSError, ValueError, KeyError, TypeError):
        raise OutputError(
            "{folder} is not a release: it has no readable manifest.json.", folder=path
        ) from None
    for name, expected in files.items():
        try:
            actual = _sha256((path / name).read_bytes())
        except OSError:
            raise OutputError(
                "{folder} is not whole: {file} is missing; run the chain again.",
                folder=path,
                file=name,
            ) from None
        if actual != expected:
            raise OutputError(
                "{folder} was changed after its release: {file} is not what the manifest says; "
                "run the chain again.",
                folder=path,
                file=name,
            )
    return Folder(path, content, json.loads((path / "evidence.json").read_bytes()))
