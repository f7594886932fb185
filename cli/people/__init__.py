"""People and studies."""
