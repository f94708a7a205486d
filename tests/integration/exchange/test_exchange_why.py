"""Why an operation is as it is: noted as events become known, asked over HTTP, and never with more than P1."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from samsyn_contracts.bus import PLANNING, from_topic
from samsyn_contracts.envelope import Event, party_source
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_exchange.domain.chronicle import MOST_EVENTS
from samsyn_exchange.tokens import OPERATIONS, token_for
from samsyn_local.services import Services

from tests.integration.exchange.conftest import SECRET
from tests.integration.exchange.wire import Wire
from tests.unit.exchange.saying import CENTRE, SITE, a_service_event, an_envelope, an_event

PATIENCE_SECONDS = 120
Account = dict[str, Any]


@dataclass
class Asking:
    """Asks the exchange why, with a token."""

    client: httpx.AsyncClient
    token: str = token_for(SECRET, OPERATIONS)

    async def answer(self, asked: str, **params: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.client.get(f"/v1/why/{asked}", params=params, headers=headers)

    async def why(self, asked: str, num_events: int = 1) -> Account:
        """The account, once it has as many events."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self.answer(asked)
            told: Account = answer.json()
            if answer.status_code == 200 and len(told["events"]) >= num_events:
                return told
            assert time.monotonic() < deadline, f"{asked}: {told}"
            await asyncio.sleep(0.05)


@pytest.fixture
async def asking(exchange: Services) -> AsyncIterator[Asking]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{exchange.http_port('exchange')}", timeout=20) as client:
        yield Asking(client)


@dataclass(frozen=True)
class Story:
    """An operation scheduled, its session cancelled, a plan that postpones it, and a participant that has seen that."""

    operation_id: str
    code_name: str
    events: tuple[Event, ...]

    @property
    def ids(self) -> list[str]:
        return [event.envelope.id for event in self.events]


def because_of(cause: Event, event: Event) -> Event:
    return Event(event.envelope.model_copy(update={"causationid": cause.envelope.id}), event.message)


async def a_story(wire: Wire, asking: Asking) -> Story:
    """It has happened, event by event."""
    tag = uuid.uuid4().hex
    told: dict[str, Any] = {"operation_id": f"op:polisen:{tag}", "code_name": f"Ask {tag}"}
    slot = {"session_id": f"polisen:{tag}", "start_at": "2025-05-08T07:00:00Z", "end_at": "2025-05-08T15:00:00Z"}
    # Versions are a centre's: one that no other test of this exchange has.
    version = int(tag[:6], 16) + 10
    scheduled = a_service_event("OperationScheduled", **told, slot=slot)
    lost = an_event("PoliceCancelled", capacity_id=f"polisen:{tag}", disturbance_id=f"polisen:{tag}-d")
    causes: dict[str, Any] = {"cause_event_ids": [lost.envelope.id], "plan_version": version}
    postponed = because_of(lost, a_service_event("OperationPostponed", **told, **causes, from_slot=slot))
    plan = because_of(lost, a_service_event("PlanPublished", **causes, previous_version=version - 1))
    seen = NotificationAcknowledged(
        operation_id=told["operation_id"], agency="arbetsmiljoverket", plan_version=version, by_function="team_leader"
    )
    acknowledged = Event(an_envelope("NotificationAcknowledged", party_source("arbetsmiljoverket")), seen)
    await wire.say(PLANNING, scheduled, CENTRE)
    await asking.why(told["operation_id"])
    await wire.say(from_topic("polisen"), lost)
    await asking.why(lost.envelope.id)
    await wire.say(PLANNING, postponed, CENTRE)
    await wire.say(PLANNING, plan, CENTRE)
    await asking.why(lost.envelope.id, 3)
    await wire.say(from_topic("arbetsmiljoverket"), acknowledged)
    return Story(told["operation_id"], told["code_name"], (scheduled, lost, plan, postponed, acknowledged))


async def test_an_operations_story_is_told_in_order_with_the_causes_of_each_event(wire: Wire, asking: Asking) -> None:
    story = await a_story(wire, asking)
    scheduled, lost, plan, postponed, _ = story.ids

    told = await asking.why(story.operation_id, 5)

    assert [event["id"] for event in told["events"]] == story.ids
    assert {event["id"]: event["chain"] for event in told["events"]}[postponed] == [lost, plan]
    assert set(told["asked"]) == {scheduled, postponed, story.ids[-1]}
    assert told["code_names"] == {story.operation_id: story.code_name}
    assert not told["is_cut"]


