"""Connects the police duty system to Samsyn."""
