"""A person's record, and what allows it."""
