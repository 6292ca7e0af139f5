"""A release as a folder: written whole or not at all, verified when it is read."""

import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anello.model.chain import Grain, Measure
from anello.model.errors import OutputError, unwritten
from anello.model.findings import Findings, Released
from anello.model.words import LANGUAGES, Words

KEYS = {"files", "title", "labels", "units", "fingerprint", "gate", "tried"}


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
        "ledger": list(found.ledger),
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
        "scales": {m.key: _scale(m) for m in chain.measures if m.grain is Grain.PERSON},
        "units": {code: chain.units.label.many.get(code) for code in LANGUAGES},
        "files": {name: _sha256(data) for name, data in sorted(files.items())},
    }
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _scale(measure: Measure) -> dict[str, Any]:
    """Return what one person's score can be, so that anybody can attack the release."""
    fewest = measure.min_items or (len(measure.items) + 1) // 2
    return {
        "scoring": measure.scoring,
        "low": measure.low,
        "high": measure.high,
        "items": len(measure.items),
        "min_items": fewest,
        "weighted": measure.weight is not None,
    }


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def refuse(target: Path) -> None:
    """Raise `OutputError` when a release could not be written as `target`, before any work is done.

    A folder that exists is refused, even an empty one: a release never changes.
    """
    try:
        there = target.exists() or target.is_symlink()
        parent = next(p for p in target.absolute().parents if p.exists())
    except OSError as error:
        raise _unwritable(target, error) from error
    if there:
        raise OutputError(
            "{folder} exists already and a release never changes; name another folder.",
            folder=target,
        )
    if not (parent.is_dir() and os.access(parent, os.W_OK)):
        raise OutputError(
            "{folder} cannot be written: {reason}.", folder=target, reason=_closed(parent)
        )


def _closed(parent: Path) -> Words:
    return Words(f"you may not write in {parent}", f"in {parent} non avete il permesso di scrivere")


def _unwritable(target: Path, error: OSError) -> OutputError:
    return OutputError(
        "{folder} cannot be written: {reason}.", folder=target, reason=unwritten(error)
    )


def publish(files: dict[str, bytes], target: Path) -> None:
    """Write all files as the new folder `target`; a failure leaves nothing behind.

    Raises `OutputError` when the folder exists or cannot be written: a release never changes.
    """
    refuse(target)
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
        raise _unwritable(target, error) from error
    finally:
        if part is not None and part.exists():
            shutil.rmtree(part)


def read(path: Path) -> Folder:
    """Read a release and verify every file against the manifest.

    Raises `OutputError` when the folder is not a release, when a file was changed or lost, or when
    one stands there that the manifest does not name. Who edits a file *and* the manifest is not
    found: that takes a signature kept elsewhere.
    """
    content, evidence = _manifest(path), path / "evidence.json"
    for name, expected in content["files"].items():
        _verify(path, name, expected)
    known = {*content["files"], "manifest.json"}
    for found in path.rglob("*"):
        name = found.relative_to(path).as_posix()
        if not found.is_dir() and name not in known:
            raise OutputError(
                "{folder} was changed after its release: {file} is not what the manifest says; "
                "run the chain again.",
                folder=path,
                file=name,
            )
    return Folder(path, content, json.loads(evidence.read_bytes()))


def _manifest(path: Path) -> dict[str, Any]:
    """Return the manifest when it has the form of one."""
    try:
        content = json.loads((path / "manifest.json").read_bytes())
        plain = all(
            ".." not in Path(n).parts and not Path(n).is_absolute() for n in content["files"]
        )
        whole = plain and "evidence.json" in content["files"] and set(content) >= KEYS
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        raise OutputError(
            "{folder} is not a release: it has no readable manifest.json.", folder=path
        )
    return dict(content)


def _verify(path: Path, name: str, expected: str) -> None:
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


def same(target: Path, fingerprint: str) -> Folder:
    """Return a release that is there; raises `OutputError` for another one, or one not whole."""
    try:
        found = read(target)
    except OutputError as error:
        raise OutputError(
            "{folder} was released before and is no longer whole; move it away and run again.",
            folder=target,
        ) from error
    if found.manifest["fingerprint"] != fingerprint:
        raise OutputError(
            "{folder} holds another release; move it away and run again.", folder=target
        )
    return found


def log(target: Path, seconds: float) -> None:
    """Write time and machine to a log beside the release, where that can be."""
    entry = {
        "release": target.name,
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": round(seconds, 2),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    with (
        suppress(OSError),
        target.with_name(f"{target.name}.log").open("a", encoding="utf-8") as file,
    ):
        file.write(json.dumps(entry) + "\n")
