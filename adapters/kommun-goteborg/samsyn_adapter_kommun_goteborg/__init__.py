"""Connects two departments of the City of Gothenburg to Samsyn, each with its own register."""
