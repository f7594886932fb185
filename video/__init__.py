"""Moving pictures in: probe a file, decode a span of it exactly. PyAV lives here only."""
