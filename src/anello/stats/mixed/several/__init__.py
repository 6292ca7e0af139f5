"""Mixed models with any number of groups: nested, crossed, partly crossed, with weights."""
