"""Least squares with honest errors: clusters, few units, many claims."""
