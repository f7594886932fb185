"""Where faces are in every frame, and which is which."""
