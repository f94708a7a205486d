"""The one error of this package: something the reader of the sentence can put right."""


class StartError(Exception):
    """A part of the run cannot start; the message says what to do about it."""
