"""Linear mixed models from moments: formula, design, likelihood, degrees of freedom."""
