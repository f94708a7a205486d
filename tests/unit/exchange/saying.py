"""Builders of what parties and services say, with defaults."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from samsyn_contracts.bus import Headers, from_topic, headers_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Envelope, Event, party_source, service_source
from samsyn_contracts.message import Message
from samsyn_exchange.domain.admission import Said

CENTRE = "akc-vast"
RECEIVED_AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
SLOT = {"session_id": "polisen:p1", "start_at": "2025-05-08T07:00:00Z", "end_at": "2025-05-08T15:00:00Z"}
POLICE = {"agency": "polisen", "capacity_id": "polisen:p1", "status": "accepted"}
INSPECTORS = {"agency": "arbetsmiljoverket", "capacity_id": "arbetsmiljoverket:t1", "status": "invited"}
REASON = {"code": "police_lost", "sv": "Polisen uteblir.", "en": "The police are lost."}
WINDOW = {"from_at": "2025-05-08T07:00:00Z", "until_at": "2025-05-09T15:00:00Z"}
CONTENTS = "contents:skatteverket:00000000-0000-4000-8000-000000000001"
SITE: Mapping[str, Any] = {
    "site_id": "skatteverket:s1",
    "municipality": "1480",
    "industry": "4711",
    "position": {"lat": 57.70887, "lon": 11.97456},
    "address": "Storgatan 1",
    "name": "Exempelbolaget AB",
    "organisation_number": "402100-0000",
}
ROUTE = [
    {
        "inspection_id": "skatteverket:i1",
        "start_at": "2025-05-08T08:00:00Z",
        "end_at": "2025-05-08T09:00:00Z",
        "municipality": "1480",
        "police_need": "required",
        "indications": ["undeclared_work"],
        "site": SITE,
    }
]
_OPERATION = {"operation_id": "op:polisen:p1", "code_name": "Ask", "plan_version": 3}
_PARTS = {"participants": [POLICE, INSPECTORS], "inspections": ROUTE}
_LOST = {"from_slot": SLOT, "cause_event_ids": ["e-1"], "reasons": [REASON], "notice_minutes": 90}
_ASKED = {"slot": SLOT, "inspections": ROUTE, "reply_by": "2025-05-07T07:00:00Z"}
_REPLAN = {"replan_id": "replan:akc-vast:3", "centre": CENTRE, "base_plan_version": 2}
_GUARDS = {"police": "met", "other_agency": "met", "ready": "met", "coordinator": "not_needed"}
_ON_THE_DAY = {"operation_id": "op:polisen:p1", "agency": "skatteverket", "plan_version": 3}
_OF_A_PIN = {
    "operation_id": "op:polisen:p1",
    "centre": CENTRE,
    "by_function": "coordinator",
    "reason_code": "site_prepared",
}
_THOUGHT = {"question_id": f"{CENTRE}:q1", "centre": CENTRE, "without": ["polisen:p1"]}
_PERIOD = {"period_id": "spring", "from_day": "2025-03-03", "until_day": "2025-05-30"}
_FINDING = {"finding_id": "skatteverket:f1", "operation_id": "op:polisen:p1", "inspection_id": "skatteverket:i1"}

# The least of each message's facts, as said by the first of those who may.
FACTS: Mapping[str, Mapping[str, Any]] = {
    "CapacityOffered": {
        "capacity_id": "polisen:p1",
        "unit": "local_police",
        "start_at": SLOT["start_at"],
        "end_at": SLOT["end_at"],
        "staff": 4,
        "consent": {"mode": "standing"},
        "base": {"lat": 57.7, "lon": 11.97},
    },
    "CapacityWithdrawn": {"capacity_id": "polisen:p1", "reason_code": "other"},
    "PoliceCancelled": {"capacity_id": "polisen:p1", "cause_code": "shooting"},
    "PoliceCancellationRetracted": {"capacity_id": "polisen:p1", "cancelled_event": "e-1"},
    "PoliceRestored": {"capacity_id": "polisen:p1"},
    "InspectionProposed": {
        "inspection_id": "skatteverket:i1",
        "site": SITE,
        "indications": ["undeclared_work"],
        "police_need": "required",
        "value": 100,
        "programme": "akrim",
        "duration_minutes": 60,
        "time_windows": [WINDOW],
    },
    "InspectionAmended": {"inspection_id": "skatteverket:i1", "changes": {"value": 50}},
    "InspectionWithdrawn": {"inspection_id": "skatteverket:i1", "reason_code": "moved"},
    "AutomationModeChanged": {"centre": CENTRE, "mode": "off", "by_function": "coordinator", "reason_code": "drill"},
    "ContactPointChanged": {
        "function_id": "skatteverket:samordnare",
        "agency": "skatteverket",
        "role_code": "coordinator",
        "channels": [{"kind": "phone", "address": "031-390 06 05"}],
    },
    "ParticipantRoleDefined": {
        "agency": "skatteverket",
        "role_code": "samordnare",
        "mandate_text_sv": "Samordnar det gemensamma arbetet.",
        "valid_from": "2025-05-01",
    },
    "ParticipationAccepted": {
        "operation_id": "op:polisen:p1",
        "capacity_id": "skatteverket:t1",
        "session_id": "polisen:p1",
    },
    "ParticipationDeclined": {
        "operation_id": "op:polisen:p1",
        "capacity_id": "skatteverket:t1",
        "reason_code": "illness",
    },
    "ParticipationWithdrawn": {
        "operation_id": "op:polisen:p1",
        "capacity_id": "skatteverket:t1",
        "reason_code": "illness",
    },
    "ParticipationAnswerReported": {
        "operation_id": "op:polisen:p1",
        "noted_by": "skatteverket",
        "agency": "arbetsmiljoverket",
        "capacity_id": "arbetsmiljoverket:t1",
        "session_id": "polisen:p1",
        "answer": "accept",
        "told_by_function": "coordinator",
        "channel": "phone",
        "told_at": "2025-05-05T05:59:00Z",
        "by_function": "coordinator",
    },
    "OperationCompromised": {
        "operation_id": "op:polisen:p1",
        "told_by": "skatteverket",
        "how": "leaked",
        "by_function": "coordinator",
    },
    "OperationCleared": {
        "operation_id": "op:polisen:p1",
        "centre": CENTRE,
        "by_function": "coordinator",
        "reason_code": "goes_ahead",
    },
    "PoliceLossReported": {
        "operation_id": "op:polisen:p1",
        "agency": "skatteverket",
        "told_by_function": "duty_officer",
        "channel": "phone",
        "told_at": "2025-05-05T05:59:00Z",
    },
    "ParticipationRequested": {
        **_OPERATION,
        **_ASKED,
        "agency": "arbetsmiljoverket",
        "capacity_id": "arbetsmiljoverket:t1",
    },
    "PoliceRequested": {**_OPERATION, **_ASKED, "agency": "polisen", "capacity_id": "polisen:p1", "officers": 4},
    "OperationScheduled": {**_OPERATION, **_PARTS, "slot": SLOT, "released": ["migrationsverket"]},
    "OperationConfirmed": {**_OPERATION, **_PARTS, "slot": SLOT, "guard_results": _GUARDS},
    "OperationRescheduled": {
        **_OPERATION,
        **_PARTS,
        **_LOST,
        "to_slot": {**SLOT, "session_id": "polisen:p2"},
        "ladder_step": "other_police_session",
        "released": ["migrationsverket"],
    },
    "OperationPostponed": {**_OPERATION, **_LOST, "cause_code": "police_lost", "released": ["migrationsverket"]},
    "OperationCancelled": {**_OPERATION, **_LOST, "cause_code": "police_lost", "released": []},
    "ReplanStarted": {**_REPLAN, "trigger_event_ids": ["e-1"], "scope": "loss"},
    "ReplanProposed": {
        **_REPLAN,
        "changes": [],
        "untouched_count": 10,
        "score_delta": 5,
        "decide_by": "2025-05-06T07:00:00Z",
        "if_unanswered": "old_plan_stands",
    },
    "PlanPublished": {
        "centre": CENTRE,
        "plan_version": 3,
        "previous_version": 2,
        "hash_prev": "a",
        "hash": "b",
        "replan_id": "replan:akc-vast:3",
        "cause_event_ids": ["e-1"],
        "changes": [],
        "untouched_count": 10,
    },
    "BackupPlanPrepared": {
        "operation_id": "op:polisen:p1",
        "centre": CENTRE,
        "code_name": "Askås",
        "against": "polisen:p1",
        "plan_version": 3,
        "ladder_step": "postponed",
        "consent_complete": True,
        "value_loss": 40,
        "valid_until": "2025-05-06T07:00:00Z",
    },
    "BackupPlanInvalidated": {
        "operation_id": "op:polisen:p1",
        "centre": CENTRE,
        "reason_code": "facts_changed",
        "reason_event_id": "e-1",
    },
    "EventRejected": {
        "rejected_id": "e-9",
        "party": "skatteverket",
        "reasons": [{"pointer": "", "code": "unknown_id", "text_sv": "Okänd.", "text_en": "Unknown."}],
        "replayable": True,
    },
    "TimePassed": {"centre": CENTRE, "until": "2025-05-05T06:00:00Z"},
    "AdapterHeartbeat": {"adapter_id": "skatteverket:csv", "version": "1.0", "interval_minutes": 5},
    "AdapterStatusChanged": {
        "adapter_id": "skatteverket:csv",
        "party": "skatteverket",
        "status": "late",
        "last_seen_at": "2025-05-05T05:00:00Z",
        "version": "1.0",
    },
    "NotificationAcknowledged": {**_ON_THE_DAY, "by_function": "duty_officer"},
    "OperationStarted": {**_ON_THE_DAY, "police_present": True},
    "InspectionSuspended": {**_ON_THE_DAY, "cause_code": "shooting", "remaining_inspection_ids": ["skatteverket:i1"]},
    "OperationAborted": {**_ON_THE_DAY, "cause_code": "threat", "left_inspection_ids": ["skatteverket:i1"]},
    "OperationCompleted": {
        **_OPERATION,
        "outcome": "completed",
        "started_at": "2025-05-08T08:00:00Z",
        "ended_at": "2025-05-08T12:00:00Z",
        "done_inspection_ids": ["skatteverket:i1"],
        "left_inspection_ids": [],
        "handed_in_by": ["skatteverket"],
        "missing_from": [],
        "police_present": True,
        "counts_as_operation": True,
    },
    "FindingRecorded": {
        **_FINDING,
        "plan_version": 3,
        "category": "tax",
        "subject_kind": "organisation",
        "payload_ref": CONTENTS,
    },
    "FindingPlaced": {
        **_FINDING,
        "sender": "skatteverket",
        "candidates": ["arbetsmiljoverket", "kommun-goteborg"],
        "category": "tax",
        "subject_kind": "organisation",
        "payload_ref": CONTENTS,
    },
    "FindingShared": {
        **_FINDING,
        "sender": "skatteverket",
        "receiver": "arbetsmiljoverket",
        "rule_id": "b01",
        "assessment_id": "skatteverket:a1",
        "purpose": "follow-up",
        "category": "tax",
        "payload_ref": CONTENTS,
    },
    "FindingWithheld": {
        "finding_id": "skatteverket:f1",
        "operation_id": "op:polisen:p1",
        "sender": "skatteverket",
        "receiver": "kommun-goteborg",
        "reason_code": "denied",
        "rule_id": "b04",
        "told_to": "kommun-goteborg",
        "contact_function": "secrecy_contact",
    },
    "DisclosureAssessed": {
        "assessment_id": "skatteverket:a1",
        "receiver": "arbetsmiljoverket",
        "category": "tax",
        "purpose": "follow-up",
        "outcome": "weighed",
        "document_ref": "8-1234567",
        "valid_until": "2025-12-31T23:00:00Z",
    },
    "SiteInformationRequested": {
        "operation_id": "op:polisen:p1",
        "code_name": "Tistelås",
        "agency": "skatteverket",
        "slot": SLOT,
        "due_at": "2025-05-06T07:00:00Z",
        "purpose": "plan",
        "sites": [{"inspection_id": "skatteverket:i1", "sections": ["access", "dwelling"]}],
    },
    "SiteInformationProvided": {
        **_ON_THE_DAY,
        "inspection_id": "skatteverket:i1",
        "section": "dwelling",
        "as_of": "2025-05-05T05:00:00Z",
        "answer": "known",
        "content_ref": CONTENTS,
    },
    "SiteInformationCompleted": {
        "operation_id": "op:polisen:p1",
        "code_name": "Tistelås",
        "version": 1,
        "completeness": 50,
        "participants": [POLICE],
        "sites": [
            {
                "inspection_id": "skatteverket:i1",
                "answered": [
                    {
                        "section": "dwelling",
                        "agency": "skatteverket",
                        "answer": "known",
                        "as_of": "2025-05-05T05:00:00Z",
                        "content_ref": CONTENTS,
                    }
                ],
                "missing_sections": ["access"],
            }
        ],
    },
    "BriefingPublished": {
        "operation_id": "op:polisen:p1",
        "code_name": "Tistelås",
        "version": 1,
        "slot": SLOT,
        "participants": [POLICE],
        "information_needs": [{"agency": "polisen", "sections": ["safety"]}],
        "checklist_codes": ["lead"],
    },
    "ParticipantCheckedIn": {**_ON_THE_DAY, "plan_version": 3, "head_count": 4},
    "ParticipantDelayed": {**_ON_THE_DAY, "minutes": 25},
    "SafetyIncidentReported": {**_ON_THE_DAY, "kind": "threat", "severity": "serious"},
    "EvaluationSubmitted": {
        **_ON_THE_DAY,
        "scores": {"preparation": 4, "cooperation": 5, "outcome": 3},
        "text_ref": CONTENTS,
    },
    "NotificationSent": {
        "notification_id": "skatteverket:n1",
        "recipient_function": "coordinator",
        "channel": "mail",
        "template": "operation_rescheduled",
        "cause_event_id": "e-1",
    },
    "NotificationEscalated": {"notification_id": "skatteverket:n1", "to_function": "deputy", "step": 1},
    "CalendarInviteIssued": {
        "notification_id": "skatteverket:n2",
        "invite_uid": "p1@skatteverket.example",
        "operation_id": "op:polisen:p1",
        "sequence": 0,
        "method": "REQUEST",
        "recipient_function": "coordinator",
    },
    "OperationPinned": _OF_A_PIN,
    "OperationUnpinned": _OF_A_PIN,
    "AnnualWheelPublished": {"wheel_id": f"{CENTRE}:w1", "year": 2025, "version": 1, "periods": [_PERIOD]},
    "AnnualTargetSet": {
        "centre": CENTRE,
        "year": 2025,
        "unit": "inspections",
        "baseline": 310,
        "target": 350,
        "by_function": "coordinator",
    },
    "PlanningPeriodOpened": {**_PERIOD, "wheel_id": f"{CENTRE}:w1", "centre": CENTRE},
    "PlanningPeriodFrozen": {
        "period_id": "spring",
        "wheel_id": f"{CENTRE}:w1",
        "centre": CENTRE,
        "plan_version": 3,
        "frozen_operation_ids": ["op:polisen:p1"],
    },
    "KpiSnapshotTaken": {
        "snapshot_id": f"kpi:{CENTRE}:2025-05-06",
        "centre": CENTRE,
        "year": 2025,
        "as_of": "2025-05-06",
        "kpis": [{"code": "evaluations.share", "value": 0.75, "unit": "share", "definition_version": 1}],
    },
    "DisturbanceEnded": {"disturbance_id": "polisen:D1", "ended_at": "2025-05-06T14:05:00Z"},
    "CancellationRiskAssessed": {
        "operation_id": "op:polisen:p1",
        "code_name": "Ask",
        "session_id": "polisen:p1",
        "p": 0.166,
        "p_low": 0.14,
        "p_high": 0.196,
        "num_cases": 479,
        "reasons": [{"code": "RISK_NOT_WEIGHED", "sv": "Risken påverkar inte planen.", "en": "It changes nothing."}],
        "model_version": "disturbances 2023-04-02/2025-06-30",
    },
    "TargetRiskRaised": {
        "centre": CENTRE,
        "year": 2025,
        "unit": "inspections",
        "as_of": "2025-05-06",
        "to_date": 104,
        "forecast": 301,
        "target": 350,
        "gap": 49,
        "definition_version": 1,
    },
    "WorkCounted": {
        "centre": CENTRE,
        "year": 2025,
        "as_of": "2025-05-06",
        "agencies": [
            {
                "agency": "skatteverket",
                "joined_operations": 3,
                "initiated_operations": 2,
                "initiated_inspections": 4,
            }
        ],
        "definition_version": 1,
    },
    "WhatIfAsked": {**_THOUGHT, "by_function": "coordinator"},
    "WhatIfAnswered": {**_THOUGHT, "plan_version": 3, "outcome": "worked_out"},
}
_numbers = itertools.count(1)


def facts(name: str, **changed: Any) -> dict[str, Any]:
    """The facts of a message as JSON values; a field changed to None is left out."""
    return {field: value for field, value in {**FACTS[name], **changed}.items() if value is not None}


def a_message(name: str, **changed: Any) -> Message:
    """A message by its class's name."""
    return MESSAGES[f"se.samsyn.{name}.v1"].model_validate_json(json.dumps(facts(name, **changed)))


