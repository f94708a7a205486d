"""Builders of what planning knows of a centre, each with defaults, for the tests of the planning service.

The default world: it is Monday 2025-05-05 08:00 in Stockholm, everything happens on Tuesday the 13th within a few
kilometres of Göteborg, and every team is ready for every site.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from samsyn_contracts.capacity import CapacityOffered, ConsentGiven, PoliceCancelled
from samsyn_contracts.envelope import Envelope, party_source
from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Message
from samsyn_contracts.periods import AnnualWheelPublished
from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.facts import (
    Capacity,
    Cause,
    Centre,
    Consent,
    Disturbance,
    Late,
    Operation,
    Participation,
    Pin,
    Proposal,
    Question,
    Value,
    Visit,
    Wanted,
    Wheel,
)
from samsyn_planning.domain.officers import OfficerSlot
from samsyn_planning.domain.snapshot import Snapshot

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CENTRE, OTHER_CENTRE = "akc-vast", "akc-nord"
POLICE, AV, SKV = "polisen", "arbetsmiljoverket", "skatteverket"
LAT, LON = 57.7, 11.97


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 5) -> datetime:
    """An instant in Stockholm, in May 2025 unless told otherwise."""
    return datetime(2025, month, day, hour, minute, tzinfo=STOCKHOLM)


NOW = at(5, 8)


def an_envelope(message: Message, id_: str = "e1", **overrides: Any) -> Envelope:
    """How a message is said: by the owner of its thing, a minute before NOW's, unless told otherwise."""
    party = overrides.pop("party", None) or message.owner or CENTRE
    told = {"source": party_source(party), "type": message.type_name(), "time": NOW, "centre": CENTRE}
    own = {"id": id_, "environment": "test", "subject": message.subject}
    return Envelope.model_validate({**told, **own, **overrides})


def an_offer(capacity_id: str, unit: str, day: int = 13, **overrides: Any) -> CapacityOffered:
    """Capacity offered for a working day, 08:00 to 16:00, from Göteborg, with standing consent."""
    hours = {"start_at": at(day, 8), "end_at": at(day, 16), "base": {"lat": LAT, "lon": LON}}
    own = {"capacity_id": capacity_id, "unit": unit, "staff": 4, "consent": {"mode": "standing"}}
    return CapacityOffered.model_validate({**own, **hours, **overrides})


def a_session_offer(capacity_id: str = "polisen:P1", day: int = 13, **overrides: Any) -> CapacityOffered:
    """A police session offered."""
    return an_offer(capacity_id, "local_police", day, **overrides)


def a_team_offer(capacity_id: str = f"{AV}:T1", day: int = 13, **overrides: Any) -> CapacityOffered:
    """A team's shift offered."""
    return an_offer(capacity_id, "team", day, **{"team": "lag-1", "staff": 2, **overrides})


def a_capacity(offer: CapacityOffered, **overrides: Any) -> Capacity:
    """A capacity as planning keeps it."""
    party = overrides.pop("party", offer.capacity_id.partition(":")[0])
    team = "" if offer.team is None else f"{party}:{offer.team}"
    return Capacity.model_validate(
        {"id": offer.capacity_id, "centre": CENTRE, "party": party, "team": team, "offer": offer, **overrides}
    )


def a_session(capacity_id: str = "polisen:P1", day: int = 13, **offer: Any) -> Capacity:
    """A police session known."""
    return a_capacity(a_session_offer(capacity_id, day, **offer))


def a_team(capacity_id: str = f"{AV}:T1", day: int = 13, **offer: Any) -> Capacity:
    """A team's shift known."""
    return a_capacity(a_team_offer(capacity_id, day, **offer))


def asking() -> dict[str, str]:
    """Consent that has to be asked for."""
    return {"mode": "ask"}


def a_cancellation(capacity_id: str = "polisen:P1", **overrides: Any) -> PoliceCancelled:
    """The police lose a whole session to a disturbance."""
    return PoliceCancelled.model_validate({"capacity_id": capacity_id, "cause_code": "disturbance", **overrides})


def lost(capacity: Capacity, by: str = "c1", **part: Any) -> Capacity:
    """The session lost, wholly unless told what is left."""
    return capacity.model_copy(update={"loss": a_cancellation(capacity.id, **part), "loss_event": by})


