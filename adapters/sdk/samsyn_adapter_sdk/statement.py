"""What an adapter is: one that says the agency's statements and hears what Samsyn answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from samsyn_contracts.envelope import Envelope, derived_id
from samsyn_contracts.message import Message


class RetryError(Exception):
    """The other side is away: the same call may succeed later, and is made again until it does."""


@dataclass(frozen=True)
class Statement:
    """One thing that the agency says.

    `key` is the own system's stable key of this saying (the same key is the same event, in every retry). `cursor` is
    where the own system is read on from once this statement is journalled; None where more statements of the same
    entry follow. `causationid` is the event that this one answers. `is_numbered` False: the agency speaks through
    other systems too, whose numbers of the same thing are others; the order of admission counts.
    """

    message: Message
    occurred_at: datetime
    key: str
    centre: str
    role: str | None = None
    cursor: str | None = None
    agencyref: str | None = None
    causationid: str | None = None
    is_numbered: bool = True


@dataclass(frozen=True)
class Skipped:
    """An entry of the own system that says nothing: `unknown` names the code that no table translates, if it is that.

    Never put contents in `unknown`: it is logged.
    """

    cursor: str
    unknown: str | None = None


Saying = Statement | Skipped


class Adapter(Protocol):
    """One agency's translator: its own system on one side, messages on the other."""

    agency: str

    def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What the agency has decided, from the cursor on (None: from the beginning); never ends."""
        ...

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Tell the own system; the same event comes again only after a crash in the middle of this call.

        Raises RetryError if the own system is away; messages that do not concern it are ignored.
        """
        ...


def event_id(agency: str, key: str) -> str:
    """The id of the event in which the agency says the statement of that key."""
    return derived_id(agency, key)
