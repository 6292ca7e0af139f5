"""A pair of measures followed over time: which figures, which model, which doubts."""
