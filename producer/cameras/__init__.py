"""A camera watched, recorded and counted."""
