"""The City of Gothenburg's two departments: each speaks for itself and hears what is its own, in its own register."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samsyn_adapter_kommun_goteborg.adapter import CityAdapter, NoDepartmentError
from samsyn_adapter_kommun_goteborg.environment import EnvironmentRegister
from samsyn_adapter_kommun_goteborg.licensing import LicensingRegister
from samsyn_adapter_sdk import RetryError, Statement
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.findings import FindingShared, FindingWithheld
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationConfirmed,
    OperationPostponed,
    OperationScheduled,
    Participant,
    ParticipationRequested,
)
from samsyn_demo.agencies.deeds import Question, Received
from samsyn_demo.agencies.environment_register import EnvironmentRegisterApi
from samsyn_demo.agencies.licensing_register import LicensingRegisterApi
from samsyn_demo.agencies.office import Office

from tests.support.agency_worlds import a_shift, a_site, a_world
from tests.support.heard_messages import COMMON, PLANNED, SLOT, START_AT, envelope_of
from tests.support.next_sayings import next_sayings
from tests.support.opened_adapters import DEPARTMENTS, KOMMUN, City, KeptContents, a_city, a_city_world

ENVIRONMENT, LICENSING = DEPARTMENTS
CAPACITY = {ENVIRONMENT: f"{KOMMUN}:mf-t1", LICENSING: f"{KOMMUN}:te-t2"}
OPERATION = str(COMMON["operation_id"])
REF = "contents:skatteverket:00000000-0000-4000-8000-000000000001"


def taking_part(*roles: str, **overrides: Any) -> OperationScheduled:
    others = [Participant(agency="skatteverket", capacity_id="skatteverket:t1", status="accepted")]
    own = [Participant(agency=KOMMUN, capacity_id=CAPACITY[r], status="accepted", role=r) for r in roles]
    told = {**COMMON, "slot": SLOT, "participants": (*others, *own), "inspections": (PLANNED,), **overrides}
    return OperationScheduled.model_validate(told)


def postponed(**overrides: Any) -> OperationPostponed:
    why = {"cause_code": "police_lost", "cause_event_ids": (), "reasons": (), "released": (), "notice_minutes": 9}
    return OperationPostponed.model_validate({**COMMON, "from_slot": SLOT, **why, "plan_version": 2, **overrides})


def shared(**overrides: Any) -> FindingShared:
    own = {
        "finding_id": "skatteverket:f1",
        "operation_id": OPERATION,
        "inspection_id": "skatteverket:i1",
        "sender": "skatteverket",
        "receiver": KOMMUN,
        "rule_id": "b07",
        "purpose": "follow-up",
        "category": "tax",
        "payload_ref": REF,
    }
    return FindingShared.model_validate({**own, **overrides})


def withheld(**overrides: Any) -> FindingWithheld:
    own = {
        "finding_id": "skatteverket:f1",
        "operation_id": OPERATION,
        "sender": "skatteverket",
        "receiver": KOMMUN,
        "reason_code": "denied",
        "told_to": KOMMUN,
        "contact_function": "secrecy_contact",
    }
    return FindingWithheld.model_validate({**own, **overrides})


def requested(role: str, **overrides: Any) -> ParticipationRequested:
    asked = {**COMMON, "agency": KOMMUN, "capacity_id": CAPACITY[role], "slot": SLOT, "inspections": (PLANNED,)}
    return ParticipationRequested.model_validate({**asked, "reply_by": START_AT, **overrides})


async def hear(city: City, *messages: Message) -> None:
    city.contents.kept[REF] = {"text": "Påhitt."}
    for number, message in enumerate(messages, start=1):
        await city.adapter.hear(message, envelope_of(message, f"told-{number}"))


async def test_each_department_speaks_in_its_role_of_its_own_things() -> None:
    async with a_city() as city:
        statements = [s for s in await next_sayings(city.adapter.said(None), 50) if isinstance(s, Statement)]
    assert {(s.role, s.message.subject) for s in statements if s.message.owner_of != "agency"} == {
        (ENVIRONMENT, f"{KOMMUN}:mf-t1"),
        (ENVIRONMENT, f"{KOMMUN}:mf-obj-1"),
        (ENVIRONMENT, f"{KOMMUN}:mf-obj-2"),
        (LICENSING, f"{KOMMUN}:te-t2"),
        (LICENSING, f"{KOMMUN}:te-obj-3"),
    }


async def test_a_sole_traders_identity_is_in_the_store_and_in_no_statement() -> None:
    async with a_city() as city:
        statements = [s for s in await next_sayings(city.adapter.said(None), 50) if isinstance(s, Statement)]
    assert not any(b"401399" in statement.message.body() for statement in statements)
    assert {"name": "Frisör Ada Påhitt", "organisation_number": "401399-1234"} in city.contents.kept.values()
    assert set(city.contents.about.values()) == {f"{KOMMUN}:mf-plats-obj-2"}


@pytest.mark.parametrize("role", DEPARTMENTS)
async def test_a_question_reaches_the_department_whose_team_is_asked_for(role: str) -> None:
    async with a_city() as city:
        await hear(city, requested(role))
    asked = {ENVIRONMENT: city.environment.questions, LICENSING: city.licensing.questions}
    assert asked.pop(role)["told-1"] == Question(
        "told-1", OPERATION, CAPACITY[role][-2:], "polisen:p1", START_AT, ("skatteverket:i1",)
    )
    assert list(asked.values()) == [{}]


async def test_a_booking_reaches_the_department_that_takes_part_alone() -> None:
    async with a_city() as city:
        await hear(city, taking_part(LICENSING))
    assert city.licensing.bookings[OPERATION].shift_ids == ("t2",)
    assert not city.environment_register.calendar


async def test_of_two_departments_in_one_operation_the_first_speaks_for_the_city() -> None:
    async with a_city() as city:
        await hear(city, taking_part(ENVIRONMENT, LICENSING))
    assert city.environment_register.calendar[OPERATION].talar_for_staden
    assert not city.licensing_register.booked[OPERATION].spokesman
    assert city.environment.bookings[OPERATION].shift_ids == ("t1",)
    assert city.licensing.bookings[OPERATION].shift_ids == ("t2",)


async def test_a_department_that_is_released_is_told_and_the_other_keeps_its_part() -> None:
    async with a_city() as city:
        await hear(city, taking_part(ENVIRONMENT, LICENSING), taking_part(ENVIRONMENT, plan_version=2))
    assert not city.licensing.bookings
    assert city.environment.bookings[OPERATION].plan_version == 2


@pytest.mark.parametrize("stays", DEPARTMENTS)
async def test_a_department_that_has_left_hears_no_more_of_the_operation(stays: str) -> None:
    async with a_city() as city:
        later = [taking_part(stays, plan_version=2), taking_part(stays, plan_version=3)]
        await hear(city, taking_part(ENVIRONMENT, LICENSING), *later)
    versions = {
        ENVIRONMENT: city.environment_register.calendar[OPERATION].plan,
        LICENSING: city.licensing_register.booked[OPERATION].version,
    }
    assert versions.pop(stays) == 3
    assert list(versions.values()) == [2]


async def test_a_postponed_operation_is_told_to_those_who_had_a_part() -> None:
    async with a_city() as city:
        await hear(city, taking_part(ENVIRONMENT), postponed())
    assert city.environment_register.calendar[OPERATION].lage == "struken"
    assert not city.licensing_register.booked


@pytest.mark.parametrize(
    ("told", "role"),
    [
        pytest.param(shared(inspection_id=f"{KOMMUN}:te-obj-3", category="tax"), LICENSING, id="whose inspection"),
        pytest.param(shared(category="food_safety"), ENVIRONMENT, id="whose field of law"),
        pytest.param(shared(category="tax"), LICENSING, id="who takes part"),
    ],
)
async def test_a_finding_reaches_one_department(told: FindingShared, role: str) -> None:
    async with a_city() as city:
        await hear(city, taking_part(LICENSING), told)
    received = {ENVIRONMENT: city.environment.received, LICENSING: city.licensing.received}
    assert received.pop(role)["skatteverket:f1"].content == '{"text": "Påhitt."}'
    assert list(received.values()) == [{}]
    assert city.contents.acknowledged == [REF]


@pytest.mark.parametrize("roles", [(), DEPARTMENTS])
async def test_a_finding_that_no_rule_gives_to_one_department_is_fetched_for_neither(roles: Sequence[str]) -> None:
    async with a_city() as city:
        await hear(city, *([taking_part(*roles)] if roles else []))
        with pytest.raises(NoDepartmentError):
            await hear(city, shared(category="tax"))
    assert (city.environment.received, city.licensing.received, city.contents.acknowledged) == ({}, {}, [])


async def test_a_secret_finding_names_whom_to_ask() -> None:
    async with a_city() as city:
        await hear(city, taking_part(LICENSING), withheld())
    told = Received("skatteverket:f1", "skatteverket", ask="sekretess, fråga secrecy_contact")
    assert (city.licensing.received, city.environment.received) == ({"skatteverket:f1": told}, {})


async def test_who_did_not_get_a_departments_finding_is_told_to_that_department() -> None:
    own = withheld(finding_id=f"{KOMMUN}:mf-f1", sender=KOMMUN, receiver="skatteverket", told_to=None)
    async with a_city() as city:
        await hear(city, taking_part(ENVIRONMENT, LICENSING), own)
    assert city.environment.received[f"{KOMMUN}:mf-f1"].ask == "ej delat med skatteverket"
    assert not city.licensing.received


async def test_a_register_that_is_away_does_not_silence_the_other() -> None:
    async with a_city() as city, registers_answering(httpx.Response(503), None, city) as adapter:
        statements = [s for s in await next_sayings(adapter.said(None), 50) if isinstance(s, Statement)]
    assert {statement.role for statement in statements} == {LICENSING}


async def test_two_registers_that_are_away_are_waited_for() -> None:
    async with a_city() as city, registers_answering(httpx.Response(503), httpx.Response(503), city) as adapter:
        with pytest.raises(RetryError):
            await anext(aiter(adapter.said(None)))


@asynccontextmanager
async def registers_answering(
    environment: httpx.Response | None, licensing: httpx.Response | None, city: City
) -> AsyncIterator[CityAdapter]:
    """The city's adapter with registers that give these answers; None: as they are."""
    apps = city.environment_register.app, city.licensing_register.app
    answers = environment, licensing
    own = [
        httpx.MockTransport(lambda _request, answer=answer: answer) if answer else httpx.ASGITransport(app)
        for app, answer in zip(apps, answers, strict=True)
    ]
    async with (
        httpx.AsyncClient(base_url="http://mf", transport=own[0]) as one,
        httpx.AsyncClient(base_url="http://te", transport=own[1]) as other,
    ):
        registers = EnvironmentRegister(OwnSystem(one)), LicensingRegister(OwnSystem(other))
        yield CityAdapter(registers, KeptContents().client(), poll_seconds=0.02)


