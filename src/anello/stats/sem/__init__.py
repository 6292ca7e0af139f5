"""Structural equation models fitted from sums: what the files hold, in the order of the work.

`words`, `modifiers`, `syntax` read a text; `roles`, `rows`, `block`, `table` say which parameters
it has; `matrices` what they imply. `single`, `fiml`, `two_level`, `two_level_missing` turn sums
into a `sample` of normal `cells`; `starts`, `optimise`, `references`, `fit` find the maximum and
what it is compared with; `inference`, `faults`, `robust`, `indices`, `standardise`, `rules`,
`expression`, `defined`, `modification`, `invariance` say what it is worth. `panel_models` writes
texts for panels.
"""
