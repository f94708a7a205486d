"""The clock and the contents store over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import httpx
import pytest
from samsyn_contracts.bus import ADMITTED, from_topic
from samsyn_exchange.tokens import OPERATIONS, token_for
from samsyn_local.services import Services

from tests.integration.exchange.conftest import SECRET
from tests.integration.exchange.wire import Heard, Wire
from tests.unit.exchange.saying import CENTRE, an_event


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    address = f"http://127.0.0.1:{exchange.http_port('exchange')}/v1"
    async with httpx.AsyncClient(base_url=address, timeout=20) as client:
        yield client


def as_party(party: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for(SECRET, party)}"}


def a_ref(party: str = "skatteverket") -> str:
    return f"contents:{party}:{uuid.uuid4()}"


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


async def test_contents_are_written_once(http: httpx.AsyncClient) -> None:
    ref, owner = a_ref(), as_party("skatteverket")

    new = await http.put(f"/contents/{ref}", content=b'{"name": "A"}', headers=owner)
    again = await http.put(f"/contents/{ref}", content=b'{"name": "A"}', headers=owner)
    other = await http.put(f"/contents/{ref}", content=b'{"name": "B"}', headers=owner)

    assert [answer.status_code for answer in (new, again, other)] == [201, 200, 409]
    assert (await http.get(f"/contents/{ref}", headers=owner)).content == b'{"name": "A"}'


async def test_contents_that_may_not_be_read_look_like_none(http: httpx.AsyncClient) -> None:
    ref = a_ref()
    await http.put(f"/contents/{ref}", content=b"{}", headers=as_party("skatteverket"))

    forbidden = await http.get(f"/contents/{ref}", headers=as_party("polisen"))
    missing = await http.get(f"/contents/{a_ref()}", headers=as_party("polisen"))
    unreadable = await http.get("/contents/nonsense", headers=as_party("polisen"))

    assert forbidden.status_code == missing.status_code == unreadable.status_code == 404
    assert forbidden.content == missing.content == unreadable.content


async def test_contents_are_read_by_a_party_with_a_grant_while_it_lasts(http: httpx.AsyncClient, dsn: str) -> None:
    ref, ended = a_ref(), a_ref()
    connection = await asyncpg.connect(dsn)
    for one, valid_to in ((ref, None), (ended, date(2025, 5, 1))):
        await http.put(f"/contents/{one}", content=b"{}", headers=as_party("skatteverket"))
        await connection.execute(
            "insert into contents_grant values ($1, 'polisen', 'test', '2025-01-01', $2)", one, valid_to
        )

    answers = [await http.get(f"/contents/{one}", headers=as_party("polisen")) for one in (ref, ended)]

    logged = await connection.fetch(
        "select is_given from contents_fetch where ref = any($1) and party = 'polisen' order by id", [ref, ended]
    )
    await connection.close()
    assert [answer.status_code for answer in answers] == [200, 404]
    assert [row["is_given"] for row in logged] == [True, False]


@pytest.mark.parametrize(
    ("ref", "party", "body", "status"),
    [
        (a_ref(), None, b"{}", 401),
        (a_ref(), "polisen", b"{}", 403),
        (a_ref(), "skatteverket", b"{", 422),
        (a_ref(), "skatteverket", b'"' + b"x" * 1024 * 1024 + b'"', 413),
        ("contents:skatteverket:x", "skatteverket", b"{}", 422),
    ],
)
async def test_what_cannot_be_kept_is_refused_in_both_languages(
    http: httpx.AsyncClient, ref: str, party: str | None, body: bytes, status: int
) -> None:
    answer = await http.put(f"/contents/{ref}", content=body, headers=as_party(party) if party else {})

    assert answer.status_code == status
    assert answer.json().keys() == {"code", "text_sv", "text_en"}
