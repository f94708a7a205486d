"""What the exchange decides: frozen values in, values out; no clock, no database, no broker."""
