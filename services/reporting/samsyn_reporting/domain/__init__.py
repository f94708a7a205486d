"""What the losses of a centre came to: accounts of operations, and the ledger made of them."""
