"""The process that opens media, and its two sides."""
