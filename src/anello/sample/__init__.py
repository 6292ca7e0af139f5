"""A pretend company whose truth we know: what the analysis must find, and what it must not."""

from .company import Company, Plan, live
from .truth import PLANTED, Planted
from .write import STUDIES, diary, pretend, rota

__all__ = ["PLANTED", "STUDIES", "Company", "Plan", "Planted", "diary", "live", "pretend", "rota"]
