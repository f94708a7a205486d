"""The ledger and its indicators over HTTP, to be read only."""
