"""Media in, job and chunk rows out."""
