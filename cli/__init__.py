"""The `moodline` command: parses, calls, prints. Settings are read here and passed down as values."""
