"""The Work Environment Authority's simulated case system: an office in its own codes, over REST, that calls nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Response
from pydantic import BaseModel, Field
from samsyn_contracts.envelope import ALL_CENTRES

from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Answered,
    Assessed,
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

_REGION = {"akc-stockholm": "STHLM", ALL_CENTRES: "ALLA"}
_CONSENT = {"standing": "JA", "ask": "FRAGA_FORST"}
_SKILL = {"byggarbetsmiljo": "BYGG", "kemiska_risker": "KEM"}
_INDICATION = {
    "staff_ledger_missing": "LIGGARE",
    "undeclared_wages": "SVARTLON",
    "alcohol_permit_breach": "ALKOHOL",
    "hygiene_shortcomings": "HYGIEN",
    "benefit_misuse": "BIDRAG",
    "unsafe_workplace": "OSAKER",
    "no_work_permit": "TILLSTAND",
    "unsafe_chemicals": "KEMI",
    "subsidy_misuse": "STOD",
    "working_hours_breach": "ARBETSTID",
    "poor_housing": "BOENDE",
}
_POLICE_NEED = {"required": "KRAV", "wanted": "ONSKAS", "not_needed": "EJ"}
_LEVEL = {"low": "LAG", "medium": "MEDEL", "high": "HOG"}
_REASON = {"no_resources": "RESURSBRIST", "illness": "SJUKDOM", "solved": "ATGARDAT", "bankrupt": "KONKURS"}
_AGENCY = {
    "arbetsmiljoverket": "AV",
    "skatteverket": "SKV",
    "migrationsverket": "MIG",
    "arbetsformedlingen": "AF",
    "forsakringskassan": "FK",
    "kommun-goteborg": "GBG",
    "kommun-tyreso": "TYR",
    "lansstyrelsen-vastra-gotaland": "LST-O",
}
_STATE = {"PREL": "scheduled", "FAST": "confirmed", "STRUKEN": "released"}
_OUTCOME = {"done": "GJORD", "closed": "STANGT", "not_found": "EJ_HITTAD"}
_CATEGORY = {"work_environment": "ARBETSMILJO", "site_identity": "DRIVER_PLATSEN"}
_PURPOSE = {"plan": "PLANERA", "follow-up": "FOLJA_UPP"}
_SUBJECT = {"organisation": "BOLAG", "sole_trader": "ENSKILD"}

Data = dict[str, Any]


class Request(BaseModel):
    """A question whether a team takes part (`POST /forfragningar`)."""

    fraga: str
    insats: str
    pass_id: str = Field(alias="pass")
    polispass: str
    fran: datetime
    kontroller: tuple[str, ...]


class BookedInspection(BaseModel):
    """One inspection of an operation, and when."""

    kontroll: str
    fran: datetime
    till: datetime


class CalendarBooking(BaseModel):
    """What stands in the calendar for an operation (`PUT /bokningar/<operation>`)."""

    handelse: str
    lage: str
    planversion: int
    andring: bool
    pass_ids: tuple[str, ...] = Field(alias="pass")
    fran: datetime
    kontroller: tuple[BookedInspection, ...]
    deltar: tuple[str, ...]
    polis: bool


class OthersFinding(BaseModel):
    """What another agency has found (`PUT /fynd/<finding>`), or whom to ask."""

    avsandare: str
    innehall: Data = Field(default_factory=dict)
    fraga: str = ""


class WorkEnvironmentApi:
    """The case system over REST."""

    def __init__(self, office: Office) -> None:
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/arenden", self.cases, methods=["GET"])
        self.app.add_api_route("/kalender", self.calendar, methods=["GET"])
        self.app.add_api_route("/forfragningar", self.requests, methods=["GET"])
        self.app.add_api_route("/forfragningar", self.ask, methods=["POST"], status_code=204)
        self.app.add_api_route("/bokningar/{operation_id}", self.book, methods=["PUT"], status_code=204)
        self.app.add_api_route("/fynd/{finding_id}", self.receive, methods=["PUT"], status_code=204)
        self._office = office

    async def cases(self, sedan: int = 0) -> list[Data]:
        """What was decided after an entry."""
        return [_row(entry) for entry in self._office.diary.after(sedan)]

    async def calendar(self) -> list[Data]:
        """The teams' shifts."""
        return [_shift(shift) for shift in self._office.shifts]

    async def requests(self) -> list[str]:
        """The inbox."""
        return list(self._office.questions)

    async def ask(self, request: Request) -> Response:
        """Receive a request."""
        self._office.ask(
            Question(
                question_id=request.fraga,
                operation_id=request.insats,
                shift_id=request.pass_id,
                session_id=request.polispass,
                start_at=request.fran,
                inspection_ids=request.kontroller,
            )
        )
        return Response(status_code=204)

    async def book(self, operation_id: str, booking: CalendarBooking) -> Response:
        """Set a booking."""
        self._office.book(
            Booking(
                operation_id=operation_id,
                state=_STATE[booking.lage],
                plan_version=booking.planversion,
                shift_ids=booking.pass_ids,
                start_at=booking.fran,
                visits=tuple(Visit(visit.kontroll, visit.fran, visit.till) for visit in booking.kontroller),
                accepted=booking.deltar,
                has_police=booking.polis,
                is_change=booking.andring,
                told_by=booking.handelse,
            )
        )
        return Response(status_code=204)

    async def receive(self, finding_id: str, finding: OthersFinding) -> Response:
        """Note what another agency has found."""
        content = json.dumps(finding.innehall, ensure_ascii=False) if finding.innehall else ""
        self._office.receive(Received(finding_id, finding.avsandare, content, finding.fraga))
        return Response(status_code=204)


