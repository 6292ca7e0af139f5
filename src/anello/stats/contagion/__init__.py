"""Whether the mood people bring to a shift is passed on: exposure, errors, re-dealt shifts."""
