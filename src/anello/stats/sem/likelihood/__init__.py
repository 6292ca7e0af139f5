"""From sums to the maximum of the likelihood.

`matrices` say what a table implies; `single`, `fiml`, `two_level`, `two_level_missing` turn sums
into a `sample` of normal `cells`; `starts` and `optimise` find the maximum, `references` the two
models that it is compared with.
"""
