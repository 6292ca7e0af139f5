"""The language of the models: a text becomes a table of parameters.

`words`, `modifiers`, `syntax` read it; `roles`, `rows`, `block`, `table` say which parameters it
has; `expression` and `rules` are its arithmetic: labels, constraints, defined parameters.
"""
