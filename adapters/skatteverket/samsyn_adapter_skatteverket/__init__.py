"""Connects the Tax Agency's file exchange to Samsyn."""
