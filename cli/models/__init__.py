"""Networks trained, measured, published."""
