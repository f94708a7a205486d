"""The conformance tests see what is wrong with an adapter."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from samsyn_adapter_sdk import Saying, Statement
from samsyn_adapter_sdk.testing import AdapterConformance
from samsyn_contracts.capacity import CapacityWithdrawn
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

MONDAY = datetime(2025, 5, 5, tzinfo=UTC)


def a_statement(number: int, **overrides: Any) -> Statement:
    message = CapacityWithdrawn(capacity_id=f"skatteverket:{number}", reason_code="illness")
    own: dict[str, Any] = {
        "message": message,
        "occurred_at": MONDAY,
        "key": str(number),
        "centre": "akc-vast",
        "cursor": str(number),
    }
    return Statement(**{**own, **overrides})


class ListAdapter:
    """Says what it is given; `ends`, `forgets_cursors` and `refuses_the_unknown` are faults."""

    def __init__(self, sayings: Sequence[Saying], agency: str = "skatteverket", **faults: bool) -> None:
        self.agency = agency
        self._sayings = sayings
        self._faults = faults

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        begins = 0 if after is None or self._faults.get("forgets_cursors") else int(after)
        for saying in self._sayings[begins:]:
            yield saying
        if not self._faults.get("ends"):
            await asyncio.Event().wait()

    async def hear(self, message: Message, envelope: Envelope) -> None:
        if self._faults.get("refuses_the_unknown"):
            raise NotImplementedError(type(message).__name__)


def judged(adapter: ListAdapter) -> AdapterConformance:
    @asynccontextmanager
    async def opened() -> AsyncIterator[ListAdapter]:
        yield adapter

    judge = AdapterConformance()
    judge.open = opened
    judge.quiet_seconds = 0.02
    return judge


THREE = [a_statement(number) for number in (1, 2, 3)]
FOREIGN = a_statement(3, message=CapacityWithdrawn(capacity_id="polisen:3", reason_code="illness"))


async def test_a_faultless_adapter_passes() -> None:
    judge = judged(ListAdapter(THREE))
    await judge.test_every_statement_is_a_valid_event_of_the_agency()
    await judge.test_the_agency_may_say_every_statement()
    await judge.test_keys_are_distinct_and_the_same_at_every_reading()
    await judge.test_reading_goes_on_after_every_cursor()
    await judge.test_the_last_saying_has_a_cursor()
    await judge.test_a_message_that_does_not_concern_the_agency_is_ignored()
    await judge.test_hearing_an_event_twice_does_what_hearing_it_once_does()


Judgement = Callable[[AdapterConformance], Awaitable[None]]
FAULTS: list[tuple[ListAdapter, Judgement]] = [
    (ListAdapter([*THREE[:2], FOREIGN]), AdapterConformance.test_every_statement_is_a_valid_event_of_the_agency),
    (ListAdapter(THREE, agency="akc-vast"), AdapterConformance.test_the_agency_may_say_every_statement),
    (ListAdapter(THREE, agency="kommun-goteborg"), AdapterConformance.test_the_agency_may_say_every_statement),
    (ListAdapter([*THREE, THREE[0]]), AdapterConformance.test_keys_are_distinct_and_the_same_at_every_reading),
    (ListAdapter(THREE, forgets_cursors=True), AdapterConformance.test_reading_goes_on_after_every_cursor),
    (ListAdapter([*THREE, a_statement(4, cursor=None)]), AdapterConformance.test_the_last_saying_has_a_cursor),
    (ListAdapter(THREE, ends=True), AdapterConformance.test_the_last_saying_has_a_cursor),
    (ListAdapter(THREE[:2]), AdapterConformance.test_the_agency_may_say_every_statement),
]


@pytest.mark.parametrize(("adapter", "judgement"), FAULTS)
async def test_a_fault_is_seen(adapter: ListAdapter, judgement: Judgement) -> None:
    with pytest.raises(AssertionError):
        await judgement(judged(adapter))


async def test_an_adapter_that_refuses_what_it_does_not_know_is_seen() -> None:
    with pytest.raises(NotImplementedError):
        await judged(
            ListAdapter(THREE, refuses_the_unknown=True)
        ).test_a_message_that_does_not_concern_the_agency_is_ignored()
