"""MTCNN's three networks, and what runs them."""
