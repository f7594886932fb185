"""What to train and how, one network a file; each value with its reason or source."""
