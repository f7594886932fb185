"""Cameras and streams, one fragment after the other."""
