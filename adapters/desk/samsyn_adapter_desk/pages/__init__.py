"""The desk's pages, one module a page: ask what the party knows, show it."""