class Recorded:
    """What is handed to each department's register, as text."""

    def __init__(self) -> None:
        self.told: dict[str, list[str]] = {role: [] for role in DEPARTMENTS}

    @asynccontextmanager
    async def adapter(self) -> AsyncIterator[CityAdapter]:
        world = a_city_world()
        offices = [Office(KOMMUN, [world], role) for role in DEPARTMENTS]
        apps = EnvironmentRegisterApi(offices[0]).app, LicensingRegisterApi(offices[1]).app
        async with self._client(ENVIRONMENT, apps[0]) as one, self._client(LICENSING, apps[1]) as other:
            contents = KeptContents(kept={REF: {"text": "Påhitt."}}).client()
            yield CityAdapter((EnvironmentRegister(OwnSystem(one)), LicensingRegister(OwnSystem(other))), contents)

    def _client(self, role: str, app: Any) -> httpx.AsyncClient:
        async def note(request: httpx.Request) -> None:
            if request.method != "GET":
                self.told[role].append(f"{request.url.path} {request.content.decode()}")

        hooks = {"request": [note]}
        return httpx.AsyncClient(base_url="http://own", transport=httpx.ASGITransport(app), event_hooks=hooks)


ROLES = st.sets(st.sampled_from(DEPARTMENTS)).map(sorted)
OPERATIONS = st.sampled_from(["op:1", "op:2"])
VERSIONS = st.integers(1, 5)
CATEGORIES = st.sampled_from(["tax", "food_safety", "licensing", "work_environment"])
OWN_FINDINGS = st.sampled_from([f"{KOMMUN}:mf-f1", f"{KOMMUN}:te-f1"])
HEARD = st.one_of(
    st.builds(lambda r, o: requested(r, operation_id=o), st.sampled_from(DEPARTMENTS), OPERATIONS),
    st.builds(lambda r, o, v: taking_part(*r, operation_id=o, plan_version=v), ROLES, OPERATIONS, VERSIONS),
    st.builds(lambda o, v: postponed(operation_id=o, plan_version=v), OPERATIONS, VERSIONS),
    st.builds(lambda o, c: shared(operation_id=o, category=c), OPERATIONS, CATEGORIES),
    st.builds(lambda o: withheld(operation_id=o), OPERATIONS),
    st.builds(
        lambda f, o: withheld(operation_id=o, finding_id=f, sender=KOMMUN, receiver="polisen"), OWN_FINDINGS, OPERATIONS
    ),
)


