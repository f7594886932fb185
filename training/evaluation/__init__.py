"""What a model can do, measured under docs/protocol.md, and the report of it."""
