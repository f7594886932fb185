"""A recurrent network over binned readings that says what the next bins may show, held against simple rivals."""