@given(messages=st.lists(HEARD, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_nothing_that_is_one_departments_is_ever_handed_to_the_other(messages: list[Message]) -> None:
    recorded = Recorded()

    async def hear_all() -> None:
        async with recorded.adapter() as adapter:
            for number, message in enumerate(messages):
                try:
                    await adapter.hear(message, envelope_of(message, f"told-{number}"))
                except NoDepartmentError:  # handed to neither
                    continue

    asyncio.run(hear_all())
    assert not [text for text in recorded.told[ENVIRONMENT] if ":te-" in text or LICENSING in text or '"t2"' in text]
    assert not [text for text in recorded.told[LICENSING] if ":mf-" in text or ENVIRONMENT in text or '"t1"' in text]


@given(of_shifts=st.lists(st.sampled_from(DEPARTMENTS)), of_sites=st.lists(st.sampled_from(DEPARTMENTS), min_size=1))
@settings(max_examples=25, deadline=None)
def test_nothing_that_one_department_says_is_the_others(of_shifts: list[str], of_sites: list[str]) -> None:
    """Each thing has its department's name in it; what is said of others' sites is the wish to see them."""
    shifts = tuple(a_shift(f"{role}-{n}", KOMMUN, team=role, role=role) for n, role in enumerate(of_shifts))
    sites = tuple(a_site(f"{role}-{n}", KOMMUN, role=role, name=role) for n, role in enumerate(of_sites))

    async def said() -> list[Statement]:
        async with a_city(a_world(shifts=shifts, sites=sites)) as city:
            num = int(city.environment.diary.latest or 0) + int(city.licensing.diary.latest or 0)
            sayings = await next_sayings(city.adapter.said(None), num)
            return [saying for saying in sayings if isinstance(saying, Statement)]

    own = [statement for statement in asyncio.run(said()) if statement.message.owner_of != "agency"]
    assert len(own) == len(shifts) + len(sites)
    for statement in own:
        (other,) = set(DEPARTMENTS) - {statement.role}
        assert other not in statement.message.body().decode()
        assert other not in statement.key


async def test_a_confirmed_operation_is_told_as_confirmed_in_both_registers_words() -> None:
    guards = {"police": "met", "other_agency": "met", "ready": "met", "coordinator": "not_needed"}
    told = taking_part(ENVIRONMENT, LICENSING).model_dump() | {"guard_results": guards}
    async with a_city() as city:
        await hear(city, OperationConfirmed.model_validate(told))
    assert city.environment.bookings[OPERATION].state == city.licensing.bookings[OPERATION].state == "confirmed"
