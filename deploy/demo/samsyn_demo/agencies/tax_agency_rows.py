"""What the Tax Agency's simulated system writes of each deed, in its own codes: the cells of a row by its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Answered,
    Assessed,
    BrokenOff,
    Deed,
    FindingMade,
    GivenUp,
    InspectionDone,
    InterestTaken,
    OperationBegun,
    PartTakenBack,
    Prepared,
    ShiftOffered,
    ShiftWithdrawn,
    SiteWanted,
    SiteWithdrawn,
)
from samsyn_demo.records import TeamShift, WantedSite

Cells = Mapping[str, str]

_COMMON = "nyckel version tidpunkt region"
HEADERS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(f"{_COMMON} {columns}".split())
    for kind, columns in {
        "lagpass": "status pass lag start slut bemanning kompetens samtycke lat lon orsak",
        "objekt": "status objekt dnr namn orgnr enskild kommun lat lon sni brister polisbehov prioritet minuter oppet "
        "bor_senast maste_senast kravda minst_poliser exploatering motivering orsak",
        "intresse": "kontroll grad",
        "beredskap": "kontroll beredd giltig_till",
        "sekretess": "bedomning mottagare omrade andamal utfall dokument giltig_till fynd",
        "svar": "svar insats pass polispass antal orsak fraga",
        "kvittens": "insats planversion funktion fraga",
        "dagen": "handelse insats planversion kontroll utfall antal_traffade polis orsak kvar",
        "fynd": "fynd insats planversion kontroll omrade slag aven_for brister allvar text",
    }.items()
}
_CONSENT = {"standing": "stående", "ask": "fråga"}
_SKILL = {"personalliggare": "PL"}
_FLAG = {True: "ja", False: "nej"}
_INDICATION = {
    "staff_ledger_missing": "PL1",
    "undeclared_wages": "LÖN1",
    "alcohol_permit_breach": "ALK1",
    "hygiene_shortcomings": "HYG1",
    "benefit_misuse": "BID1",
    "unsafe_workplace": "ARB1",
    "no_work_permit": "TIL1",
    "unsafe_chemicals": "KEM1",
    "subsidy_misuse": "STÖ1",
    "working_hours_breach": "TID1",
    "poor_housing": "BOE1",
}
_POLICE_NEED = {"required": "krävs", "wanted": "önskas", "not_needed": "behövs ej"}
_LEVEL = {"low": "låg", "medium": "medel", "high": "hög"}
_REASON = {"no_resources": "resursbrist", "illness": "sjukdom", "solved": "åtgärdat", "bankrupt": "konkurs"}
_OUTCOME = {"done": "gjord", "closed": "stängt", "not_found": "ej hittad"}
_CATEGORY = {"tax": "skatt", "staff_ledger": "personalliggare", "site_identity": "vem som driver platsen"}
_PURPOSE = {"plan": "planering", "follow-up": "uppföljning"}
_SUBJECT = {"organisation": "bolag", "sole_trader": "enskild firma"}


def row_of(deed: Deed) -> tuple[str, Cells]:
    """The kind of file and the cells of a deed, without those that every row has."""
    kind, cells = _ROWS[type(deed)](deed)
    return kind, {column: text for column, text in cells.items() if text}


def _shift(shift: TeamShift) -> Cells:
    return {
        "status": "erbjudet",
        "pass": shift.shift_id,
        "lag": shift.team,
        "start": shift.start_at.isoformat(),
        "slut": shift.end_at.isoformat(),
        "bemanning": str(shift.inspectors),
        "kompetens": " ".join(_SKILL.get(skill, skill) for skill in shift.skills),
        "samtycke": _CONSENT[shift.consent],
        "lat": _decimal(shift.lat),
        "lon": _decimal(shift.lon),
    }


def _site(site: WantedSite) -> Cells:
    return {
        "status": "anmält",
        "objekt": site.inspection_id,
        "dnr": f"{site.windows[0][0].year}/{site.inspection_id}",
        "namn": site.name,
        "orgnr": site.organisation_number,
        "enskild": _FLAG[site.is_sole_trader],
        "kommun": site.municipality,
        "lat": _decimal(site.lat),
        "lon": _decimal(site.lon),
        "sni": site.industry,
        "brister": " ".join(_INDICATION[indication] for indication in site.indications),
        "polisbehov": _POLICE_NEED[site.police_need],
        "prioritet": str(site.value),
        "minuter": str(site.duration_minutes),
        "oppet": " ".join(f"{opens.isoformat()}/{closes.isoformat()}" for opens, closes in site.windows),
        "bor_senast": _instant(site.due_at),
        "maste_senast": _instant(site.deadline_at),
        "kravda": " ".join(site.required_agencies),
        "minst_poliser": str(site.min_officers),
        "exploatering": _FLAG[site.exploitation_indicated],
    }


def _answer(answered: Answered) -> tuple[str, Cells]:
    question = answered.question
    cells = {"fraga": question.question_id, "insats": question.operation_id, "pass": answered.shift.shift_id}
    cells["polispass"] = question.session_id
    if not answered.is_yes:
        return "svar", cells | {"svar": "nej", "orsak": _REASON[answered.reason]}
    return "svar", cells | {"svar": "ja", "antal": str(answered.shift.inspectors)}


def _taken_back(part: PartTakenBack) -> tuple[str, Cells]:
    return "svar", {
        "svar": "återtag",
        "insats": part.operation_id,
        "pass": part.shift.shift_id,
        "orsak": _REASON[part.reason],
    }


def _assessed(deed: Assessed) -> tuple[str, Cells]:
    return "sekretess", {
        "bedomning": deed.assessment_id,
        "mottagare": deed.receiver,
        "omrade": _CATEGORY[deed.category],
        "andamal": _PURPOSE[deed.purpose],
        "utfall": "avvägd",
        "dokument": deed.document,
        "giltig_till": deed.valid_until.isoformat(),
    }


def _acknowledged(deed: Acknowledged) -> tuple[str, Cells]:
    return "kvittens", _operation(deed) | {"funktion": "samordnare", "fraga": deed.told_by}


def _step(deed: OperationBegun | InspectionDone | BrokenOff | GivenUp) -> tuple[str, Cells]:
    return "dagen", _operation(deed) | _what(deed)


def _what(deed: OperationBegun | InspectionDone | BrokenOff | GivenUp) -> dict[str, str]:
    match deed:
        case OperationBegun():
            return {"handelse": "startad", "polis": _FLAG[deed.has_police]}
        case InspectionDone():
            met = "" if deed.num_workers is None else str(deed.num_workers)
            done = {"kontroll": deed.inspection_id, "utfall": _OUTCOME[deed.outcome], "antal_traffade": met}
            return {"handelse": "klar"} | done
        case BrokenOff():
            return {"handelse": "uppehåll", "orsak": "polisen bortkallad", "kvar": " ".join(deed.remaining_ids)}
        case GivenUp():
            return {"handelse": "avbruten", "orsak": "hot", "kvar": " ".join(deed.left_ids)}


def _found(deed: FindingMade) -> tuple[str, Cells]:
    found = {
        "fynd": deed.finding_id,
        "kontroll": deed.inspection_id,
        "omrade": _CATEGORY[deed.category],
        "slag": _SUBJECT[deed.subject_kind],
        "aven_for": " ".join(deed.also_for),
        "brister": " ".join(_INDICATION[code] for code in deed.codes),
        "allvar": _LEVEL[deed.severity],
        "text": deed.text,
    }
    return "fynd", _operation(deed) | found


def _operation(
    deed: Acknowledged | OperationBegun | InspectionDone | FindingMade | BrokenOff | GivenUp,
) -> dict[str, str]:
    return {"insats": deed.operation_id, "planversion": str(deed.plan_version)}


def _decimal(number: float | None) -> str:
    return "" if number is None else str(number).replace(".", ",")


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()


_ROWS: Mapping[type[Deed], Callable[[Any], tuple[str, Cells]]] = {
    ShiftOffered: lambda deed: ("lagpass", _shift(deed.shift)),
    ShiftWithdrawn: lambda deed: (
        "lagpass",
        {"status": "struket", "pass": deed.shift.shift_id, "orsak": _REASON[deed.reason]},
    ),
    SiteWanted: lambda deed: ("objekt", _site(deed.site)),
    SiteWithdrawn: lambda deed: (
        "objekt",
        {"status": "struket", "objekt": deed.site.inspection_id, "orsak": _REASON[deed.reason]},
    ),
    InterestTaken: lambda deed: ("intresse", {"kontroll": deed.inspection_id, "grad": _LEVEL[deed.level]}),
    Prepared: lambda deed: ("beredskap", {"kontroll": deed.inspection_id, "beredd": "ja"}),
    Assessed: _assessed,
    Answered: _answer,
    PartTakenBack: _taken_back,
    Acknowledged: _acknowledged,
    OperationBegun: _step,
    InspectionDone: _step,
    BrokenOff: _step,
    GivenUp: _step,
    FindingMade: _found,
}
