"""What goes together in one request, and what an answer means for the journal."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from samsyn_adapter_sdk import RetryError
from samsyn_adapter_sdk.https_line import HttpsMouth
from samsyn_adapter_sdk.journal import Waiting
from samsyn_contracts.rejection import rejection
from samsyn_contracts.web import split_batch

Answering = Callable[[httpx.Request], httpx.Response]


def some_statements(num: int, body: bytes = b"{}") -> list[Waiting]:
    return [Waiting(number, f"e-{number}", json.dumps([("ce_id", f"e-{number}")]), body) for number in range(num)]


def an_answer(status: str = "admitted", http_status: int = 201, **more: Any) -> dict[str, Any]:
    return {"status": status, "http_status": http_status, "retry": False, "reasons": []} | more


def a_mouth(answering: Answering) -> HttpsMouth:
    """One that speaks to a foreign server's stand-in, which answers by itself."""
    return HttpsMouth(httpx.AsyncClient(base_url="https://exchange", transport=httpx.MockTransport(answering)))


def answering(*answers: dict[str, Any]) -> Answering:
    return lambda _request: httpx.Response(200, json={"answers": answers})


def counting(sizes: list[int]) -> Answering:
    def answer(request: httpx.Request) -> httpx.Response:
        sizes.append(len(request.content))
        return httpx.Response(200, json={"answers": [an_answer() for _ in split_batch(request.content.decode())]})

    return answer


async def test_at_most_a_hundred_go_together() -> None:
    handed = await a_mouth(counting([])).say(some_statements(130))
    assert (handed.num, len(handed.answers)) == (100, 100)


@pytest.mark.parametrize(("kib", "num"), [(200, 5), (500, 2), (1100, 1)])
async def test_as_many_go_together_as_one_request_takes(kib: int, num: int) -> None:
    sizes: list[int] = []
    handed = await a_mouth(counting(sizes)).say(some_statements(7, json.dumps({"a": "x" * kib * 1024}).encode()))
    assert handed.num == num
    assert num == 1 or max(sizes) <= 1024 * 1024


async def test_a_repeated_event_counts_as_kept() -> None:
    handed = await a_mouth(answering(an_answer("repeated", 200))).say(some_statements(1))
    assert [(answer.event_id, answer.reasons) for answer in handed.answers] == [("e-0", ())]


async def test_a_refusal_comes_with_its_reasons() -> None:
    reason = rejection("unknown_id", "/data/inspection_id")
    told = an_answer("rejected", 422, retry=True, reasons=[reason.model_dump()])
    (answer,) = (await a_mouth(answering(told)).say(some_statements(1))).answers
    assert (answer.reasons, answer.replayable) == ((reason,), True)


async def test_an_event_that_met_a_fault_stays_unanswered_and_holds_nobody_up() -> None:
    answers: Sequence[dict[str, Any]] = (an_answer(), an_answer("unsettled", 500, retry=True), an_answer())
    handed = await a_mouth(answering(*answers)).say(some_statements(3))
    assert (handed.num, [answer.event_id for answer in handed.answers]) == (3, ["e-0", "e-2"])


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_nothing_is_lost_while_the_exchange_does_not_take_it(status: int) -> None:
    with pytest.raises(RetryError, match=str(status)):
        await a_mouth(lambda _request: httpx.Response(status, json={})).say(some_statements(1))


async def test_a_wrong_token_is_named() -> None:
    with pytest.raises(RetryError, match="SAMSYN_TOKEN"):
        await a_mouth(lambda _request: httpx.Response(401, json={})).say(some_statements(1))