async def test_it_tells_who_was_told_in_which_view_and_who_has_seen_it(wire: Wire, asking: Asking) -> None:
    story = await a_story(wire, asking)

    told = await asking.why(story.operation_id, 5)

    events = {event["name"]: event for event in told["events"]}
    views = {one["party"]: one["view"] for one in events["OperationScheduled"]["told"]}
    assert views["polisen"] == "accepted"
    assert views["arbetsmiljoverket"] == "invited"
    assert views[CENTRE] == "internal"
    assert [one["party"] for one in events["OperationPostponed"]["acknowledged"]] == ["arbetsmiljoverket"]


async def test_an_operation_is_found_by_its_code_name(wire: Wire, asking: Asking) -> None:
    story = await a_story(wire, asking)

    assert (await asking.why(story.code_name, 5))["operation_id"] == story.operation_id


async def test_an_event_is_told_with_what_is_behind_it_and_what_followed(wire: Wire, asking: Asking) -> None:
    story = await a_story(wire, asking)
    _, lost, plan, postponed, _ = story.ids

    of_loss, of_plan = await asking.why(lost, 3), await asking.why(plan, 2)

    assert [event["id"] for event in of_loss["events"]] == [lost, plan, postponed]
    assert [event["id"] for event in of_plan["events"]] == [lost, plan]
    assert (of_loss["asked"], of_loss["operation_id"]) == ([lost], None)


async def test_a_session_is_told_by_all_that_was_said_of_it(wire: Wire, asking: Asking) -> None:
    story = await a_story(wire, asking)
    _, lost, plan, postponed, _ = story.ids

    told = await asking.why(story.operation_id.removeprefix("op:"), 3)

    assert [event["id"] for event in told["events"]] == [lost, plan, postponed]


async def test_nothing_above_p1_is_in_it(wire: Wire, asking: Asking) -> None:
    story = await a_story(wire, asking)

    text = json.dumps(await asking.why(story.operation_id, 5), ensure_ascii=False)

    assert [SITE[name] for name in ("address", "name", "organisation_number") if SITE[name] in text] == []
    assert [name for name in ("site", "municipality", "industry", "position", "disturbance_id") if name in text] == []


async def test_of_a_very_long_story_the_newest_is_told_and_that_it_is_cut(wire: Wire, asking: Asking) -> None:
    story = await a_story(wire, asking)
    told = {"operation_id": story.operation_id, "code_name": story.code_name}
    said = [a_service_event("OperationScheduled", **told, plan_version=4) for _ in range(MOST_EVENTS)]
    for event in said:
        await wire.say(PLANNING, event, CENTRE)

    deadline = time.monotonic() + PATIENCE_SECONDS
    while (account := await asking.why(story.operation_id))["events"][-1]["id"] != said[-1].envelope.id:
        assert time.monotonic() < deadline, len(account["events"])
        await asyncio.sleep(0.1)

    assert (len(account["events"]), account["is_cut"]) == (MOST_EVENTS, True)


async def test_only_those_who_run_samsyn_may_ask(asking: Asking) -> None:
    by_party = Asking(asking.client, token_for(SECRET, "polisen"))

    assert (await by_party.answer("Tistelås")).status_code == 401


async def test_what_nobody_has_heard_of_is_said_so_in_both_languages(asking: Asking) -> None:
    answer = await asking.answer("Nowhere")

    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_noted")
    assert {"text_sv", "text_en"} < answer.json().keys()


async def test_a_code_name_of_two_centres_asks_for_the_centre(wire: Wire, asking: Asking) -> None:
    name = f"Björk {uuid.uuid4().hex}"
    ids = {centre: f"op:polisen:{uuid.uuid4()}" for centre in (CENTRE, "akc-nord")}
    for centre, operation_id in ids.items():
        told = {"operation_id": operation_id, "code_name": name}
        await wire.say(PLANNING, a_service_event("OperationScheduled", centre=centre, **told), centre)
        await asking.why(operation_id)

    of_both, of_one = await asking.answer(name), await asking.answer(name, centre="akc-nord")

    assert (of_both.status_code, of_both.json()["code"]) == (409, "several_centres")
    assert of_one.json()["operation_id"] == ids["akc-nord"]
