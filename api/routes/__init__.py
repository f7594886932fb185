"""One file for each family of addresses under /v1."""
