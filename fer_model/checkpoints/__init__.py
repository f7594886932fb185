"""Weights with all that is known of them."""
