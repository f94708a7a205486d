"""One thing as one party knows it: what every card has."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Card(BaseModel):
    """One thing as one party knows it; `at` is what lists of its kind are sorted by.

    `said_by` is the event id of the party's own statement that the card already shows, though Samsyn has not answered
    it: should it be refused, that part is taken back.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: ClassVar[str]
    centre: str
    at: datetime

    @property
    def id(self) -> str:
        """The id of the thing, one per kind."""
        raise NotImplementedError

    @property
    def status(self) -> str:
        """What lists are filtered by."""
        raise NotImplementedError

    @property
    def session_id(self) -> str | None:
        """The police session that the thing rests on, if any."""
        return None
