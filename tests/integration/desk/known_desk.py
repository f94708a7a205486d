"""A day in spring at the desk: all that its parties have heard and said, one thing of each kind and in each state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.sayings import Speech
from samsyn_adapter_desk.store import Store
from samsyn_contracts import capacity, carrying_out, indicators, inspections, operations, periods, plans
from samsyn_contracts import site_information as sites
from samsyn_contracts.cancellation_risk import CancellationRiskAssessed
from samsyn_contracts.compromised import OperationCompromised
from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.officers import OperationOfficerDesignated
from samsyn_contracts.participant_roles import ParticipantRoleDefined
from samsyn_contracts.platform import EventRejected, RejectionReason
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from tests.unit.desk.told import CENTRE, NOW, OTHER, POLICE, a_part, a_slot, a_told, an_envelope, example
from tests.unit.desk.told import OWN as CITY
from tests.unit.desk.wheels import AUTUMN, BUILDING, SPRING, TRAINING

ALL = (CENTRE, CITY, POLICE)
DEPARTMENT = "miljoforvaltningen"
YEAR, TEAM, WISH = 2026, f"{CITY}:lag-1", f"{CITY}:objekt-1"
LONG_NAME = "Restaurang & Pizzeria Påhittade Hörnet i Exempelstad Handelsbolag"
# Code name and slot of each operation, by what it shows.
OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "asked": ("Granit", a_slot("asked")),
    "today": ("Kvarts", a_slot("today", day=8, hour=11)),
    "begun": ("Kalksten", a_slot("begun", day=8, hour=8)),
    "over": ("Skiffer", a_slot("over", day=7)),
    "postponed": ("Marmor", a_slot("postponed", hour=13)),
    "lost": ("Gnejs", a_slot("lost", hour=15)),
    "told-lost": ("Porfyr", a_slot("told-lost", day=10)),
    "feared": ("Basalt", a_slot("feared", day=10, hour=14)),
    "moved": ("Sandsten", a_slot("moved", day=11)),
    "rescued": ("Diabas", a_slot("rescued", day=9, hour=16)),
}
QUESTIONS = {"open": f"{CENTRE}:open", "answered": f"{CENTRE}:answered", "refused": f"{CENTRE}:refused"}
WAITING, DECIDED = f"replan:{CENTRE}:0001-5", f"replan:{CENTRE}:0001-3"
BY = {"by_function": "samordnare"}
REASONS = {
    "code": "LOST",
    "sv": "Polisen kan inte komma lör 9 maj 13.00.",
    "en": "The police cannot come Sat 9 May 13:00.",
}
TOO_LATE = RejectionReason(
    pointer="/",
    code="already_past",
    text_sv="Tiden som händelsen gäller har redan varit. Säg det som gäller nu i stället.",
    text_en="The time spoken of has already been. Say what holds now instead.",
)


@dataclass(frozen=True)
class Heard:
    """Something that parties have heard: who said it, and by which event."""

    event_id: str
    message: Message
    by: str = "service:planning"
    to: tuple[str, ...] = ALL
    at: datetime = NOW
    causationid: str | None = None

    def envelope(self) -> Envelope:
        """As it came."""
        told = {"type": self.message.type_name(), "subject": self.message.subject, "time": self.at}
        return an_envelope(self.event_id, party=self.by, causationid=self.causationid, **told)


@dataclass(frozen=True)
class Said:
    """Something said at the desk; `is_refused` where Samsyn does not take it."""

    key: str
    message: Message
    party: str
    is_refused: bool = False


def operation(name: str) -> str:
    """The id of an operation, by what it shows."""
    return f"op:{POLICE}:{name}"


async def fill(database: Database) -> None:
    """Let the parties hear and say it all."""
    for heard in everything_heard():
        for party in heard.to:
            store = Store(database, party, "test")
            if party == heard.by == CITY:  # which of its departments has said it, the city's desk knows by itself
                own = Speech(heard.message, CENTRE, heard.event_id, heard.at, "somebody", "samordnare", DEPARTMENT)
                await store.say(own)
            else:
                await store.hear(heard.message, heard.envelope())
    for said in everything_said():
        store = Store(database, said.party, "test")
        role = DEPARTMENT if said.party == CITY else None
        key, at = f"desk:{said.key}", NOW - timedelta(hours=1)
        event_id = await store.say(Speech(said.message, CENTRE, key, at, "somebody", "samordnare", role))
        if said.is_refused:
            refusal = EventRejected(rejected_id=event_id, party=said.party, reasons=(TOO_LATE,), replayable=False)
            await store.hear(refusal, Heard(f"no-{said.key}", refusal, "service:exchange").envelope())
    thought = example("WhatIfAnswered", question_id=QUESTIONS["answered"], without=[f"{POLICE}:lost"], plan_version=3)
    rescued = {**_facts("rescued"), "to_slot": a_slot("elsewhere", day=12), "plan_version": 6, "reasons": (REASONS,)}
    for party in ALL:
        moved = Heard("rescued", a_told(operations.OperationRescheduled, **rescued, cause_event_ids=("lost-3",)))
        await Store(database, party, "test").hear(moved.message, moved.envelope())
    answered = Heard("answered", plans.WhatIfAnswered.model_validate(thought))
    await Store(database, CENTRE, "test").hear(answered.message, answered.envelope())


def everything_heard() -> Iterator[Heard]:
    """In the order heard."""
    yield from _wanted()
    yield from _scheduled()
    yield from _asked()
    yield from _prepared()
    yield from _changed()
    yield from _of_the_plan()
    yield from _of_the_day()
    yield from _of_the_year()


def everything_said() -> Iterator[Said]:
    """What was offered, agreed and wondered at this desk."""
    for party, unit, name in ((CITY, "team", "lag-1"), (POLICE, "local_police", "spare")):
        slot = a_slot(name, day=9, hour=10)
        told = {"capacity_id": f"{party}:{name}", "unit": unit, "start_at": slot["start_at"], "end_at": slot["end_at"]}
        more = {"staff": 3, "consent": {"mode": "standing"}, "base": {"lat": 57.7, "lon": 11.9}, "team": name}
        yield Said(f"offer-{party}", capacity.CapacityOffered.model_validate(told | more), party)
    officer = OperationOfficerDesignated.model_validate(example("OperationOfficerDesignated"))
    yield Said("officer", officer, POLICE)
    lost = capacity.PoliceCancelled(capacity_id=f"{POLICE}:rescued", cause_code="shooting")
    yield Said("lost-3", lost, POLICE)
    consent = example("ConsentGiven", consent_id=f"{CITY}:samtycke-1", valid_until="2026-06-30T22:00:00Z")
    yield Said("consent", capacity.ConsentGiven.model_validate(consent), CITY)
    for name, question in QUESTIONS.items():
        asked = plans.WhatIfAsked(question_id=question, centre=CENTRE, without=(f"{POLICE}:lost",), **BY)
        yield Said(f"wonder-{name}", asked, CENTRE, is_refused=name == "refused")
    pinned = plans.OperationPinned(operation_id=operation("over"), centre=CENTRE, reason_code="exercise", **BY)
    yield Said("pin", pinned, CENTRE, is_refused=True)
    next_year = {"wheel_id": f"{CENTRE}:wheel-{YEAR + 1}", "year": YEAR + 1, "version": 1}
    period = {"period_id": "2027-q1", "from_day": "2027-01-11", "until_day": "2027-03-28"}
    wheel = periods.AnnualWheelPublished.model_validate({**next_year, "periods": (period,)})
    yield Said("wheel", wheel, CENTRE, is_refused=True)


def _wanted() -> Iterator[Heard]:
    for number in (1, 2, 3):
        own = example("InspectionProposed", inspection_id=f"{CITY}:objekt-{number}", required_agencies=[CITY])
        own["site"] |= {"site_id": f"{CITY}:plats-{number}", "name": LONG_NAME}
        own.pop("why_ref")  # contents of the agency of the example
        message = inspections.InspectionProposed.model_validate(own)
        yield Heard(f"wish-{number}", message, CITY, (CITY, CENTRE))
    others = example("InspectionProposed", inspection_id=f"{OTHER}:objekt-4", required_agencies=[OTHER])
    others["site"] = {"site_id": f"{OTHER}:plats-4", "municipality": "1481"}
    withdrawn = inspections.InspectionWithdrawn(inspection_id=f"{CITY}:objekt-3", reason_code="no_longer_wanted")
    yield Heard("withdrawn", withdrawn, CITY, (CITY, CENTRE))
    yield Heard("wish-4", inspections.InspectionProposed.model_validate(others), OTHER)


def _scheduled() -> Iterator[Heard]:
    for name in OPERATIONS:
        facts = _facts(name)
        yield Heard(f"scheduled-{name}", a_told(operations.OperationScheduled, **facts), at=NOW - timedelta(days=3))
        if name not in ("asked", "postponed"):
            yield Heard(f"confirmed-{name}", a_told(operations.OperationConfirmed, **facts))


def _asked() -> Iterator[Heard]:
    facts = _facts("asked") | {"reply_by": NOW + timedelta(hours=5)}
    asked = {**_of_question(facts, CITY, TEAM), "role": DEPARTMENT}
    of_city = operations.ParticipationRequested.model_validate(asked)
    yield Heard("question-city", of_city, to=(CITY,))
    told = {"told_by_function": "samordnare", "channel": "phone", "told_at": NOW, "answer": "decline"}
    for agency, capacity_id in ((CITY, TEAM), (OTHER, f"{OTHER}:lag-1")):
        about = {"operation_id": operation("asked"), "capacity_id": capacity_id, "session_id": f"{POLICE}:asked"}
        noted = {**told, **about, "agency": agency, "noted_by": CENTRE}
        noted |= {"reason_code": "no_resources", **BY}
        yield Heard(f"noted-{agency}", ParticipationAnswerReported.model_validate(noted), CENTRE, (CENTRE, CITY))
    of_police = _of_question(facts, POLICE, f"{POLICE}:asked") | {"officers": 2}
    yield Heard("question-police", operations.PoliceRequested.model_validate(of_police), to=(POLICE,))


def _prepared() -> Iterator[Heard]:
    inspection, section = "service:inspection", ("access", "safety")
    for name in ("asked", "today"):
        slot = OPERATIONS[name][1]
        about = {"operation_id": operation(name), "code_name": OPERATIONS[name][0], "slot": slot}
        asked = {**about, "agency": CITY, "due_at": NOW + timedelta(hours=9), "purpose": "plan"}
        asked["sites"] = [{"inspection_id": WISH, "sections": section}]
        if name == "asked":
            message = sites.SiteInformationRequested.model_validate(asked)
            yield Heard(f"sites-{name}", message, inspection, (CITY,))
        completed = example("SiteInformationCompleted", operation_id=operation(name), code_name=OPERATIONS[name][0])
        yield Heard(f"account-{name}", sites.SiteInformationCompleted.model_validate(completed), inspection)
        briefing = sites.BriefingPublished.model_validate(example("BriefingPublished", **about))
        yield Heard(f"briefing-{name}", briefing, inspection)
        backup = example("BackupPlanPrepared", operation_id=operation(name), code_name=OPERATIONS[name][0])
        backup |= {"valid_until": NOW + timedelta(days=1), "to_slot": a_slot("spare", day=12)}
        yield Heard(f"backup-{name}", plans.BackupPlanPrepared.model_validate(backup))
    reached = {"function_id": f"{POLICE}:vakthavande-befal", "agency": POLICE, "role_code": "duty_officer"}
    phone = {"kind": "phone", "address": "031-390 06 05"}
    for told in (
        reached | {"channels": (phone, {"kind": "radio", "address": "RAPS 4711"}), "duty_hours": "dygnet runt"},
        example(
            "ContactPointChanged", function_id=f"{OTHER}:samordnare", agency=OTHER, deputy_function=f"{OTHER}:jour"
        ),
    ):
        contact = ContactPointChanged.model_validate(told)
        yield Heard(f"reached-{contact.agency}", contact, contact.agency)
    defined = {"agency": OTHER, "role_code": "coordinator", "valid_from": "2025-01-01"}
    role = ParticipantRoleDefined.model_validate(example("ParticipantRoleDefined", **defined))
    yield Heard(f"role-{OTHER}", role, OTHER)


def _changed() -> Iterator[Heard]:
    lost = capacity.PoliceCancelled(capacity_id=f"{POLICE}:postponed", cause_code="shooting")
    yield Heard("cause", lost, POLICE)
    yield Heard("lost", capacity.PoliceCancelled(capacity_id=f"{POLICE}:lost", cause_code="accident"), POLICE)
    told = {"told_by_function": "duty_officer", "channel": "phone", "told_at": NOW}
    call = operations.PoliceLossReported.model_validate(
        {**told, "operation_id": operation("told-lost"), "agency": CITY}
    )
    yield Heard("call", call, CITY)
    feared = OperationCompromised(operation_id=operation("feared"), told_by=CITY, how="leaked", **BY)
    yield Heard("feared", feared, CITY)
    change = {"cause_event_ids": ("cause",), "reasons": (REASONS,), "plan_version": 5}
    gone = a_told(operations.OperationPostponed, **_facts("postponed"), **change, released=(CITY, OTHER))
    yield Heard("gone", gone)
    to_slot = a_slot("moved", day=11, hour=14)
    moved = a_told(operations.OperationRescheduled, **_facts("moved"), **change, to_slot=to_slot)
    yield Heard("moved", moved)
    about = {"operation_id": operation("today"), "code_name": OPERATIONS["today"][0], "session_id": f"{POLICE}:today"}
    risk = CancellationRiskAssessed.model_validate(example("CancellationRiskAssessed", **about))
    yield Heard("risk", risk, to=(CENTRE,))
    pinned = plans.OperationPinned(operation_id=operation("moved"), centre=CENTRE, reason_code="exercise", **BY)
    yield Heard("pinned", pinned, CENTRE)


def _of_the_plan() -> Iterator[Heard]:
    mode = {"centre": CENTRE, "mode": "propose", "reason_code": "exercise", **BY}
    yield Heard("mode", capacity.AutomationModeChanged.model_validate(mode), CENTRE)
    names = ("postponed", "moved")
    changes = [_change(name, step) for name, step in zip(names, ("postponed", "other_police_session"), strict=True)]
    earlier = example("ReplanProposed", replan_id=DECIDED, changes=changes, may_stand=[], base_plan_version=4)
    yield Heard("proposed-3", plans.ReplanProposed.model_validate(earlier | _until(-2)), to=(CENTRE,))
    for version in (4, 5):
        plan = example("PlanPublished", plan_version=version, previous_version=version - 1, replan_id=DECIDED)
        plan |= {"changes": changes if version == 5 else [], "cause_event_ids": ["cause"] if version == 5 else ["none"]}
        yield Heard(f"plan-{version}", plans.PlanPublished.model_validate(plan), at=NOW - timedelta(hours=6 - version))
    waiting = example("ReplanProposed", replan_id=WAITING, base_plan_version=5)
    waiting["changes"] = [_change("lost", "other_police_session"), _change("moved", "grown")]
    waiting["may_stand"] = [operation("moved")]
    waiting["consents_missing"] = [{"operation_id": operation("lost"), "capacity_id": TEAM}]
    waiting["alternatives"][0]["changes"] = [_change("lost", "postponed")]
    proposed = plans.ReplanProposed.model_validate(waiting | _until(2))
    yield Heard("proposed-5", proposed, to=(CENTRE,), causationid="lost")


def _of_the_day() -> Iterator[Heard]:
    for name in ("today", "begun"):
        here = {"operation_id": operation(name), "agency": OTHER}
        come = sites.ParticipantCheckedIn.model_validate({**here, "plan_version": 4, "head_count": 2})
        yield Heard(f"come-{name}", come, OTHER)
        late = carrying_out.ParticipantDelayed.model_validate({**here, "minutes": 20})
        yield Heard(f"late-{name}", late, OTHER)
    begun = example("OperationStarted", operation_id=operation("begun"), agency=CITY, plan_version=4)
    yield Heard("begun", carrying_out.OperationStarted.model_validate(begun), CITY)
    over = example("OperationCompleted", operation_id=operation("over"), code_name=OPERATIONS["over"][0])
    over["done_inspection_ids"] = [f"{CITY}:objekt-2"]
    yield Heard("over", carrying_out.OperationCompleted.model_validate(over), "service:inspection")


def _of_the_year() -> Iterator[Heard]:
    deadlines = {"capacity_call_by": "2026-08-03T11:00:00Z", "freeze_at": "2026-08-24T11:00:00Z"}
    year = {"wheel_id": f"{CENTRE}:wheel-{YEAR}", "year": YEAR, "version": 2, "fixed_days": (TRAINING,)}
    told = {**year, "periods": (SPRING | {"theme": BUILDING}, AUTUMN | deadlines)}
    yield Heard("wheel", periods.AnnualWheelPublished.model_validate(told), CENTRE)
    opened = {"period_id": SPRING["period_id"], "wheel_id": told["wheel_id"], "centre": CENTRE, "freeze_at": NOW}
    yield Heard("opened", periods.PlanningPeriodOpened.model_validate(SPRING | opened))
    for unit in ("inspections", "operations"):
        target = example("AnnualTargetSet", year=YEAR, unit=unit, baseline=90, target=120)
        yield Heard(f"target-{unit}", periods.AnnualTargetSet.model_validate(target), CENTRE)
    figures = example("KpiSnapshotTaken", snapshot_id=f"kpi:{CENTRE}:2026-05-07", year=YEAR, as_of="2026-05-07")
    figures["kpis"] += [figures["kpis"][0] | {"code": "programmes.a_krim.counting_operations", "value": 3}]
    yield Heard("figures", indicators.KpiSnapshotTaken.model_validate(figures), "service:reporting", (CENTRE,))
    work = example("WorkCounted", year=YEAR, as_of="2026-05-07")
    yield Heard("work", indicators.WorkCounted.model_validate(work), "service:reporting", (CENTRE,))


def _facts(name: str) -> dict[str, Any]:
    """What a message about one of the operations says of it."""
    code_name, slot = OPERATIONS[name]
    status = "invited" if name == "asked" else "accepted"
    own = {**a_part(TEAM, status), "role": DEPARTMENT}
    parts = (a_part(f"{POLICE}:{name}", status), own, a_part(f"{OTHER}:lag-1"))
    begins = datetime.fromisoformat(slot["start_at"])
    site = {"site_id": f"{CITY}:plats-1", "municipality": "1480", "address": "Påhittade gatan 4", "name": LONG_NAME}
    first: dict[str, Any] = {"inspection_id": WISH, "start_at": begins + timedelta(minutes=15)}
    second: dict[str, Any] = {"inspection_id": f"{CITY}:objekt-2", "start_at": begins + timedelta(hours=2)}
    planned = tuple(
        {
            **each,
            "end_at": each["start_at"] + timedelta(hours=1),
            "municipality": "1480",
            "police_need": "required",
            "indications": ("unregistered_work", "olaglig-arbetskraft"),
        }
        for each in (first | {"site": site | {"industry": "5610"}}, second)
    )
    about = {"operation_id": operation(name), "code_name": code_name, "slot": slot, "from_slot": slot}
    return about | {"participants": parts, "inspections": planned}


def _of_question(facts: dict[str, Any], agency: str, capacity_id: str) -> dict[str, Any]:
    asked = {name: facts[name] for name in ("operation_id", "code_name", "slot", "inspections", "reply_by")}
    planned = [{name: value for name, value in each.items() if name != "site"} for each in asked["inspections"]]
    return asked | {"agency": agency, "capacity_id": capacity_id, "inspections": planned, "plan_version": 4}


def _change(name: str, step: str) -> dict[str, Any]:
    about = {"operation_id": operation(name), "code_name": OPERATIONS[name][0], "ladder_step": step}
    return about | {"kinds": ["session", "times"], "reasons": [REASONS]}


def _until(hours: int) -> dict[str, Any]:
    return {"decide_by": NOW + timedelta(hours=hours)}
