"""A broken adapter: it is told where and what is wrong, nobody else notices, and what is mended has its effect."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from samsyn_contracts.bus import ADMITTED, from_topic, headers_of, to_topic
from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.inspections import InspectionProposed, ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.operations import OperationConfirmed, OperationRescheduled
from samsyn_contracts.platform import EventAdmitted, EventRejected, RejectionReason

from tests.e2e.centre_at_work import AV, SKV, CentreAtWork, centre_at_work
from tests.support.samsyn import Party, Samsyn
from tests.support.trail import Heard, once

pytestmark = pytest.mark.scenario(7)

CITY, FOOD = "kommun-goteborg", "miljoforvaltningen"
FOOD_AGENCY = f"{CITY}/{FOOD}"
WRONG_ENUM: dict[str, Any] = {"unit": "squad", "consent": {"mode": "sometimes", "covers": ["time", "weather"]}}
READY = "select value->'ready' as ready from wanted where id = $1"


@dataclass(frozen=True)
class Broken:
    """The city's adapter: it speaks on the city's topic, and has not been tested."""

    city: Party

    async def says(self, message: Message, event_id: str, role: str | None = FOOD, **wrong: Any) -> None:
        """Say a message with some fields wrong, or without a role."""
        headers = headers_of(self.city.envelope(message, id=event_id, actorrole=role))
        await self.city.say_raw(headers, json.dumps({**json.loads(message.body()), **wrong}).encode())

    async def is_refused(self, event_id: str, since: int = 0) -> EventRejected:
        """The answer, which everything that was said before it may not stop."""
        return (await self.city.rejected(event_id, since)).message


@dataclass(frozen=True)
class Friday:
    """A Friday with sites for AV, SKV and the city, before any of its facts is said."""

    centre: CentreAtWork
    broken: Broken
    session: CapacityOffered
    teams: tuple[CapacityOffered, ...]
    city_team: CapacityOffered
    wanted: tuple[InspectionProposed, ...]
    city_site: InspectionProposed

    @property
    def operation(self) -> str:
        """The id of its operation."""
        return self.centre.operation(self.session)

    async def others_work(self) -> None:
        """AV, SKV and the police say what they have; it is planned and confirmed."""
        await self.centre.tell(self.session, *self.teams, *self.wanted)
        await self.centre.samsyn.quiet()
        await self.centre.tell(*self.centre.readiness(self.wanted, (AV, SKV)))
        await self.centre.settle()


@pytest.fixture
async def friday(samsyn: Samsyn) -> AsyncIterator[Friday]:
    """In Väst, where the city is a member; the week is over when the test is."""
    friday = await a_friday(samsyn)
    yield friday
    await friday.centre.pass_time(friday.session.end_at)


async def a_friday(samsyn: Samsyn) -> Friday:
    """A Friday of which nothing has been said, with an area that no other test's sites are in."""
    centre = await centre_at_work(samsyn, "akc-vast")
    own: dict[str, Any] = {"area": f"area-{centre.tag}"}
    wanted = tuple(centre.inspection(agency[:3], agency, **own) for agency in (AV, SKV))
    city_site = centre.inspection("city", AV, **{**own, "required_agencies": (FOOD_AGENCY,)})
    teams = tuple(centre.team("1", agency) for agency in (AV, SKV))
    city_team = centre.team("1", CITY, role=FOOD)
    broken = Broken(centre.party(CITY))
    return Friday(centre, broken, centre.session("friday", **own), teams, city_team, wanted, city_site)


def ids() -> tuple[str, str]:
    """Two event ids of an adapter that derives its own."""
    return f"city-{uuid.uuid4()}", f"city-{uuid.uuid4()}"


def told(reasons: tuple[RejectionReason, ...]) -> set[tuple[str, str]]:
    """Where and what; each reason says it in both languages."""
    assert all(reason.text_sv and reason.text_en and reason.text_sv != reason.text_en for reason in reasons)
    return {(reason.pointer, reason.code) for reason in reasons}


def records_of(samsyn: Samsyn, event_id: str) -> list[Heard]:
    """Every record that is the event or came of it."""
    return [r for r in samsyn.trail.records if event_id in (r.id, r.attribute("causationid"), r.attribute("subject"))]


