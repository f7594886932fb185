"""Pictures of data and of runs, as PNG."""
