"""The register of Miljöförvaltningen: its fields and codes are translated here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from samsyn_adapter_sdk.bookings import Booking
from samsyn_adapter_sdk.codes import CodeTable, load_tables
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import ParticipationRequested

from samsyn_adapter_kommun_goteborg.presence import standing_at
from samsyn_adapter_kommun_goteborg.reading import Row, entry_of
from samsyn_adapter_kommun_goteborg.register import Entry, OthersFinding
from samsyn_adapter_kommun_goteborg.voice import Said, Voice

VOICE = Voice("miljoforvaltningen", "mf")
_TABLES = load_tables("samsyn_adapter_kommun_goteborg")
_CENTRE, _CONSENT = _TABLES["miljo_center"], _TABLES["miljo_samtycke"]
_FLAW, _NEED, _LEVEL = _TABLES["miljo_brist"], _TABLES["miljo_polis"], _TABLES["miljo_angelagenhet"]
_REASON, _OUTCOME, _STATE = _TABLES["miljo_skal"], _TABLES["miljo_resultat"], _TABLES["miljo_lage"]
_SUBJECT = _TABLES["miljo_verksamhetsform"]


class EnvironmentRegister:
    """Miljöförvaltningen's register over REST; it calls nobody."""

    voice = VOICE

    def __init__(self, system: OwnSystem) -> None:
        self._system = system

    async def entries(self, after: int) -> Sequence[Entry]:
        """The log after a number."""
        rows = await self._system.get("/handelser", efter=after)
        return [entry_of(VOICE, int(row["lopnr"]), partial(_read, row)) for row in rows]

    async def ask(self, request: ParticipationRequested, envelope: Envelope) -> None:
        """Put a question in the inbox."""
        question = {
            "arende": envelope.id,
            "insats": request.operation_id,
            "arbetspass": VOICE.own_number(request.capacity_id),
            "polispass": request.slot.session_id,
            "borjar": request.slot.start_at.isoformat(),
            "tillsyn": [inspection.inspection_id for inspection in request.inspections],
            "svara_fore": request.reply_by.isoformat(),
        }
        await self._system.post("/inkorg", question)

    async def is_booked(self, operation_id: str) -> bool:
        """Whether it stands in the calendar and is not struck."""
        booked = await standing_at(self._system, _calendar(operation_id))
        return booked is not None and booked["lage"] != _STATE["released"]

    async def book(self, booking: Booking, envelope: Envelope, *, speaks_for_the_city: bool) -> None:
        """Set the calendar."""
        booked = {
            "kalla": envelope.id,
            "lage": _STATE[booking.state],
            "plan": booking.plan_version,
            "ar_andring": booking.is_change,
            "arbetspass": [VOICE.own_number(capacity_id) for capacity_id in booking.capacity_ids],
            "borjar": booking.start_at.isoformat(),
            "tillsyn": [
                {"id": v.inspection_id, "borjar": v.start_at.isoformat(), "slutar": v.end_at.isoformat()}
                for v in booking.visits
            ],
            "myndigheter": list(booking.accepted),
            "talar_for_staden": speaks_for_the_city,
            "polis": booking.has_police,
        }
        await self._system.put(_calendar(booking.operation_id), booked)

    async def tell(self, finding: OthersFinding) -> None:
        """Put a finding with the operation's papers."""
        told: dict[str, Any] = {"insats": finding.operation_id, "avsandare": finding.sender}
        if finding.is_own:
            told |= {"besked": f"ej delat med {finding.receiver}"}
        elif finding.content is None:
            told |= {"besked": f"sekretess, fråga {finding.ask or 'avsändaren'}"}
        else:
            told |= {"besked": "delat", "innehall": dict(finding.content)}
        await self._system.put(f"/andras-fynd/{quote(finding.finding_id, safe='')}", told)


def _calendar(operation_id: str) -> str:
    return f"/kalender/{quote(operation_id, safe='')}"


def _read(row: Row) -> tuple[Said, datetime, str, Row]:
    facts = row["uppgift"]
    said = _KINDS[row["typ"]](facts)
    refers = {"agencyref": facts.get("diarienr"), "causationid": facts.get("arende")}
    return said, datetime.fromisoformat(row["datum"]), _CENTRE[row["center"]], refers


