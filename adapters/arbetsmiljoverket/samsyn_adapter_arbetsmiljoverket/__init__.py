"""Connects the Work Environment Authority to Samsyn."""
