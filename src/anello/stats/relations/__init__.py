"""How variables share what they explain: drivers, levels, mediation, returning to the mean."""
