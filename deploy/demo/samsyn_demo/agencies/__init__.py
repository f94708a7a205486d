"""The agencies of the demo: their own systems, simulated, and the adapters that connect them."""
