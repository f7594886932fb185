"""A span's coded packets, on their way without the file."""
