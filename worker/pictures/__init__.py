"""Single pictures, read while one waits."""
