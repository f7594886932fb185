"""What a face appears to show."""
