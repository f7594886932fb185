"""What the next bins may show."""
