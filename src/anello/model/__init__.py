"""The nouns: frozen values, checked once at birth, standard library only."""
