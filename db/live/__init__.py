"""What cameras write."""
