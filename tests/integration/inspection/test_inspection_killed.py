"""Killed and started again in between, the service loses nothing that it holds and says nothing twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import Services, services

from tests.integration.inspection.inspection_at_work import admitted, all_said_about, said_about, ticked, told
from tests.support.day_of_operation import AV, END_AT, FIRST, SKV, found, handed_in, scheduled, started, takes_place
from tests.support.in_process import PATIENCE_SECONDS, Said, a_centre, say
from tests.support.told_operations import OPERATION, START_AT


@pytest.fixture
def process(infrastructure: Infrastructure, dsn: str) -> Iterator[Services]:
    with services(infrastructure, ["inspection"], databases={"inspection": dsn}) as started_:
        yield started_


async def comes(asks: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    """Wait until a question has the answer wanted."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found_ := await asks()) != wanted:
        assert time.monotonic() < deadline, f"{found_}, not {wanted}"
        await asyncio.sleep(0.05)


async def test_what_is_held_survives_a_kill_and_has_its_effect_once(process: Services, kafka: str, dsn: str) -> None:
    centre = a_centre()
    first = [
        told(scheduled(), "p1", centre),
        told(takes_place(), "p2", centre),
        admitted(started(), "a1", centre, START_AT),
        admitted(found(SKV, version=2), "a2", centre, START_AT),
        admitted(handed_in(AV, FIRST), "a3", centre, START_AT),
    ]
    then: list[Said] = [told(takes_place(2), "p3", centre), ticked(END_AT + timedelta(days=1), "t1", centre)]

    async def num_held() -> int:
        async with AsyncClient(base_url=f"http://127.0.0.1:{process.http_port('inspection')}", timeout=60) as client:
            return int((await client.get("/status")).json()["held"])

    async def names() -> list[str]:
        return [name for name, *_ in await said_about(dsn, centre)]

    await say(kafka, *first)
    await comes(num_held, 1)
    process.kill("inspection")
    await say(kafka, *then)
    process.restart("inspection")
    await comes(names, ["FindingPlaced", "OperationCompleted"])
    process.kill("inspection")
    last = ticked(END_AT + timedelta(days=2), "t2", centre)
    await say(kafka, *first, *then, admitted(found(SKV, version=9), "a4", centre, END_AT), last)
    process.restart("inspection")
    await comes(num_held, 1)

    said = await all_said_about(dsn, centre)
    asked = ["SiteInformationRequested"] * 3
    assert [name for name, *_ in said] == [*asked, "FindingPlaced", "OperationCompleted"]
    assert max(Counter(headers["ce_id"] for _, headers, _ in said).values()) == 1
    assert {body["operation_id"] for *_, body in said} == {OPERATION}
