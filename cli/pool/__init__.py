"""Jobs, workers and cameras."""
