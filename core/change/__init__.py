"""How a person's record changed: trend, level shifts, distance from the baseline, each with its chance of being none."""
