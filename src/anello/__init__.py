"""The open service-profit chain."""

__version__ = "0.1.0"
