"""How a try to send may end other than well: by what happens next."""

from __future__ import annotations

from samsyn_adapter_sdk import RetryError


class AwayError(RetryError):
    """The server is away: nothing can be sent by it now."""


class UncertainError(RetryError):
    """The line broke when everything had been handed over: it may have been taken; the same bytes are sent again."""


class UndeliverableError(Exception):
    """The server refuses this for good; the text is a status code, and safe to log."""
