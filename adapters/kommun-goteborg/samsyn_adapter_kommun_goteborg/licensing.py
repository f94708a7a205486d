"""The register of Tillståndsenheten: its fields and codes are translated here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
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

VOICE = Voice("tillstandsenheten", "te")
_TABLES = load_tables("samsyn_adapter_kommun_goteborg")
_AREA, _CONSENT = _TABLES["tillstand_area"], _TABLES["tillstand_consent"]
_BREACH, _POLICE, _GRADE = _TABLES["tillstand_breach"], _TABLES["tillstand_police"], _TABLES["tillstand_grade"]
_WHY, _RESULT, _STATUS = _TABLES["tillstand_why"], _TABLES["tillstand_result"], _TABLES["tillstand_status"]
_HOLDER = _TABLES["tillstand_holder"]


class LicensingRegister:
    """Tillståndsenheten's register over REST; it calls nobody."""

    voice = VOICE

    def __init__(self, system: OwnSystem) -> None:
        self._system = system

    async def entries(self, after: int) -> Sequence[Entry]:
        """The journal after a sequence number."""
        page = await self._system.get("/api/v2/journal", since=after)
        return [entry_of(VOICE, int(item["seq"]), partial(_read, item)) for item in page["items"]]

    async def ask(self, request: ParticipationRequested, envelope: Envelope) -> None:
        """Put a question in the inbox."""
        question = {
            "ref": envelope.id,
            "op": request.operation_id,
            "shift": VOICE.own_number(request.capacity_id),
            "session": request.slot.session_id,
            "start": _epoch(request.slot.start_at),
            "visits": [inspection.inspection_id for inspection in request.inspections],
            "reply_by": _epoch(request.reply_by),
        }
        await self._system.post("/api/v2/inbox", question)

    async def is_booked(self, operation_id: str) -> bool:
        """Whether it stands among the bookings and is not struck."""
        booked = await standing_at(self._system, _path("bookings", operation_id))
        return booked is not None and booked["status"] != _STATUS["released"]

    async def book(self, booking: Booking, envelope: Envelope, *, speaks_for_the_city: bool) -> None:
        """Set a booking."""
        booked = {
            "ref": envelope.id,
            "status": _STATUS[booking.state],
            "version": booking.plan_version,
            "changed": booking.is_change,
            "shifts": [VOICE.own_number(capacity_id) for capacity_id in booking.capacity_ids],
            "start": _epoch(booking.start_at),
            "visits": [[v.inspection_id, _epoch(v.start_at), _epoch(v.end_at)] for v in booking.visits],
            "agencies": list(booking.accepted),
            "spokesman": speaks_for_the_city,
            "police": booking.has_police,
        }
        await self._system.put(_path("bookings", booking.operation_id), booked)

    async def tell(self, finding: OthersFinding) -> None:
        """Put a finding with the operation's papers."""
        told: dict[str, Any] = {"op": finding.operation_id, "from": finding.sender}
        if finding.is_own:
            told["notice"] = f"ej delat med {finding.receiver}"
        elif finding.content is None:
            told["notice"] = f"sekretess, fråga {finding.ask or 'avsändaren'}"
        else:
            told["content"] = dict(finding.content)
        await self._system.put(_path("findings", finding.finding_id), told)


def _path(kind: str, own_id: str) -> str:
    return f"/api/v2/{kind}/{quote(own_id, safe='')}"


def _epoch(at: datetime) -> int:
    """Seconds since 1970: how this register writes its times."""
    return int(at.timestamp())


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _read(item: Row) -> tuple[Said, datetime, str, Row]:
    facts = item["body"]
    said = _KINDS[item["code"]](facts)
    refers = {"agencyref": facts.get("case"), "causationid": facts.get("ref")}
    return said, datetime.fromtimestamp(item["ts"], UTC), _AREA[item["area"]], refers


def _shift(facts: Row) -> Said:
    return VOICE.shift_offered(
        facts["shift"],
        facts["team"],
        None if facts.get("lat") is None else (facts["lat"], facts["lng"]),
        start_at=_instant(facts["start"]),
        end_at=_instant(facts["end"]),
        staff=facts["heads"],
        consent=_CONSENT[facts["consent"]],
    )


def _licence(facts: Row) -> Said:
    return VOICE.site_wanted(
        facts["licence"],
        {"name": facts["holder"], "organisation_number": facts["org_no"]},
        {
            "municipality": facts["municipality"],
            "industry": facts["sni"],
            "position": {"lat": facts["lat"], "lon": facts["lng"]},
        },
        is_sole_trader=facts["holder_type"] == 2,
        indications=[_BREACH[code] for code in facts["suspected"]],
        police_need=_POLICE[facts["police"]],
        value=facts["points"],
        duration_minutes=facts["minutes"],
        time_windows=[{"from_at": _instant(opens), "until_at": _instant(closes)} for opens, closes in facts["hours"]],
        due_at=_instant(facts.get("due")),
        deadline_at=_instant(facts.get("last_day")),
        required_agencies=facts["must_join"],
        min_officers=facts["officers"],
        exploitation_indicated=facts["exploitation"],
    )


def _finding(facts: Row) -> Said:
    content = {
        "category_codes": [_BREACH[code] for code in facts["breaches"]],
        "severity": _GRADE[facts["grade"]],
        "text": facts["note"],
    }
    return VOICE.found(
        facts["finding"],
        content,
        operation_id=facts["op"],
        inspection_id=facts["visit"],
        plan_version=facts["version"],
        category="licensing",
        subject_kind=_HOLDER[str(facts["holder_type"])],
        also_relevant_for=facts["also_for"],
    )


_HOW: Mapping[str, Callable[[Row], Said]] = {
    "10": _shift,
    "19": lambda facts: VOICE.shift_withdrawn(facts["shift"], _WHY[facts["why"]]),
    "20": _licence,
    "29": lambda facts: VOICE.site_withdrawn(facts["licence"], _WHY[facts["why"]]),
    "30": lambda facts: VOICE.interest(facts["visit"], _GRADE[facts["grade"]]),
    "31": lambda facts: VOICE.ready(facts["visit"], is_ready=True),
    "40": lambda facts: VOICE.accepted(facts["op"], facts["shift"], facts["session"], facts["heads"]),
    "41": lambda facts: VOICE.declined(facts["op"], facts["shift"], facts.get("session"), _WHY[facts["why"]]),
    "49": lambda facts: VOICE.left(facts["op"], facts["shift"], facts.get("session"), _WHY[facts["why"]]),
    "50": lambda facts: VOICE.seen(facts["op"], facts["version"], facts["ref"]),
    "60": lambda facts: VOICE.started(facts["op"], facts["version"], has_police=facts["police"]),
    "61": lambda facts: VOICE.completed(
        facts["op"], facts["version"], facts["visit"], _RESULT[facts["result"]], facts.get("met")
    ),
    "62": _finding,
    "68": lambda facts: VOICE.suspended(facts["op"], facts["version"], _WHY[facts["why"]], facts["left"]),
    "69": lambda facts: VOICE.aborted(facts["op"], facts["version"], _WHY[facts["why"]], facts["left"]),
}
_KINDS = CodeTable("code", _HOW)
