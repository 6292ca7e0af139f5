"""Structural equation models fitted from sums, in three rooms.

`language` reads a text and makes the table of its parameters; `likelihood` turns sums into normal
cells and finds the maximum; here stands what a fit is worth: `fit`, `inference`, `robust`,
`indices`, `faults`, `standardise`, `defined`, `modification`, `invariance`. `panel_models` writes
texts for panels.
"""
