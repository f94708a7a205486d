"""Miljöförvaltningen's simulated register: a department's office in its own codes, over REST, that calls nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
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

_CENTRE = {"akc-vast": "Väst"}
_CONSENT = {"standing": "fritt", "ask": "efter fråga"}
_FLAW = {
    "hygiene_shortcomings": "hygien",
    "unsafe_chemicals": "kemikalier",
    "poor_housing": "boende",
    "alcohol_permit_breach": "serveringstillstånd",
    "staff_ledger_missing": "personalliggare",
    "undeclared_wages": "svarta löner",
    "benefit_misuse": "bidrag",
    "unsafe_workplace": "farlig arbetsplats",
    "no_work_permit": "arbetstillstånd",
    "subsidy_misuse": "lönestöd",
    "working_hours_breach": "arbetstid",
}
_NEED = {"required": "måste", "wanted": "gärna", "not_needed": "nej"}
_LEVEL = {"low": "lite", "medium": "ganska", "high": "mycket"}
_REASON = {"no_resources": "personalbrist", "illness": "sjuk", "solved": "löst", "bankrupt": "konkurs"}
_OUTCOME = {"done": "genomförd", "closed": "stängt", "not_found": "fanns inte"}
_STATE = {"preliminär": "scheduled", "klar": "confirmed", "struken": "released"}
_FORM = {"organisation": "AB", "sole_trader": "EF"}

Data = dict[str, Any]


class Inquiry(BaseModel):
    """A question in the inbox (`POST /inkorg`)."""

    arende: str
    insats: str
    arbetspass: str
    polispass: str
    borjar: datetime
    tillsyn: tuple[str, ...]


class PlannedVisit(BaseModel):
    """One inspection of an operation."""

    id: str
    borjar: datetime
    slutar: datetime


class CalendarEntry(BaseModel):
    """What stands in the calendar for an operation (`PUT /kalender/<operation>`)."""

    kalla: str
    lage: str
    plan: int
    ar_andring: bool
    arbetspass: tuple[str, ...]
    borjar: datetime
    tillsyn: tuple[PlannedVisit, ...]
    myndigheter: tuple[str, ...]
    talar_for_staden: bool
    polis: bool


class OthersFinding(BaseModel):
    """What another agency has found (`PUT /andras-fynd/<finding>`), or that it is secret."""

    avsandare: str
    besked: str
    innehall: Data = Field(default_factory=dict)


class EnvironmentRegisterApi:
    """The register over REST; `calendar` holds what it was told of operations."""

    def __init__(self, office: Office) -> None:
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/handelser", self.log, methods=["GET"])
        self.app.add_api_route("/inkorg", self.ask, methods=["POST"], status_code=204)
        self.app.add_api_route("/kalender/{operation_id}", self.look_up, methods=["GET"])
        self.app.add_api_route("/kalender/{operation_id}", self.book, methods=["PUT"], status_code=204)
        self.app.add_api_route("/andras-fynd/{finding_id}", self.receive, methods=["PUT"], status_code=204)
        self.calendar: dict[str, CalendarEntry] = {}
        self._office = office

    async def log(self, efter: int = 0) -> list[Data]:
        """What was decided after an entry."""
        return [_row(entry) for entry in self._office.diary.after(efter)]

    async def ask(self, inquiry: Inquiry) -> Response:
        """Receive a question."""
        self._office.ask(
            Question(
                question_id=inquiry.arende,
                operation_id=inquiry.insats,
                shift_id=inquiry.arbetspass,
                session_id=inquiry.polispass,
                start_at=inquiry.borjar,
                inspection_ids=inquiry.tillsyn,
            )
        )
        return Response(status_code=204)

    async def look_up(self, operation_id: str) -> Response:
        """What stands in the calendar for an operation."""
        entry = self.calendar.get(operation_id)
        if entry is None:
            return Response(status_code=404)
        return Response(entry.model_dump_json(), media_type="application/json")

    async def book(self, operation_id: str, entry: CalendarEntry) -> Response:
        """Set the calendar."""
        self.calendar[operation_id] = entry
        self._office.book(_booking(operation_id, entry, self._office))
        return Response(status_code=204)

    async def receive(self, finding_id: str, finding: OthersFinding) -> Response:
        """Note what another agency has found."""
        content = json.dumps(finding.innehall, ensure_ascii=False) if finding.innehall else ""
        self._office.receive(Received(finding_id, finding.avsandare, content, "" if content else finding.besked))
        return Response(status_code=204)


def _booking(operation_id: str, entry: CalendarEntry, office: Office) -> Booking:
    return Booking(
        operation_id=operation_id,
        state=_STATE[entry.lage],
        plan_version=entry.plan,
        shift_ids=entry.arbetspass,
        start_at=entry.borjar,
        visits=tuple(Visit(visit.id, visit.borjar, visit.slutar) for visit in entry.tillsyn),
        accepted=office.parties_among(entry.myndigheter, speaks=entry.talar_for_staden),
        has_police=entry.polis,
        is_change=entry.ar_andring,
        told_by=entry.kalla,
    )


def _row(entry: Entry[Deed]) -> Data:
    kind, facts = _KINDS[type(entry.deed)](entry.deed)
    return {
        "lopnr": entry.number,
        "datum": entry.at.isoformat(),
        "typ": kind,
        "center": _CENTRE.get(entry.centre, entry.centre),
        "uppgift": facts,
    }


def _shift(shift: TeamShift) -> Data:
    return {
        "arbetspass": shift.shift_id,
        "grupp": shift.team,
        "borjar": shift.start_at.isoformat(),
        "slutar": shift.end_at.isoformat(),
        "inspektorer": shift.inspectors,
        "far_bokas": _CONSENT[shift.consent],
        "utgar_fran": None if shift.lat is None else {"nord": shift.lat, "ost": shift.lon},
    }


def _site(site: WantedSite) -> Data:
    return {
        "tillsynsobjekt": site.inspection_id,
        "diarienr": f"MF-{site.windows[0][0].year}-{site.inspection_id}",
        "verksamhet": site.name,
        "orgnr": site.organisation_number,
        "form": "EF" if site.is_sole_trader else "AB",
        "kommun": site.municipality,
        "plats": {"nord": site.lat, "ost": site.lon},
        "sni": site.industry,
        "misstankar": [_FLAW[indication] for indication in site.indications],
        "polis": _NEED[site.police_need],
        "vikt": site.value,
        "tar_minuter": site.duration_minutes,
        "oppettider": [[opens.isoformat(), closes.isoformat()] for opens, closes in site.windows],
        "helst_fore": None if site.due_at is None else site.due_at.isoformat(),
        "senast": None if site.deadline_at is None else site.deadline_at.isoformat(),
        "maste_med": list(site.required_agencies),
        "minst_poliser": site.min_officers,
        "utnyttjande": site.exploitation_indicated,
    }


def _answer(answered: Answered) -> tuple[str, Data]:
    question = answered.question
    facts = {
        "arende": question.question_id,
        "insats": question.operation_id,
        "arbetspass": answered.shift.shift_id,
        "polispass": question.session_id,
    }
    if answered.is_yes:
        return "JA", facts | {"inspektorer": answered.shift.inspectors}
    return "NEJ", facts | {"skal": _REASON[answered.reason]}


def _of(deed: Acknowledged | OperationBegun | InspectionDone | FindingMade | BrokenOff | GivenUp) -> Data:
    return {"insats": deed.operation_id, "plan": deed.plan_version}


def _found(deed: FindingMade) -> tuple[str, Data]:
    return "FYND", _of(deed) | {
        "fynd": deed.finding_id,
        "tillsyn": deed.inspection_id,
        "form": _FORM[deed.subject_kind],
        "aven_for": list(deed.also_for),
        "avvikelser": [_FLAW[code] for code in deed.codes],
        "allvar": _LEVEL[deed.severity],
        "beskrivning": deed.text,
    }


def _done(deed: InspectionDone) -> tuple[str, Data]:
    done = {"tillsyn": deed.inspection_id, "resultat": _OUTCOME[deed.outcome], "traffade": deed.num_workers}
    return "TILLSYN KLAR", _of(deed) | done


def _left(part: PartTakenBack) -> tuple[str, Data]:
    facts = {"insats": part.operation_id, "arbetspass": part.shift.shift_id, "skal": _REASON[part.reason]}
    return "AVBOKAR", facts


_KINDS: Mapping[type[Deed], Callable[[Any], tuple[str, Data]]] = {
    ShiftOffered: lambda deed: ("PASS", _shift(deed.shift)),
    ShiftWithdrawn: lambda deed: ("PASS UTGÅR", {"arbetspass": deed.shift.shift_id, "skal": _REASON[deed.reason]}),
    SiteWanted: lambda deed: ("OBJEKT", _site(deed.site)),
    SiteWithdrawn: lambda deed: (
        "OBJEKT UTGÅR",
        {"tillsynsobjekt": deed.site.inspection_id, "skal": _REASON[deed.reason]},
    ),
    InterestTaken: lambda deed: ("VILL MED", {"tillsyn": deed.inspection_id, "angelaget": _LEVEL[deed.level]}),
    Prepared: lambda deed: ("FÖRBEREDD", {"tillsyn": deed.inspection_id}),
    Answered: _answer,
    PartTakenBack: _left,
    Acknowledged: lambda deed: ("SETT", _of(deed) | {"arende": deed.told_by}),
    OperationBegun: lambda deed: ("BÖRJAT", _of(deed) | {"polis": deed.has_police}),
    InspectionDone: _done,
    FindingMade: _found,
    BrokenOff: lambda deed: (
        "AVBRÖTS",
        _of(deed) | {"skal": "polisen kallades bort", "kvar": list(deed.remaining_ids)},
    ),
    GivenUp: lambda deed: ("GICK INTE", _of(deed) | {"skal": "hotfullt", "kvar": list(deed.left_ids)}),
}