def a_proposal(inspection_id: str = f"{AV}:I1", **overrides: Any) -> InspectionProposed:
    """An inspection of one hour that an agency wants, possible between the 12th and the 23rd."""
    number = int("".join(c for c in inspection_id if c.isdigit()) or 0)
    site = {
        "site_id": f"{inspection_id}-site",
        "municipality": "1480",
        "industry": "4121",
        "position": {"lat": LAT + number / 500, "lon": LON},
    }
    own = {
        "inspection_id": inspection_id,
        "site": site,
        "indications": ["undeclared_work"],
        "police_need": "required",
        "value": 100,
        "programme": "work_life_crime",
        "duration_minutes": 60,
        "time_windows": [{"from_at": at(12), "until_at": at(23)}],
    }
    return InspectionProposed.model_validate({**own, **overrides})


def a_wanted(inspection_id: str = f"{AV}:I1", **overrides: Any) -> Wanted:
    """A wanted inspection that both agencies are ready for; `proposal` fields may be given by name."""
    kept = {name: overrides.pop(name) for name in list(overrides) if name in Wanted.model_fields}
    proposal = a_proposal(inspection_id, **overrides)
    own = {"id": inspection_id, "centre": CENTRE, "party": AV, "proposal": proposal, "ready": {AV: True, SKV: True}}
    return Wanted.model_validate({**own, **kept})


def an_operation(operation_id: str = "op:polisen:P1", session_id: str = "polisen:P1", **overrides: Any) -> Operation:
    """A scheduled operation on the 13th with the first inspection and the first team."""
    day = overrides.pop("day", 13)
    own = {
        "id": operation_id,
        "centre": CENTRE,
        "code_name": "Askås",
        "status": "scheduled",
        "session_id": session_id,
        "start_at": at(day, 8),
        "end_at": at(day, 16),
        "visits": (Visit(id=f"{AV}:I1", start_at=at(day, 9), end_at=at(day, 10)),),
        "teams": (f"{AV}:T1",),
        "plan_version": 1,
    }
    return Operation.model_validate({**own, **overrides})


def a_participation(capacity_id: str = f"{AV}:T1", status: str = "invited", **overrides: Any) -> Participation:
    """A capacity's part in the first operation."""
    own = {
        "operation_id": "op:polisen:P1",
        "capacity_id": capacity_id,
        "centre": CENTRE,
        "party": capacity_id.partition(":")[0],
        "session_id": "polisen:P1",
        "status": status,
        "reply_by": at(8, 8) if status == "invited" else None,
        "accepted_for": "polisen:P1" if status == "accepted" else None,
    }
    return Participation.model_validate({**own, **overrides})


def a_consent(party: str = AV, *covers: str, **overrides: Any) -> Consent:
    """A consent given beforehand until the end of May."""
    told = {"consent_id": f"{party}:C1", "given_by_function": "unit_head", "covers": covers or ("without_police",)}
    given = ConsentGiven.model_validate({**told, "valid_until": at(31), **overrides})
    return Consent(id=given.consent_id, centre=CENTRE, party=party, given=given)


def a_pin(operation_id: str = "op:polisen:P1", **overrides: Any) -> Pin:
    """That the centre has pinned the first operation."""
    own = {"id": operation_id, "centre": CENTRE, "code_name": "Askås", "is_pinned": True, "said_by": "p1"}
    return Pin.model_validate({**own, **overrides})


def a_compromise(operation_id: str = "op:polisen:P1", **overrides: Any) -> Compromise:
    """That the first operation, of the first inspection, may be compromised."""
    where = {"sites": (f"{AV}:I1-site",), "inspections": (f"{AV}:I1",)}
    own = {"id": operation_id, "centre": CENTRE, "code_name": "Askås", "is_held": True, "said_by": "r1"}
    return Compromise.model_validate({**own, **where, **overrides})


def coming_late(capacity: Capacity, minutes: int, by: str = "d1", *, operation_id: str = "op:polisen:P1") -> Capacity:
    """The capacity comes so many minutes after eight to the first operation, unless told otherwise."""
    late = Late(operation_id=operation_id, from_at=at(13, 8) + timedelta(minutes=minutes), said_by=by)
    return capacity.model_copy(update={"late": late})


def a_disturbance(severity: str, municipality: str | None, at_: datetime) -> Disturbance:
    """Something that has happened in a municipality of the centre."""
    own = f"polisen:{severity}-{municipality}-{at_:%d%H%M}"
    return Disturbance(id=own, centre=CENTRE, severity=severity, municipality=municipality, at=at_)


