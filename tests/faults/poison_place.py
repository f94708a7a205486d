"""Where the poison is measured: a broker, the databases of all services, their processes, and what is said there."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from samsyn_contracts.bus import ADMITTED, from_topic, headers_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Envelope, party_source, service_source
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.services import Services, services

from tests.faults.poison_kinds import Record, Where

AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
CENTRE, PARTITION = "akc-vast", 5
TOPICS: Mapping[Where, str] = {"party": from_topic("polisen"), "service": ADMITTED}
# Who reads what stands on a place of poison.
READERS: Mapping[Where, Sequence[str]] = {"party": ("exchange",), "service": ("planning", "inspection", "reporting")}
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """All services running over a broker and databases that nothing else uses meanwhile."""

    infrastructure: Infrastructure
    services: Services
    databases: Mapping[str, str]
    private_key: str

    @property
    def kafka(self) -> str:
        """The broker."""
        return self.infrastructure.kafka

    @property
    def logs(self) -> Iterator[str]:
        """What each service has logged in this run of it."""
        for name in SERVICES:
            yield self.services.part(name).log.read_text(encoding="utf-8", errors="replace")

    def dead(self, since: Mapping[str, int | None]) -> list[str]:
        """Services that do not run, or run as another process than before."""
        parts = {name: self.services.part(name) for name in SERVICES}
        return [name for name, part in parts.items() if not part.is_running or part.pid != since[name]]

    def pids(self) -> dict[str, int | None]:
        """The process of each service."""
        return {name: self.services.pid(name) for name in SERVICES}


@contextmanager
def place_on(infrastructure: Infrastructure, databases: Mapping[str, str]) -> Iterator[Place]:
    """All services, on databases that are empty, while no clock ticks: nothing is planned."""
    run = infrastructure.run
    run.write_status({"kafka": infrastructure.kafka, "databases": dict(databases), "clock": "driven"})
    run.dead_letter_key()
    private_key = (run.path / "dead-letter-key").read_text(encoding="ascii")
    env = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": AT.isoformat()}
    with services(infrastructure, SERVICES, env, databases=databases) as started:
        yield Place(infrastructure, started, databases, private_key)


def a_base(where: Where, event_id: str) -> Record:
    """An event that is right, to be spoilt: an offer of the police, or what every service acts on."""
    if where == "party":
        return said_by("polisen", "CapacityOffered", event_id, an_offer())
    facts = {
        "operation_id": f"op:polisen:{event_id}",
        "agency": "skatteverket",
        "plan_version": 1,
        "cause_code": "other",
        "remaining_inspection_ids": ["skatteverket:i1"],
    }
    return said_by("skatteverket", "InspectionSuspended", event_id, facts, receivedtime=AT)


def said_by(party: str, name: str, event_id: str, facts: Mapping[str, object], **told: object) -> Record:
    """What a party says, or has been admitted from it."""
    return _record(name, event_id, facts, party_source(party), **told)


def good_ones(where: Where, num: int) -> list[tuple[str, Record, Sequence[str]]]:
    """Events that are right, each with its id and the services that act on it."""
    made = [_good(where, number) for number in range(num)]
    return [(id_, record, readers) for id_, record, readers in made]


def _good(where: Where, number: int) -> tuple[str, Record, Sequence[str]]:
    id_ = str(uuid.uuid4())
    if where == "party":
        return id_, said_by("polisen", "CapacityOffered", id_, an_offer()), ("exchange",)
    if number % 2:
        said = said_by("polisen", "CapacityOffered", id_, an_offer(), receivedtime=AT)
        return id_, said, ("planning", "reporting")
    told = {"centre": "akc-nord", "until": AT.isoformat()}
    said = _record("TimePassed", id_, told, service_source("exchange"), centre="akc-nord", receivedtime=AT)
    return id_, said, ("planning", "inspection")


def an_offer() -> dict[str, Any]:
    """What the police offer, never the same twice."""
    number = next(_NUMBERS)
    start_at = AT + timedelta(days=1, hours=12 * (number % 40))
    return {
        "capacity_id": f"polisen:good-{uuid.uuid4().hex[:8]}-{number}",
        "unit": "local_police",
        "start_at": start_at.isoformat(),
        "end_at": (start_at + timedelta(hours=8)).isoformat(),
        "staff": 4,
        "consent": {"mode": "standing"},
        "base": {"lat": 57.7, "lon": 11.97},
    }


def _record(name: str, event_id: str, facts: Mapping[str, object], source: str, **told: object) -> Record:
    message_class = MESSAGES[f"se.samsyn.{name}.v1"]
    body = json.dumps(facts).encode()
    message = message_class.model_validate_json(body)
    attributes = {
        "id": event_id,
        "source": source,
        "type": message_class.type_name(),
        "time": AT,
        "centre": CENTRE,
        "environment": "test",
        "subject": message.subject,
        "agencyref": "2025/1",
    }
    return Record(tuple(headers_of(Envelope.model_validate({**attributes, **told}))), body)


Say = Callable[[str], None]
