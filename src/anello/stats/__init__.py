"""Numerics: arrays in, frozen results out; they know no chain and no database."""
