"""The ledger of lost and rescued operations, rebuilt from the log at any time."""
