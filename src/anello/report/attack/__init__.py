"""Released folders before the attacker, and what it found in words."""

from .figures import READ, Read, figures
from .staff_file import staff
from .words import as_json, lines

__all__ = ["READ", "Read", "as_json", "figures", "lines", "staff"]
