"""Reading an entry of either register: broken or unknown ones are skipped by their number, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from samsyn_adapter_sdk import Skipped
from samsyn_adapter_sdk.codes import UnknownCodeError

from samsyn_adapter_kommun_goteborg.register import Entry
from samsyn_adapter_kommun_goteborg.voice import Said, Voice

Row = Mapping[str, Any]


def entry_of(voice: Voice, number: int, read: Callable[[], tuple[Said, datetime, str, Row]]) -> Entry:
    """The entry that `read` finds: what is said, when, about which centre, and what it refers to."""
    try:
        said, occurred_at, centre, facts = read()
    except UnknownCodeError as error:
        return Entry(number, Skipped("", unknown=f"{error} in entry {number} of {voice.role}"))
    except (KeyError, TypeError, ValueError):  # one broken entry must not stop those after it
        broken = f"entry {number} of {voice.role}, with facts missing or of the wrong form"
        return Entry(number, Skipped("", unknown=broken))
    return Entry(number, voice.statement(said, str(number), occurred_at, centre, facts), said.contents)
