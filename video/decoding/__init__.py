"""Spans of a media to upright pictures with exact times."""
