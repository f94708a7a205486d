"""The clock over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from samsyn_contracts.bus import ADMITTED, from_topic
from samsyn_exchange.tokens import OPERATIONS
from samsyn_local.services import Services

from tests.integration.exchange.asking import a_client, as_party
from tests.integration.exchange.wire import Heard, Wire
from tests.unit.exchange.saying import CENTRE, an_event


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(exchange) as client:
        yield client


async def test_a_driven_clock_tells_the_centres_and_stamps_what_comes_after(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    before = (await http.get("/clock")).json()["now"]
    later = before.replace("2025-05-05", "2025-05-07")
    told = await http.post("/clock", json={"now": later, "centres": [CENTRE]})
    event = an_event("PoliceCancelled")
    await wire.say(from_topic("polisen"), event)

    def of(records: list[Heard], name: str) -> list[Heard]:
        return [r for r in records if r.headers["ce_type"] == f"se.samsyn.{name}.v1" and r.key == CENTRE.encode()]

    records = await wire.heard(ADMITTED, lambda r: event.envelope.id in {one.headers["ce_id"] for one in r})

    assert told.json() == {"mode": "driven", "now": later, "ticks": True}
    assert of(records, "TimePassed")[-1].event.message.model_dump(mode="json")["until"] == later.replace("+00:00", "Z")
    stamped = of(records, "PoliceCancelled")[-1].event.envelope.receivedtime
    assert stamped is not None
    assert stamped.isoformat() == later


async def test_a_driven_clock_never_goes_back(http: httpx.AsyncClient) -> None:
    answer = await http.post("/clock", json={"now": "2025-05-01T06:00:00Z", "centres": [CENTRE]})

    assert (answer.status_code, answer.json()["code"]) == (409, "backwards")
    assert answer.json()["text_sv"] == "Klockan kan inte gå bakåt."


async def test_a_driven_clock_goes_on_after_a_restart(exchange: Services, http: httpx.AsyncClient) -> None:
    await http.post("/clock", json={"now": "2025-05-09T06:00:00Z", "centres": [CENTRE]})
    exchange.restart("exchange")

    assert (await http.get("/clock")).json()["now"] == "2025-05-09T06:00:00+00:00"


@pytest.mark.parametrize(
    "body",
    [
        "garbage",
        '{"now": "2025-06-01T06:00:00", "centres": ["akc-vast"]}',
        '{"now": "2025-06-01T06:00:00Z", "centres": ["akc-ingenstans"]}',
        '{"now": "2025-06-01T06:00:00Z", "centres": []}',
    ],
)
async def test_a_setting_that_cannot_be_read_is_refused(http: httpx.AsyncClient, body: str) -> None:
    answer = await http.post("/clock", content=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_time")


async def test_only_those_who_run_samsyn_confirm_the_clock(http: httpx.AsyncClient) -> None:
    by_party = await http.post("/clock/confirm", headers=as_party("polisen"))
    by_operations = await http.post("/clock/confirm", headers=as_party(OPERATIONS))

    assert (by_party.status_code, by_operations.status_code) == (401, 200)
