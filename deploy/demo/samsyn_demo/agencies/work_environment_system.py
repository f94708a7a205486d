"""The Work Environment Authority's simulated case system: an office in its own codes, over REST, that calls nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Response
from pydantic import BaseModel, Field

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

_REGION = {"akc-stockholm": "STHLM"}
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

Data = dict[str, Any]


class Request(BaseModel):
    """A question whether a team takes part (`POST /forfragningar`)."""

    fraga: str
    insats: str
    pass_id: str = Field(alias="pass")
    polispass: str
    fran: datetime
    kontroller: tuple[str, ...]


class CalendarBooking(BaseModel):
    """What stands in the calendar for an operation (`PUT /bokningar/<operation>`)."""

    lage: str
    pass_ids: tuple[str, ...] = Field(alias="pass")
    fran: datetime
    kontroller: tuple[str, ...]


class WorkEnvironmentApi:
    """The case system over REST."""

    def __init__(self, office: Office) -> None:
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/arenden", self.cases, methods=["GET"])
        self.app.add_api_route("/kalender", self.calendar, methods=["GET"])
        self.app.add_api_route("/forfragningar", self.requests, methods=["GET"])
        self.app.add_api_route("/forfragningar", self.ask, methods=["POST"], status_code=204)
        self.app.add_api_route("/bokningar/{operation_id}", self.book, methods=["PUT"], status_code=204)
        self._office = office

    async def cases(self, sedan: int = 0) -> list[Data]:
        """What was decided after an entry."""
        return [_row(entry, self._office.centre) for entry in self._office.diary.after(sedan)]

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
        self._office.book(Booking(operation_id, booking.lage, booking.pass_ids, booking.fran, booking.kontroller))
        return Response(status_code=204)


def _row(entry: Entry[Deed], centre: str) -> Data:
    kind, data = _DESCRIPTIONS[type(entry.deed)](entry.deed)
    region = _REGION.get(centre) or centre.removeprefix("akc-").upper()
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
    if answered.is_yes:
        return "SVAR_JA", data | {"polispass": question.session_id, "antal": answered.shift.inspectors}
    return "SVAR_NEJ", data | {"orsak": _REASON[answered.reason]}


def _taken_back(part: PartTakenBack) -> tuple[str, Data]:
    facts = {"insats": part.operation_id, "pass": part.shift.shift_id, "orsak": _REASON[part.reason]}
    return "DELTAGANDE_STRUKET", facts


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
}
