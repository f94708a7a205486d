"""Plans and replans joint operations of a centre."""
