"""Stored media, their generations, and where rows come from."""
