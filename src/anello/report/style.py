"""The style sheets of the package, inlined wherever something is drawn."""

from importlib.resources import files

from markupsafe import Markup


def stylesheet(*names: str) -> Markup:
    """Return the style sheets of the package as one text."""
    static = files("anello.report") / "static"
    return Markup("".join((static / name).read_text(encoding="utf-8") for name in names))
