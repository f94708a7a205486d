"""What is asked of the exchange over HTTP."""
