"""Notify passes the conformance tests that every adapter must pass."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from samsyn_adapter_notify.adapter import NotifyAdapter
from samsyn_adapter_sdk.testing import AdapterConformance

from tests.unit.notify.people_told import AV, CITY, a_function, confirmed, people, rescheduled


@asynccontextmanager
async def an_agency() -> AsyncIterator[NotifyAdapter]:
    async with people(AV, a_function()) as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2))
        yield told.adapter


@asynccontextmanager
async def a_city() -> AsyncIterator[NotifyAdapter]:
    async with people(CITY, a_function(role="miljoforvaltningen", capacities=["t"])) as told:
        part = confirmed().participants[0].model_copy(update={"agency": CITY, "capacity_id": f"{CITY}:t1"})
        await told.tell(confirmed(1, participants=(part,)))
        await told.tell(rescheduled(2, participants=(part,)))
        yield told.adapter


class TestAnAgencysPeople(AdapterConformance):
    open = staticmethod(an_agency)
    quiet_seconds = 0.05


class TestACitysPeople(AdapterConformance):
    open = staticmethod(a_city)
    quiet_seconds = 0.05
