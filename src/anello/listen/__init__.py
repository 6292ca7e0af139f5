"""The chain file and the sources: the world turned into a chain and its rows."""
