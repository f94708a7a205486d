"""The desk: coordinators see, understand and answer; an adapter whose own system is a web page."""
