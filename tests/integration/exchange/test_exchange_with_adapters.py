"""An adapter of the SDK that has no Kafka, over HTTPS with the real exchange."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from samsyn_adapter_sdk import Connection, Saying, Settings, Statement, event_id
from samsyn_contracts.bus import to_topic
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected
from samsyn_exchange.tokens import token_for
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import Services
from samsyn_local.topics import empty_topics

from tests.integration.exchange.asking import a_client
from tests.integration.exchange.conftest import SECRET
from tests.integration.exchange.over_https import post
from tests.support.answering_exchange import until
from tests.unit.exchange.saying import an_event

NOW = datetime(2025, 5, 5, 6, tzinfo=UTC)
PARTY, OTHER = "polisen", "skatteverket"


@dataclass
class PoliceAgency:
    """Cancels sessions, one for each key in `says`; of `foreign` ones it has no right to speak."""

    says: list[str] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    heard: list[tuple[Message, Envelope]] = field(default_factory=list)
    agency: str = PARTY

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        for number, key in enumerate(self.says[int(after or 0) :], int(after or 0) + 1):
            message = PoliceCancelled(capacity_id=f"{PARTY}:p1", cause_code="fire")
            centre = "akc-ingenstans" if key in self.foreign else "akc-vast"
            yield Statement(message, NOW, key, centre, cursor=str(number))
        await asyncio.Event().wait()

    async def hear(self, message: Message, envelope: Envelope) -> None:
        self.heard.append((message, envelope))

    @property
    def proposals(self) -> list[str]:
        return [envelope.id for message, envelope in self.heard if isinstance(message, InspectionProposed)]


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(exchange) as client:
        yield client


@pytest.fixture
def settings(exchange: Services, tmp_path: Path) -> Settings:
    return Settings(
        exchange_url=f"http://127.0.0.1:{exchange.http_port('exchange')}",
        token=token_for(SECRET, PARTY),
        state_dir=tmp_path,
        resend_after=timedelta(seconds=0.5),
    )


def is_answered(connection: Connection, agency: PoliceAgency) -> bool:
    status = connection.status()
    return status.cursor == str(len(agency.says)) and status.journal_waiting == 0


async def test_what_an_adapter_says_is_kept_and_what_concerns_it_is_heard_once(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    agency = PoliceAgency([f"often-{number}" for number in range(250)])
    proposal = an_event("InspectionProposed", OTHER)
    async with Connection(agency, settings) as connection:
        await until(lambda: is_answered(connection, agency))
        await post(http, proposal, party=OTHER)
        await until(lambda: proposal.envelope.id in agency.proposals)

    again = PoliceAgency(agency.says)
    async with Connection(again, settings) as connection:
        second = an_event("InspectionProposed", OTHER, inspection_id=f"{OTHER}:i2")
        await post(http, second, party=OTHER)
        await until(lambda: again.proposals == [second.envelope.id])
        assert connection.rejected() == {}


async def test_a_refusal_comes_at_once_and_is_heard_once(settings: Settings) -> None:
    agency = PoliceAgency(["refused"], foreign={"refused"})
    async with Connection(agency, settings) as connection:
        await until(lambda: connection.rejected() == {event_id(PARTY, "refused"): "/centre: unknown_centre"})
        await until(lambda: any(isinstance(message, EventRejected) for message, _ in agency.heard))


async def test_with_a_wrong_token_nothing_is_lost(settings: Settings) -> None:
    agency = PoliceAgency(["waits for a right token"])
    async with Connection(agency, replace(settings, token="0" * 64)) as connection:
        await until(lambda: connection.status().journal_waiting == 1)
        await asyncio.sleep(1)
        assert connection.status().journal_waiting == 1
    async with Connection(agency, settings) as connection:
        await until(lambda: is_answered(connection, agency))


async def test_an_inbox_that_was_made_anew_is_read_from_its_beginning(
    http: httpx.AsyncClient, settings: Settings, infrastructure: Infrastructure
) -> None:
    agency = PoliceAgency()
    first, second = (an_event("InspectionProposed", OTHER, inspection_id=f"{OTHER}:{n}") for n in ("i3", "i4"))
    async with Connection(agency, settings):
        await post(http, first, party=OTHER)
        await until(lambda: first.envelope.id in agency.proposals)
    (topic,) = [one for one in infrastructure.topics if one.name == to_topic(PARTY)]
    await asyncio.to_thread(empty_topics, infrastructure.kafka, [topic])

    async with Connection(agency, settings):
        await post(http, second, party=OTHER)
        await until(lambda: agency.proposals[-1] == second.envelope.id, seconds=30)
    assert agency.proposals.count(first.envelope.id) == 1