def an_envelope(name: str, source: str, **changed: Any) -> Envelope:
    """An envelope with an id of its own."""
    told = {"id": str(uuid.uuid4()), "type": f"se.samsyn.{name}.v1", "time": RECEIVED_AT, "centre": CENTRE}
    return Envelope.model_validate({**told, "source": source, "environment": "test", **changed})


def an_event(name: str, party: str = "polisen", **changed: Any) -> Event:
    """An event that a party says."""
    return Event(an_envelope(name, party_source(party)), a_message(name, **changed))


def a_service_event(name: str, service: str = "planning", centre: str = CENTRE, **changed: Any) -> Event:
    """An event that a service says."""
    return Event(an_envelope(name, service_source(service), centre=centre), a_message(name, **changed))


def some_headers(name: str = "PoliceCancelled", party: str = "polisen", **changed: Any) -> Headers:
    """Record headers; `ce_x=None` leaves one out, another value replaces or adds it."""
    given: dict[str, bytes | None] = dict(headers_of(an_envelope(name, party_source(party))))
    return [(key, value) for key, value in {**given, **changed}.items() if value is not None]


def a_record(
    name: str = "PoliceCancelled",
    party: str = "polisen",
    body: bytes | None = b"",
    headers: Headers | None = None,
    **changed: Any,
) -> Said:
    """A record on the party's topic, at a place of its own; by default with the message's facts as body."""
    written = json.dumps(facts(name, **changed)).encode() if body == b"" else body
    told = some_headers(name, party) if headers is None else headers
    return Said(from_topic(party), 0, next(_numbers), party, told, written)
