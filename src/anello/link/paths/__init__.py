"""The links of a chain as one graph: which of them one model can hold, and its rows."""
