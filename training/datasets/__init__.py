"""Labelled pictures: found, read, checked, parted. Knows no network."""
