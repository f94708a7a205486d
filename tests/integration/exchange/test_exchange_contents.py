"""The contents store over HTTP: sealed at rest, given to their owner and to whom a grant names, every try logged."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import httpx
import pytest
from samsyn_exchange.tokens import token_for
from samsyn_local.services import Services

from tests.integration.exchange.asking import a_client, a_ref, acknowledge, as_party, everything_in, get, pass_time, put

LIFE = timedelta(days=30)


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(exchange) as client:
        yield client


@pytest.fixture
async def rows(dsn: str, exchange: Services) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def give(rows: asyncpg.Connection, ref: str, party: str = "polisen") -> None:
    """A grant as a shared finding gives it."""
    began_at = await rows.fetchval("select now_at from clock")
    into = "insert into contents_grant values ($1, $2, 'b-test', 'skatteverket:a1', $3, $4, null)"
    await rows.execute(into, ref, party, began_at, began_at + LIFE)


async def tries(rows: asyncpg.Connection, ref: str) -> list[tuple[str, str, str | None]]:
    found = await rows.fetch("select party, outcome, basis from contents_fetch where ref = $1 order by id", ref)
    return [tuple(row) for row in found]


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_contents_are_written_once(http: httpx.AsyncClient) -> None:
    ref = a_ref()

    new = await put(http, ref, b'{"name": "A"}')
    again = await put(http, ref, b'{"name": "A"}')
    other = await put(http, ref, b'{"name": "B"}')
    elsewhere = await put(http, ref, b'{"name": "A"}', about="op:polisen:p2")

    assert [answer.status_code for answer in (new, again, other, elsewhere)] == [201, 200, 409, 409]
    assert (await get(http, ref, "skatteverket")).content == b'{"name": "A"}'


async def test_the_plain_text_is_in_no_table_and_the_key_in_none_either(http: httpx.AsyncClient, dsn: str) -> None:
    ref, canary = a_ref(), f"Kanarie {uuid.uuid4()}"

    await put(http, ref, f'{{"name": "{canary}"}}'.encode())

    kept = await everything_in(dsn)
    assert ref.encode() in kept
    assert canary.encode() not in kept
    assert bytes.fromhex("c0" * 32) not in kept
    assert b"c0" * 32 not in kept


async def test_what_is_about_one_operation_is_sealed_by_one_key_and_another_by_another(
    http: httpx.AsyncClient, rows: asyncpg.Connection
) -> None:
    refs = [a_ref() for _ in range(3)]
    for ref, about in zip(refs, ["op:polisen:k1", "op:polisen:k1", "skatteverket:s1"], strict=True):
        await put(http, ref, b'{"same": "body"}', about=about)

    sealed = await rows.fetch("select key_id, body from contents where ref = any($1)", refs)

    assert len({row["key_id"] for row in sealed}) == 2
    assert len({row["body"] for row in sealed}) == 3


async def test_a_body_moved_to_another_reference_does_not_open_there(
    http: httpx.AsyncClient, rows: asyncpg.Connection
) -> None:
    ref, other = a_ref(), a_ref()
    await put(http, ref, b'{"of": "one"}')
    await put(http, other, b'{"of": "other"}')
    await rows.execute(
        "update contents set body = (select body from contents where ref = $1) where ref = $2", ref, other
    )

    assert told(await get(http, other, "skatteverket")) == (503, "cannot_open")
    assert await tries(rows, other) == [("skatteverket", "cannot_open", "owner")]


async def test_contents_whose_key_is_gone_read_as_gone_and_cannot_be_written_over(
    http: httpx.AsyncClient, rows: asyncpg.Connection
) -> None:
    ref, about = a_ref(), "op:polisen:erased"
    await put(http, ref, about=about)
    await give(rows, ref)
    await rows.execute("delete from contents_key where about = $1", about)
    later = a_ref()
    await put(http, later, b'{"of": "later"}', about=about)

    assert told(await get(http, ref, "skatteverket")) == (410, "erased")
    assert told(await get(http, ref, "polisen")) == (410, "erased")
    assert (await get(http, ref, "migrationsverket")).status_code == 404
    assert told(await put(http, ref, about=about)) == (410, "erased")
    assert (await get(http, later, "skatteverket")).content == b'{"of": "later"}'


async def test_contents_that_may_not_be_read_look_like_none(http: httpx.AsyncClient) -> None:
    ref = a_ref()
    await put(http, ref)

    forbidden, missing = await get(http, ref, "polisen"), await get(http, a_ref(), "polisen")
    unreadable = await get(http, "nonsense", "polisen")

    assert forbidden.status_code == missing.status_code == unreadable.status_code == 404
    assert forbidden.content == missing.content == unreadable.content


async def test_a_party_with_a_grant_fetches_until_it_has_acknowledged(
    http: httpx.AsyncClient, rows: asyncpg.Connection
) -> None:
    ref = a_ref()
    await put(http, ref, b'{"a": 1}')
    await give(rows, ref)

    fetched = [(await get(http, ref, "polisen")).content for _ in range(2)]
    stored = [(await acknowledge(http, ref, "polisen")).status_code for _ in range(2)]
    after = await get(http, ref, "polisen")

    assert fetched == [b'{"a": 1}'] * 2
    assert stored == [200, 200]
    assert told(after) == (410, "acknowledged")
    assert "Ask the party that owns the reference" in after.json()["text_en"]
    assert (await get(http, ref, "skatteverket")).status_code == 200
    assert await tries(rows, ref) == [
        ("polisen", "given", "b-test"),
        ("polisen", "given", "b-test"),
        ("polisen", "acknowledged", "b-test"),
        ("skatteverket", "given", "owner"),
    ]


async def test_a_grant_ends_after_thirty_days_by_the_exchanges_clock(
    http: httpx.AsyncClient, rows: asyncpg.Connection
) -> None:
    ref = a_ref()
    await put(http, ref)
    await give(rows, ref)

    await pass_time(http, LIFE - timedelta(seconds=1))
    before = await get(http, ref, "polisen")
    await pass_time(http, timedelta(seconds=1))
    after = await get(http, ref, "polisen")

    assert before.status_code == 200
    assert told(after) == (410, "expired")
    assert (await get(http, ref, "skatteverket")).status_code == 200
    assert [outcome for _, outcome, _ in await tries(rows, ref)] == ["given", "expired", "given"]


async def test_who_has_no_grant_has_nothing_to_acknowledge(http: httpx.AsyncClient, rows: asyncpg.Connection) -> None:
    ref = a_ref()
    await put(http, ref)
    await give(rows, ref)

    for party, one in (("migrationsverket", ref), ("polisen", a_ref()), ("polisen", "nonsense")):
        assert (await acknowledge(http, one, party)).status_code == 404
    assert (await http.post(f"/contents/{ref}/acknowledged")).status_code == 401
    assert (await get(http, ref, "polisen")).status_code == 200


@pytest.mark.parametrize(
    ("ref", "party", "about", "body", "error"),
    [
        (a_ref(), None, "op:x", b"{}", (401, "not_known")),
        (a_ref(), "polisen", "op:x", b"{}", (403, "not_owner")),
        (a_ref(), "skatteverket", None, b"{}", (422, "about_missing")),
        (a_ref(), "skatteverket", "", b"{}", (422, "about_missing")),
        (a_ref(), "skatteverket", "Storgatan 1", b"{}", (422, "bad_about")),
        (a_ref(), "skatteverket", "op:x", b"{", (422, "not_json")),
        (a_ref(), "skatteverket", "op:x", b'"' + b"x" * 1024 * 1024 + b'"', (413, "too_large")),
        ("contents:skatteverket:x", "skatteverket", "op:x", b"{}", (422, "bad_ref")),
    ],
)
async def test_what_cannot_be_kept_is_refused_in_both_languages(
    http: httpx.AsyncClient, ref: str, party: str | None, about: str | None, body: bytes, error: tuple[int, str]
) -> None:
    headers = as_party(party) if party else {}
    asked = {} if about is None else {"about": about}
    answer = await http.put(f"/contents/{ref}", content=body, params=asked, headers=headers)

    assert told(answer) == error
    assert {"code", "text_sv", "text_en"} <= answer.json().keys()


async def test_the_parameter_that_is_missing_is_named_with_what_to_give(http: httpx.AsyncClient) -> None:
    answer = (await put(http, a_ref(), about=None)).json()

    assert "about is missing: give the operation's or the site's id" in answer["text_en"]
    assert "about saknas" in answer["text_sv"]


async def test_a_wrong_token_fetches_nothing(http: httpx.AsyncClient) -> None:
    ref = a_ref()
    await put(http, ref)
    forged = {"Authorization": f"Bearer {token_for('y' * 40, 'skatteverket')}"}

    assert (await http.get(f"/contents/{ref}", headers=forged)).status_code == 401
