"""Released evidence -> sentence, table, picture, page and board sheet, in two languages."""

from .contents import compose
from .verdicts import terminal_rows

__all__ = ["compose", "terminal_rows"]
