"""Stored rows binned by time."""
