"""Records as tables that other programs read: columns with units, rows, CSV, JSON lines, Parquet, Praat, manifests."""
