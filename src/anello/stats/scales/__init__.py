"""Scales and their quality: agreement, reliability, shares, the recommend score."""
