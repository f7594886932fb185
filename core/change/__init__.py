"""How a person's record changed: trend, level shifts, distance from the baseline; how likely each is by chance."""
