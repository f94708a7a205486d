"""What the losses of a centre came to: facts as a set, accounts of operations, and the ledger made of them."""
