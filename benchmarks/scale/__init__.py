"""What 10,000 cameras or 10 million hours ask for, measured and carried forward."""
