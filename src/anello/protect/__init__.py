"""The promise and its gate."""
