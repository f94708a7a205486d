"""Calls of own systems and of the contents store: errors are told apart by what happens next."""

from collections.abc import Callable

import httpx
import pytest
from samsyn_adapter_sdk import Contents, ContentsRefusedError, RetryError, contents_ref
from samsyn_adapter_sdk.own_system import OwnSystem

SITE = "skatteverket:plats-1"
Answer = Callable[[httpx.Request], httpx.Response]


def a_client(answer: Answer) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url="http://own", transport=httpx.MockTransport(answer))


def answering(status: int) -> httpx.AsyncClient:
    return a_client(lambda _request: httpx.Response(status, json={}))


def unreachable(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route")


async def test_an_unreachable_system_is_tried_again() -> None:
    with pytest.raises(RetryError, match="ConnectError"):
        await OwnSystem(a_client(unreachable)).get("/handelser")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_a_system_that_is_busy_or_ill_is_tried_again(status: int) -> None:
    with pytest.raises(RetryError, match=str(status)):
        await OwnSystem(answering(status)).post("/forfragningar", {})


@pytest.mark.parametrize("status", [400, 401, 404, 422])
async def test_a_wrong_call_is_an_error_of_its_own(status: int) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        await OwnSystem(answering(status)).put("/bokningar/1", {})


async def test_contents_that_are_not_there_or_not_any_more_are_refused() -> None:
    for status in (404, 410):
        with pytest.raises(ContentsRefusedError) as refused:
            await Contents(answering(status)).get(contents_ref("skatteverket", "x"))
        assert refused.value.status == status


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_token_loses_nothing_that_was_to_be_fetched(status: int) -> None:
    contents, ref = Contents(answering(status)), contents_ref("skatteverket", "x")
    with pytest.raises(RetryError):
        await contents.get(ref)
    with pytest.raises(RetryError):
        await contents.acknowledge(ref)


async def test_contents_over_one_mebibyte_are_never_sent() -> None:
    with pytest.raises(ContentsRefusedError):
        await Contents(a_client(unreachable)).put(
            contents_ref("skatteverket", "x"), b"x" * (1024 * 1024 + 1), about=SITE
        )


async def test_contents_go_under_their_reference_as_json_in_utf_8() -> None:
    seen: list[httpx.Request] = []
    ref = contents_ref("skatteverket", "identitet:1")

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201)

    await Contents(a_client(answer)).put(ref, {"name": "Åsas Städ"}, about=SITE)
    assert (seen[0].method, seen[0].url.path) == ("PUT", f"/v1/contents/{ref}")
    assert seen[0].url.params["about"] == SITE
    assert "Åsas Städ".encode() in seen[0].content


async def test_contents_fetched_are_acknowledged_under_their_reference() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    await Contents(a_client(answer)).acknowledge(contents_ref("polisen", "1"))
    assert (seen[0].method, seen[0].url.path) == ("POST", f"/v1/contents/{contents_ref('polisen', '1')}/acknowledged")


def test_a_reference_depends_on_party_and_key_alone() -> None:
    assert contents_ref("polisen", "1") == contents_ref("polisen", "1")
    assert len({contents_ref("polisen", "1"), contents_ref("polisen", "2"), contents_ref("skatteverket", "1")}) == 3
