"""Chunks in, rows out. Read pipeline.py first."""
