"""One video: analysed, read, traced back."""