def _row(entry: Entry[Deed]) -> Data:
    kind, data = _DESCRIPTIONS[type(entry.deed)](entry.deed)
    region = _REGION.get(entry.centre) or entry.centre.removeprefix("akc-").upper()
    return {"id": entry.number, "tidpunkt": entry.at.isoformat(), "typ": kind, "region": region, "data": data}


def _shift(shift: TeamShift) -> Data:
    return {
        "pass": shift.shift_id,
        "lag": shift.team,
        "fran": shift.start_at.isoformat(),
        "till": shift.end_at.isoformat(),
        "bemanning": shift.inspectors,
        "kompetens": [_SKILL.get(skill, skill.upper()) for skill in shift.skills],
        "lat": shift.lat,
        "lon": shift.lon,
        "samtycke": _CONSENT[shift.consent],
    }


def _site(site: WantedSite) -> Data:
    return {
        "objekt": site.inspection_id,
        "dnr": f"{site.windows[0][0].year}/{site.inspection_id}",
        "firma": site.name,
        "orgnr": site.organisation_number,
        "enskild": site.is_sole_trader,
        "kommun": site.municipality,
        "lat": site.lat,
        "lon": site.lon,
        "sni": site.industry,
        "brister": [_INDICATION[indication] for indication in site.indications],
        "polisbehov": _POLICE_NEED[site.police_need],
        "prioritet": site.value,
        "minuter": site.duration_minutes,
        "oppet": [[opens.isoformat(), closes.isoformat()] for opens, closes in site.windows],
        "bor_senast": None if site.due_at is None else site.due_at.isoformat(),
        "maste_senast": None if site.deadline_at is None else site.deadline_at.isoformat(),
        "kravda": [_AGENCY[agency] for agency in site.required_agencies],
        "minst_poliser": site.min_officers,
        "exploatering": site.exploitation_indicated,
        "motivering": f"Påhittat tips om {site.name}: " + ", ".join(site.indications),
    }


def _answer(answered: Answered) -> tuple[str, Data]:
    question = answered.question
    data: Data = {"fraga": question.question_id, "insats": question.operation_id, "pass": answered.shift.shift_id}
    data["polispass"] = question.session_id
    if answered.is_yes:
        return "SVAR_JA", data | {"antal": answered.shift.inspectors}
    return "SVAR_NEJ", data | {"orsak": _REASON[answered.reason]}


def _taken_back(part: PartTakenBack) -> tuple[str, Data]:
    facts = {"insats": part.operation_id, "pass": part.shift.shift_id, "orsak": _REASON[part.reason]}
    return "DELTAGANDE_STRUKET", facts


def _operation(deed: Acknowledged | OperationBegun | InspectionDone | FindingMade | BrokenOff | GivenUp) -> Data:
    return {"insats": deed.operation_id, "planversion": deed.plan_version}


def _done(deed: InspectionDone) -> tuple[str, Data]:
    outcome = {"kontroll": deed.inspection_id, "utfall": _OUTCOME[deed.outcome], "traffade": deed.num_workers}
    return "KONTROLL_KLAR", _operation(deed) | outcome


def _found(deed: FindingMade) -> tuple[str, Data]:
    found: Data = {
        "fynd": deed.finding_id,
        "kontroll": deed.inspection_id,
        "omrade": _CATEGORY[deed.category],
        "slag": _SUBJECT[deed.subject_kind],
        "aven_for": [_AGENCY[agency] for agency in deed.also_for],
        "brister": [_INDICATION[code] for code in deed.codes],
        "allvar": _LEVEL[deed.severity],
        "text": deed.text,
    }
    return "FYND", _operation(deed) | found


def _assessed(deed: Assessed) -> tuple[str, Data]:
    return "SEKRETESSBEDOMNING", {
        "bedomning": deed.assessment_id,
        "mottagare": _AGENCY[deed.receiver],
        "omrade": _CATEGORY[deed.category],
        "andamal": _PURPOSE[deed.purpose],
        "utfall": "AVVAGD",
        "dokument": deed.document,
        "giltig_till": deed.valid_until.isoformat(),
    }


_DESCRIPTIONS: Mapping[type[Deed], Callable[[Any], tuple[str, Data]]] = {
    ShiftOffered: lambda deed: ("LAGPASS", _shift(deed.shift)),
    ShiftWithdrawn: lambda deed: ("LAGPASS_STRUKET", {"pass": deed.shift.shift_id, "orsak": _REASON[deed.reason]}),
    SiteWanted: lambda deed: ("TILLSYNSOBJEKT", _site(deed.site)),
    SiteWithdrawn: lambda deed: (
        "TILLSYNSOBJEKT_STRUKET",
        {"objekt": deed.site.inspection_id, "orsak": _REASON[deed.reason]},
    ),
    InterestTaken: lambda deed: ("INTRESSE", {"kontroll": deed.inspection_id, "grad": _LEVEL[deed.level]}),
    Prepared: lambda deed: ("BEREDSKAP", {"kontroll": deed.inspection_id, "beredd": True}),
    Answered: _answer,
    PartTakenBack: _taken_back,
    Acknowledged: lambda deed: ("KVITTENS", _operation(deed) | {"fraga": deed.told_by}),
    OperationBegun: lambda deed: ("INSATS_STARTAD", _operation(deed) | {"polis": deed.has_police}),
    InspectionDone: _done,
    FindingMade: _found,
    BrokenOff: lambda deed: (
        "INSATS_UPPEHALL",
        _operation(deed) | {"orsak": "POLIS_BORTKALLAD", "kvar": list(deed.remaining_ids)},
    ),
    GivenUp: lambda deed: ("INSATS_AVBRUTEN", _operation(deed) | {"orsak": "HOT", "kvar": list(deed.left_ids)}),
    Assessed: _assessed,
}
