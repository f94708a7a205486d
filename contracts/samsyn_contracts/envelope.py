"""Everything about the saying of a message: CloudEvents attributes, and the event that carries both."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from samsyn_contracts.message import Code, EventId, Instant, Message, PartyCode

Environment = Literal["prod", "test"]
Source = Annotated[str, StringConstraints(pattern=r"^urn:samsyn:(service:)?[a-z][a-z0-9-]{1,40}$")]
EventType = Annotated[str, StringConstraints(pattern=r"^se\.samsyn\.[A-Za-z]{1,60}\.v[0-9]{1,3}$")]
TraceParent = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]
CentreCode = Annotated[str, StringConstraints(pattern=r"^(_all|[a-z][a-z0-9-]{1,40})$")]

MAX_SEQUENCE = 2**63 - 1
ALL_CENTRES = "_all"


class Envelope(BaseModel):
    """CloudEvents 1.0 attributes of an event, P0 and P1 data only: brokers and traces log them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: EventId
    source: Source
    type: EventType
    time: Instant
    centre: CentreCode
    environment: Environment
    subject: Annotated[str, Field(max_length=200)] | None = None
    sequence: Annotated[int, Field(ge=0, le=MAX_SEQUENCE)] | None = None
    receivedtime: Instant | None = None
    correlationid: EventId | None = None
    causationid: EventId | None = None
    actorrole: Code | None = None
    agencyref: Annotated[str, Field(max_length=100)] | None = None
    legalbasis: Annotated[str, Field(max_length=100)] | None = None
    purpose: Literal["plan", "execute", "follow-up", "report", "protect"] | None = None
    traceparent: TraceParent | None = None

    @property
    def party(self) -> str:
        """Code of the party (or name of the service) that speaks."""
        return self.source.rpartition(":")[2]

    @property
    def is_from_service(self) -> bool:
        """Whether one of Samsyn's services speaks."""
        return self.source.startswith("urn:samsyn:service:")


@dataclass(frozen=True)
class Event:
    """A message and its envelope."""

    envelope: Envelope
    message: Message


def party_source(party: PartyCode) -> str:
    """The CloudEvents source of a party."""
    return f"urn:samsyn:{party}"


def service_source(name: str) -> str:
    """The CloudEvents source of a service."""
    return f"urn:samsyn:service:{name}"


def derived_id(*parts: str) -> str:
    """A stable id from parts (UUIDv5): the same parts give the same id in every retry and replay."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:samsyn:event:" + "\x1f".join(parts)))
