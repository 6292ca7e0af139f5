"""Answers are sealed before they are stored: only the worker's private key opens them."""
