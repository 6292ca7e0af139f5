"""Effects in a currency: draws that carry their units, and how far a sum can be read."""
