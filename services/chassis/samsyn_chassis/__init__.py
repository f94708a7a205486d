"""What every service stands on; no word of the domain."""
