"""Tells Samsyn of the disturbances that the police publish."""
