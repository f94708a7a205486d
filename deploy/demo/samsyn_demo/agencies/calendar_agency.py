"""Agencies whose own adapters come later: an office in this process and one adapter for all of them over the SDK."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from samsyn_adapter_sdk import Contents, Saying, Statement, contents_ref
from samsyn_adapter_sdk.bookings import booking_of
from samsyn_contracts.capacity import CapacityConsent, CapacityOffered, CapacityWithdrawn
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.inspections import (
    InspectionProposed,
    InspectionWithdrawn,
    InterestDeclared,
    ReadinessDeclared,
    Site,
    TimeWindow,
)
from samsyn_contracts.message import Message, Position
from samsyn_contracts.operations import (
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationRequested,
    ParticipationWithdrawn,
)

from samsyn_demo.agencies.diary import Entry
from samsyn_demo.agencies.office import (
    Answered,
    Booking,
    Deed,
    InterestTaken,
    Office,
    PartTakenBack,
    Prepared,
    Question,
    ShiftOffered,
    ShiftWithdrawn,
    SiteWanted,
    SiteWithdrawn,
)
from samsyn_demo.records import TeamShift, WantedSite

_STANDING_COVERS = ("time", "other_site", "other_police_unit", "fewer_officers", "other_participants")
_CONSENTS: Mapping[str, CapacityConsent] = {
    "standing": CapacityConsent(mode="standing", covers=_STANDING_COVERS),
    "ask": CapacityConsent(mode="ask"),
}


class CalendarAdapter:
    """Between one office and Samsyn."""

    def __init__(self, office: Office, contents: Contents) -> None:
        self.agency = office.agency
        self._office = office
        self._contents = contents
        self._grown = asyncio.Event()
        office.diary.on_growth.append(self._grown.set)

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What the office's diary says, from the entry after the cursor on."""
        number = int(after or 0)
        while True:
            self._grown.clear()
            for entry in self._office.diary.after(number):
                number = entry.number
                if isinstance(entry.deed, SiteWanted) and entry.deed.site.is_sole_trader:
                    await self._put_identity(entry.deed.site)
                yield self._statement(entry)
            if not self._office.diary.after(number, 1):
                await self._grown.wait()

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Put questions in the office's inbox and bookings in its calendar."""
        if isinstance(message, ParticipationRequested) and message.agency == self.agency:
            self._office.ask(
                Question(
                    question_id=envelope.id,
                    operation_id=message.operation_id,
                    shift_id=_own_number(message.capacity_id),
                    session_id=message.slot.session_id,
                    start_at=message.slot.start_at,
                    inspection_ids=tuple(inspection.inspection_id for inspection in message.inspections),
                )
            )
        booking = booking_of(message, self.agency)
        if booking is not None:
            shift_ids = tuple(_own_number(capacity_id) for capacity_id in booking.capacity_ids)
            self._office.book(
                Booking(booking.operation_id, booking.state, shift_ids, booking.start_at, booking.inspection_ids)
            )

    def _statement(self, entry: Entry[Deed]) -> Statement:
        deed = entry.deed
        return Statement(
            message=_MESSAGES[type(deed)](self.agency, deed),
            occurred_at=entry.at,
            key=f"diary:{entry.number}",
            centre=self._office.centre,
            role=_role_of(deed),
            cursor=str(entry.number),
            causationid=deed.question.question_id if isinstance(deed, Answered) else None,
        )

    async def _put_identity(self, site: WantedSite) -> None:
        identity = {"name": site.name, "organisation_number": site.organisation_number}
        await self._contents.put(_identity_ref(self.agency, site), identity, about=_site_id(self.agency, site))


def _role_of(deed: Deed) -> str | None:
    match deed:
        case InterestTaken(role=role) | Prepared(role=role):
            return role
        case SiteWanted(site=site) | SiteWithdrawn(site=site):
            return site.role
        case _:
            return deed.shift.role


def _own_number(capacity_id: str) -> str:
    return capacity_id.partition(":")[2]


def _site_id(agency: str, site: WantedSite) -> str:
    return f"{agency}:site-{site.inspection_id}"


def _identity_ref(agency: str, site: WantedSite) -> str:
    return contents_ref(agency, f"identity:{site.inspection_id}")


def _offered(agency: str, shift: TeamShift) -> Message:
    has_place = shift.lat is not None and shift.lon is not None
    return CapacityOffered(
        capacity_id=f"{agency}:{shift.shift_id}",
        unit="team",
        team=re.sub(r"[^a-z0-9-]", "-", f"{agency}-{shift.team}".lower()),
        role=shift.role,
        start_at=shift.start_at,
        end_at=shift.end_at,
        staff=shift.inspectors,
        skills=shift.skills,
        consent=_CONSENTS[shift.consent],
        base=Position(lat=shift.lat or 0, lon=shift.lon or 0) if has_place else None,
    )


def _proposed(agency: str, site: WantedSite) -> Message:
    return InspectionProposed.model_validate(
        {
            "inspection_id": f"{agency}:{site.inspection_id}",
            "site": _site(agency, site),
            "indications": site.indications,
            "police_need": site.police_need,
            "value": site.value,
            "programme": "a-krim",
            "duration_minutes": site.duration_minutes,
            "time_windows": [TimeWindow(from_at=opens, until_at=closes) for opens, closes in site.windows],
            "due_at": site.due_at,
            "deadline_at": site.deadline_at,
            "required_agencies": site.required_agencies,
            "min_officers": site.min_officers,
            "exploitation_indicated": site.exploitation_indicated,
        }
    )


def _site(agency: str, site: WantedSite) -> Site:
    return Site(
        site_id=_site_id(agency, site),
        municipality=site.municipality,
        industry=site.industry,
        position=Position(lat=site.lat, lon=site.lon),
        name=None if site.is_sole_trader else site.name,
        organisation_number=None if site.is_sole_trader else site.organisation_number,
        identity_ref=_identity_ref(agency, site) if site.is_sole_trader else None,
    )


def _answer(agency: str, answered: Answered) -> Message:
    question, capacity_id = answered.question, f"{agency}:{answered.shift.shift_id}"
    if not answered.is_yes:
        return ParticipationDeclined(
            operation_id=question.operation_id, capacity_id=capacity_id, reason_code=answered.reason
        )
    return ParticipationAccepted(
        operation_id=question.operation_id,
        capacity_id=capacity_id,
        session_id=question.session_id,
        head_count=answered.shift.inspectors,
    )


_MESSAGES: Mapping[type[Deed], Callable[[str, Any], Message]] = {
    ShiftOffered: lambda agency, deed: _offered(agency, deed.shift),
    ShiftWithdrawn: lambda agency, deed: CapacityWithdrawn(
        capacity_id=f"{agency}:{deed.shift.shift_id}", reason_code=deed.reason
    ),
    SiteWanted: lambda agency, deed: _proposed(agency, deed.site),
    SiteWithdrawn: lambda agency, deed: InspectionWithdrawn(
        inspection_id=f"{agency}:{deed.site.inspection_id}", reason_code=deed.reason
    ),
    InterestTaken: lambda agency, deed: InterestDeclared(
        inspection_id=deed.inspection_id, agency=agency, interest=deed.level
    ),
    Prepared: lambda agency, deed: ReadinessDeclared(inspection_id=deed.inspection_id, agency=agency, ready=True),
    Answered: _answer,
    PartTakenBack: lambda agency, deed: ParticipationWithdrawn(
        operation_id=deed.operation_id, capacity_id=f"{agency}:{deed.shift.shift_id}", reason_code=deed.reason
    ),
}
