"""Whose track is whose."""
