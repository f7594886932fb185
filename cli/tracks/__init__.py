"""Several people in a picture."""
