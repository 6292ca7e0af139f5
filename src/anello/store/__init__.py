"""Where answers sleep and aggregates come from."""
