"""The ledger: jobs and chunks, from asked for to done."""