def an_officer(number: int = 1, **overrides: Any) -> OfficerSlot:
    """A designated operation officer of Göteborg city, experienced, since the turn of the year."""
    own = {"id": f"polisen:O{number}", "centre": CENTRE, "area": "lpo-goteborg-city", "experience_band": "4+"}
    return OfficerSlot.model_validate({**own, "valid_from": "2025-01-01", **overrides})


def a_period(period_id: str = "may", **overrides: Any) -> dict[str, Any]:
    """A period of a wheel: the rest of May from the 12th, its deadlines on the Mondays before."""
    days = {"from_day": "2025-05-12", "until_day": "2025-05-30"}
    deadlines = {"capacity_call_by": at(28, month=4), "information_by": at(5), "freeze_at": at(7)}
    return {"period_id": period_id, **days, **deadlines, **overrides}


def a_theme(tag: str = "construction", points: int = 400) -> dict[str, Any]:
    """A theme that favours what has a tag."""
    return {"code": "building", "sv": "Byggsäsongen", "en": "Building season", "tag": tag, "points": points}


def a_wheel(*periods: dict[str, Any], version: int = 1, **kept: Any) -> Wheel:
    """A wheel as planning keeps it, of which nothing has been told."""
    told = an_annual_wheel(*periods, version=version)
    return Wheel.model_validate({"id": told.wheel_id, "centre": CENTRE, "told": told, **kept})


def an_annual_wheel(*periods: dict[str, Any], version: int = 1, **overrides: Any) -> AnnualWheelPublished:
    """The centre's annual wheel of 2025, with one period unless told otherwise."""
    own = {"wheel_id": f"{CENTRE}:wheel-2025", "year": 2025, "version": version, "periods": periods or (a_period(),)}
    return AnnualWheelPublished.model_validate({**own, **overrides})


def a_cause(event_id: str = "c1", kind: str = "PoliceCancelled", **overrides: Any) -> Cause:
    """What made the plan differ from the facts: the first session's loss."""
    own = {"event_id": event_id, "kind": kind, "subject": "polisen:P1", "cause_code": "disturbance"}
    return Cause.model_validate({**own, "correlation_id": event_id, "is_urgent": True, **overrides})


def the_centre(**overrides: Any) -> Centre:
    """The centre, its plan as new as its facts."""
    own = {"code": CENTRE, "now_at": NOW, "planned_day": NOW.date().isoformat()}
    return Centre.model_validate({**own, **overrides})


def a_proposed_plan(proposal_id: str = f"replan:{CENTRE}:1", **overrides: Any) -> Proposal:
    """A plan that waits for the centre's decision until noon."""
    own = {"id": proposal_id, "centre": CENTRE, "status": "open", "base_plan_version": 1, "facts_version": 1}
    answer = {"problem": {}, "plan": {}, "causes": (), "question": Question(consent="any")}
    return Proposal.model_validate({**own, **answer, "decide_by": at(5, 12), **overrides})


def a_snapshot(*values: Value, centre: Centre | None = None) -> Snapshot:
    """All that is known of the centre: the values given, sorted."""
    return Snapshot(
        centre=centre or the_centre(),
        capacities=tuple(sorted((v for v in values if isinstance(v, Capacity)), key=lambda c: c.id)),
        wanted=tuple(sorted((v for v in values if isinstance(v, Wanted)), key=lambda w: w.id)),
        operations=tuple(sorted((v for v in values if isinstance(v, Operation)), key=lambda o: o.id)),
        participations=tuple(
            sorted((v for v in values if isinstance(v, Participation)), key=lambda p: (p.operation_id, p.capacity_id))
        ),
        consents=tuple(v for v in values if isinstance(v, Consent)),
        proposals=tuple(v for v in values if isinstance(v, Proposal)),
        pins=tuple(v for v in values if isinstance(v, Pin)),
        wheels=tuple(v for v in values if isinstance(v, Wheel)),
        disturbances=tuple(v for v in values if isinstance(v, Disturbance)),
        compromises=tuple(v for v in values if isinstance(v, Compromise)),
        officer_slots=tuple(v for v in values if isinstance(v, OfficerSlot)),
    )


def ids_of(things: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of rows in a form."""
    return [thing["id"] for thing in things]
