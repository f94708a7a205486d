"""What planning decides: frozen values in, values out; no clock, no I/O."""