def _shift(facts: Row) -> Said:
    place = facts.get("utgar_fran")
    return VOICE.shift_offered(
        facts["arbetspass"],
        facts["grupp"],
        None if place is None else (place["nord"], place["ost"]),
        start_at=facts["borjar"],
        end_at=facts["slutar"],
        staff=facts["inspektorer"],
        consent=_CONSENT[facts["far_bokas"]],
    )


def _site(facts: Row) -> Said:
    return VOICE.site_wanted(
        facts["tillsynsobjekt"],
        {"name": facts["verksamhet"], "organisation_number": facts["orgnr"]},
        {
            "municipality": facts["kommun"],
            "industry": facts["sni"],
            "position": {"lat": facts["plats"]["nord"], "lon": facts["plats"]["ost"]},
        },
        is_sole_trader=facts["form"] == "EF",
        indications=[_FLAW[code] for code in facts["misstankar"]],
        police_need=_NEED[facts["polis"]],
        value=facts["vikt"],
        duration_minutes=facts["tar_minuter"],
        time_windows=[{"from_at": opens, "until_at": closes} for opens, closes in facts["oppettider"]],
        due_at=facts.get("helst_fore"),
        deadline_at=facts.get("senast"),
        required_agencies=facts["maste_med"],
        min_officers=facts["minst_poliser"],
        exploitation_indicated=facts["utnyttjande"],
    )


def _yes(facts: Row) -> Said:
    return VOICE.accepted(facts["insats"], facts["arbetspass"], facts["polispass"], facts["inspektorer"])


def _part(facts: Row) -> tuple[str, str, str | None]:
    return facts["insats"], facts["arbetspass"], facts.get("polispass")


def _finding(facts: Row) -> Said:
    content = {
        "category_codes": [_FLAW[code] for code in facts["avvikelser"]],
        "severity": _LEVEL[facts["allvar"]],
        "text": facts["beskrivning"],
    }
    return VOICE.found(
        facts["fynd"],
        content,
        operation_id=facts["insats"],
        inspection_id=facts["tillsyn"],
        plan_version=facts["plan"],
        category="food_safety",
        subject_kind=_SUBJECT[facts["form"]],
        also_relevant_for=facts["aven_for"],
    )


_HOW: Mapping[str, Callable[[Row], Said]] = {
    "PASS": _shift,
    "PASS UTGÅR": lambda facts: VOICE.shift_withdrawn(facts["arbetspass"], _REASON[facts["skal"]]),
    "OBJEKT": _site,
    "OBJEKT UTGÅR": lambda facts: VOICE.site_withdrawn(facts["tillsynsobjekt"], _REASON[facts["skal"]]),
    "VILL MED": lambda facts: VOICE.interest(facts["tillsyn"], _LEVEL[facts["angelaget"]]),
    "FÖRBEREDD": lambda facts: VOICE.ready(facts["tillsyn"], is_ready=True),
    "JA": _yes,
    "NEJ": lambda facts: VOICE.declined(*_part(facts), _REASON[facts["skal"]]),
    "AVBOKAR": lambda facts: VOICE.left(*_part(facts), _REASON[facts["skal"]]),
    "SETT": lambda facts: VOICE.seen(facts["insats"], facts["plan"], facts["arende"]),
    "BÖRJAT": lambda facts: VOICE.started(facts["insats"], facts["plan"], has_police=facts["polis"]),
    "TILLSYN KLAR": lambda facts: VOICE.completed(
        facts["insats"], facts["plan"], facts["tillsyn"], _OUTCOME[facts["resultat"]], facts.get("traffade")
    ),
    "AVBRÖTS": lambda facts: VOICE.suspended(facts["insats"], facts["plan"], _REASON[facts["skal"]], facts["kvar"]),
    "GICK INTE": lambda facts: VOICE.aborted(facts["insats"], facts["plan"], _REASON[facts["skal"]], facts["kvar"]),
    "FYND": _finding,
}
_KINDS = CodeTable("typ", _HOW)