async def test_what_is_wrong_is_told_to_the_sender_alone_where_and_in_both_languages(
    samsyn: Samsyn, friday: Friday
) -> None:
    wrong_enum, no_role = ids()

    await friday.broken.says(friday.city_team, wrong_enum, **WRONG_ENUM)
    await friday.broken.says(friday.city_team, no_role, role=None)

    enum, role = await friday.broken.is_refused(wrong_enum), await friday.broken.is_refused(no_role)
    await samsyn.quiet()
    fields = {"/unit", "/consent/mode", "/consent/covers/1"}
    assert told(enum.reasons) == {(pointer, "invalid_field") for pointer in fields}
    assert told(role.reasons) == {("/headers/ce_actorrole", "role_missing")}
    assert (enum.replayable, role.replayable) == (False, False)
    for event_id in (wrong_enum, no_role):
        assert {record.topic for record in records_of(samsyn, event_id)} == {from_topic(CITY), to_topic(CITY)}


async def test_the_others_of_the_centre_are_planned_while_the_adapter_says_nothing_but_nonsense(friday: Friday) -> None:
    centre, said = friday.centre, list[str]()
    for step in (friday.others_work, centre.settle):
        said += ids()
        await friday.broken.says(friday.city_team, said[-2], **WRONG_ENUM)
        await friday.broken.says(friday.city_team, said[-1], role=None)
        await step()

    assert len(centre.confirmed(friday.session)) == 1
    assert [(await friday.broken.is_refused(event_id)).rejected_id for event_id in said] == said


async def test_what_was_refused_and_is_mended_is_admitted_under_the_same_id_and_planned(
    samsyn: Samsyn, friday: Friday
) -> None:
    wrong_enum, no_role = ids()
    centre = friday.centre
    await friday.others_work()
    await centre.tell(friday.city_site)
    ready = centre.readiness((*friday.wanted, friday.city_site), (CITY,))
    await friday.broken.says(friday.city_team, wrong_enum, **WRONG_ENUM)
    await friday.broken.says(ready[0], no_role, role=None)
    refused = [await friday.broken.is_refused(event_id) for event_id in (wrong_enum, no_role)]
    await centre.settle()
    assert len(refused) == 2
    since = len(samsyn.trail.records)

    await friday.broken.says(friday.city_team, wrong_enum)
    await friday.broken.says(ready[0], no_role)
    for event_id in (wrong_enum, no_role):
        await friday.broken.city.admitted(event_id, since)
    await centre.settle()

    (grown,) = friday.broken.city.told(OperationRescheduled, since)
    assert (grown.message.operation_id, grown.message.ladder_step) == (friday.operation, "grown")
    assert friday.city_site.inspection_id in {visit.inspection_id for visit in grown.message.inspections}
    assert friday.city_team.capacity_id in {one.capacity_id for one in grown.message.participants}
    await centre.tell(*centre.readiness((friday.city_site,), (AV, SKV)))
    for declared in ready[1:]:
        await friday.broken.city.tell(declared, actorrole=FOOD)
    await samsyn.quiet()
    (confirmed,) = friday.broken.city.told(OperationConfirmed, since)
    assert confirmed.message.operation_id == friday.operation


async def test_what_was_said_too_early_is_taken_when_it_is_said_again(samsyn: Samsyn, friday: Friday) -> None:
    centre, city, event_id = friday.centre, friday.broken.city, ids()[0]
    early = ReadinessDeclared(inspection_id=friday.city_site.inspection_id, agency=CITY, ready=True)

    # Twice before AV has said that it wants the inspection: refused each time, and each time told so.
    for number in (1, 2):
        await friday.broken.says(early, event_id)
        await samsyn.quiet()
        refused = [one.message for one in once(city.told(EventRejected)) if one.message.rejected_id == event_id]
        assert [told(one.reasons) for one in refused] == [{("/inspection_id", "unknown_id")}] * number
        assert all(one.replayable for one in refused)
    await centre.tell(friday.city_site)
    since = len(samsyn.trail.records)
    await friday.broken.says(early, event_id)
    await samsyn.quiet()

    (ready,) = await samsyn.rows("planning", READY, early.inspection_id)
    assert json.loads(ready["ready"]) == {FOOD_AGENCY: True}
    assert [one.message.admitted_id for one in city.told(EventAdmitted, since)] == [event_id]
    assert city.told(EventRejected, since) == []

    # It has had its effect: said once more it is answered, and nothing follows.
    num_published = len([record for record in records_of(samsyn, event_id) if record.topic == ADMITTED])
    await friday.broken.says(early, event_id)
    await samsyn.quiet()
    assert len([record for record in records_of(samsyn, event_id) if record.topic == ADMITTED]) == num_published == 3
