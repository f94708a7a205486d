"""A statement that somebody made at the desk, as it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message


@dataclass(frozen=True)
class Speech:
    """A statement as somebody at the desk makes it: `key` makes a form that is sent twice one statement."""

    message: Message
    centre: str
    key: str
    occurred_at: datetime
    by_subject: str
    by_function: str
    actorrole: str | None = None
    causationid: str | None = None


@dataclass(frozen=True)
class Said:
    """A statement of the party's from the record, and what came of it: waiting, admitted or rejected."""

    number: int
    event_id: str
    key: str
    message: Message
    centre: str
    actorrole: str | None
    occurred_at: datetime
    causationid: str | None
    by_function: str
    state: str
    reasons: Sequence[dict[str, Any]]


def said_in(row: Any) -> Said:
    """The statement that a row of the record holds."""
    return Said(
        number=row["number"],
        event_id=row["event_id"],
        key=row["key"],
        message=MESSAGES[row["type"]].model_validate(row["body"]),
        centre=row["centre"],
        actorrole=row["actorrole"],
        occurred_at=row["occurred_at"],
        causationid=row["causationid"],
        by_function=row["by_function"],
        state=row["state"],
        reasons=row["reasons"],
    )
