"""Stored media analysed again, and compared."""
