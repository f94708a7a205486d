"""Tillståndsenheten's simulated register: a department's office in its own codes, over REST, that calls nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Response
from pydantic import BaseModel, Field

from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Answered,
    Booking,
    BrokenOff,
    Deed,
    FindingMade,
    GivenUp,
    InspectionDone,
    InterestTaken,
    OperationBegun,
    PartTakenBack,
    Prepared,
    Question,
    Received,
    ShiftOffered,
    ShiftWithdrawn,
    SiteWanted,
    SiteWithdrawn,
    Visit,
)
from samsyn_demo.agencies.diary import Entry
from samsyn_demo.agencies.office import Office
from samsyn_demo.records import TeamShift, WantedSite

_AREA = {"akc-vast": "W"}
_CONSENT = {"standing": "S", "ask": "A"}
_BREACH = {
    "alcohol_permit_breach": "8:1",
    "hygiene_shortcomings": "H",
    "staff_ledger_missing": "L",
    "undeclared_wages": "W",
    "no_work_permit": "P",
    "working_hours_breach": "T",
    "unsafe_workplace": "U",
    "benefit_misuse": "B",
    "unsafe_chemicals": "C",
    "subsidy_misuse": "S",
    "poor_housing": "D",
}
_POLICE = {"required": "2", "wanted": "1", "not_needed": "0"}
_GRADE = {"low": "1", "medium": "2", "high": "3"}
_WHY = {"no_resources": "R", "illness": "I", "solved": "S", "bankrupt": "B"}
_RESULT = {"done": "D", "closed": "C", "not_found": "N"}
_STATUS = {"P": "scheduled", "C": "confirmed", "X": "released"}
_HOLDER = {"organisation": 1, "sole_trader": 2}

Data = dict[str, Any]


class Inquiry(BaseModel):
    """A question in the inbox (`POST /api/v2/inbox`); times are seconds since 1970."""

    ref: str
    op: str
    shift: str
    session: str
    start: int
    visits: tuple[str, ...]


class BookedOperation(BaseModel):
    """What is booked for an operation (`PUT /api/v2/bookings/<operation>`)."""

    ref: str
    status: str
    version: int
    changed: bool
    shifts: tuple[str, ...]
    start: int
    visits: tuple[tuple[str, int, int], ...]
    agencies: tuple[str, ...]
    spokesman: bool
    police: bool


class OthersFinding(BaseModel):
    """What another agency has found (`PUT /api/v2/findings/<finding>`), or that it is secret."""

    sender: str = Field(alias="from")
    notice: str = ""
    content: Data = Field(default_factory=dict)


class LicensingRegisterApi:
    """The register over REST; `booked` holds what it was told of operations."""

    def __init__(self, office: Office) -> None:
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/api/v2/journal", self.journal, methods=["GET"])
        self.app.add_api_route("/api/v2/inbox", self.ask, methods=["POST"], status_code=204)
        self.app.add_api_route("/api/v2/bookings/{operation_id}", self.look_up, methods=["GET"])
        self.app.add_api_route("/api/v2/bookings/{operation_id}", self.book, methods=["PUT"], status_code=204)
        self.app.add_api_route("/api/v2/findings/{finding_id}", self.receive, methods=["PUT"], status_code=204)
        self.booked: dict[str, BookedOperation] = {}
        self._office = office

    async def journal(self, since: int = 0) -> Data:
        """What was decided after an entry."""
        return {"items": [_item(entry) for entry in self._office.diary.after(since)]}

    async def ask(self, inquiry: Inquiry) -> Response:
        """Receive a question."""
        self._office.ask(
            Question(
                question_id=inquiry.ref,
                operation_id=inquiry.op,
                shift_id=inquiry.shift,
                session_id=inquiry.session,
                start_at=_instant(inquiry.start),
                inspection_ids=inquiry.visits,
            )
        )
        return Response(status_code=204)

    async def look_up(self, operation_id: str) -> Response:
        """What is booked for an operation."""
        booked = self.booked.get(operation_id)
        if booked is None:
            return Response(status_code=404)
        return Response(booked.model_dump_json(), media_type="application/json")

    async def book(self, operation_id: str, booked: BookedOperation) -> Response:
        """Set a booking."""
        self.booked[operation_id] = booked
        self._office.book(_booking(operation_id, booked, self._office))
        return Response(status_code=204)

    async def receive(self, finding_id: str, finding: OthersFinding) -> Response:
        """Note what another agency has found."""
        content = json.dumps(finding.content, ensure_ascii=False) if finding.content else ""
        self._office.receive(Received(finding_id, finding.sender, content, finding.notice))
        return Response(status_code=204)


def _booking(operation_id: str, booked: BookedOperation, office: Office) -> Booking:
    return Booking(
        operation_id=operation_id,
        state=_STATUS[booked.status],
        plan_version=booked.version,
        shift_ids=booked.shifts,
        start_at=_instant(booked.start),
        visits=tuple(Visit(own, _instant(start), _instant(end)) for own, start, end in booked.visits),
        accepted=office.parties_among(booked.agencies, speaks=booked.spokesman),
        has_police=booked.police,
        is_change=booked.changed,
        told_by=booked.ref,
    )


def _item(entry: Entry[Deed]) -> Data:
    code, body = _CODES[type(entry.deed)](entry.deed)
    return {
        "seq": entry.number,
        "ts": _epoch(entry.at),
        "code": code,
        "area": _AREA.get(entry.centre, entry.centre),
        "body": body,
    }


def _shift(shift: TeamShift) -> Data:
    return {
        "shift": shift.shift_id,
        "team": shift.team,
        "start": _epoch(shift.start_at),
        "end": _epoch(shift.end_at),
        "heads": shift.inspectors,
        "consent": _CONSENT[shift.consent],
        "lat": shift.lat,
        "lng": shift.lon,
    }


def _licence(site: WantedSite) -> Data:
    return {
        "licence": site.inspection_id,
        "case": f"TE {site.windows[0][0].year}/{site.inspection_id}",
        "holder": site.name,
        "org_no": site.organisation_number,
        "holder_type": 2 if site.is_sole_trader else 1,
        "municipality": site.municipality,
        "lat": site.lat,
        "lng": site.lon,
        "sni": site.industry,
        "suspected": [_BREACH[indication] for indication in site.indications],
        "police": _POLICE[site.police_need],
        "points": site.value,
        "minutes": site.duration_minutes,
        "hours": [[_epoch(opens), _epoch(closes)] for opens, closes in site.windows],
        "due": None if site.due_at is None else _epoch(site.due_at),
        "last_day": None if site.deadline_at is None else _epoch(site.deadline_at),
        "must_join": list(site.required_agencies),
        "officers": site.min_officers,
        "exploitation": site.exploitation_indicated,
    }


def _answer(answered: Answered) -> tuple[str, Data]:
    question = answered.question
    body = {"ref": question.question_id, "op": question.operation_id, "shift": answered.shift.shift_id}
    body["session"] = question.session_id
    if answered.is_yes:
        return "40", body | {"heads": answered.shift.inspectors}
    return "41", body | {"why": _WHY[answered.reason]}


def _of(deed: Acknowledged | OperationBegun | InspectionDone | FindingMade | BrokenOff | GivenUp) -> Data:
    return {"op": deed.operation_id, "version": deed.plan_version}


def _found(deed: FindingMade) -> tuple[str, Data]:
    return "62", _of(deed) | {
        "finding": deed.finding_id,
        "visit": deed.inspection_id,
        "holder_type": _HOLDER[deed.subject_kind],
        "also_for": list(deed.also_for),
        "breaches": [_BREACH[code] for code in deed.codes],
        "grade": _GRADE[deed.severity],
        "note": deed.text,
    }


def _done(deed: InspectionDone) -> tuple[str, Data]:
    done = {"visit": deed.inspection_id, "result": _RESULT[deed.outcome], "met": deed.num_workers}
    return "61", _of(deed) | done


def _left(part: PartTakenBack) -> tuple[str, Data]:
    return "49", {"op": part.operation_id, "shift": part.shift.shift_id, "why": _WHY[part.reason]}


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_CODES: Mapping[type[Deed], Callable[[Any], tuple[str, Data]]] = {
    ShiftOffered: lambda deed: ("10", _shift(deed.shift)),
    ShiftWithdrawn: lambda deed: ("19", {"shift": deed.shift.shift_id, "why": _WHY[deed.reason]}),
    SiteWanted: lambda deed: ("20", _licence(deed.site)),
    SiteWithdrawn: lambda deed: ("29", {"licence": deed.site.inspection_id, "why": _WHY[deed.reason]}),
    InterestTaken: lambda deed: ("30", {"visit": deed.inspection_id, "grade": _GRADE[deed.level]}),
    Prepared: lambda deed: ("31", {"visit": deed.inspection_id}),
    Answered: _answer,
    PartTakenBack: _left,
    Acknowledged: lambda deed: ("50", _of(deed) | {"ref": deed.told_by}),
    OperationBegun: lambda deed: ("60", _of(deed) | {"police": deed.has_police}),
    InspectionDone: _done,
    FindingMade: _found,
    BrokenOff: lambda deed: ("68", _of(deed) | {"why": "P", "left": list(deed.remaining_ids)}),
    GivenUp: lambda deed: ("69", _of(deed) | {"why": "T", "left": list(deed.left_ids)}),
}
