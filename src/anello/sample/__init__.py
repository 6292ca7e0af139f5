"""A pretend company whose truth we know: what the analysis must find, and what it must not."""

from .company import Company, Plan, live
from .truth import PLANTED, Planted
from .write import pretend

__all__ = ["PLANTED", "Company", "Plan", "Planted", "live", "pretend"]
