"""Who says each message, which services handle it, and which parties it is meant for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from samsyn_contracts.message import Message
from samsyn_contracts.register import Register

Service = Literal["exchange", "planning", "inspection", "reporting"]
# sender: who said the event spoken of · receiver: whom a finding is for · asked: the agency asked · participants:
# parties of the operation, invited, accepted or released, each in the view that its part allows · police: polisen,
# whose word it waits for · centre: the centre itself · members: every agency of the centre.
Parties = Literal["sender", "receiver", "asked", "participants", "police", "centre", "members"]


@dataclass(frozen=True)
class Audience:
    """Readers of a message; `said_by` is the service that says it, None where parties do.

    `services` act on it; besides, the exchange keeps every message in its log. `parties` tells whom the message is
    meant for: the exchange's disclosure rules give each of them the view that it may have.
    """

    services: tuple[Service, ...] = ()
    parties: tuple[Parties, ...] = ()
    said_by: Service | None = None


_OF_OPERATION = Audience(("inspection", "reporting"), ("participants", "centre"), said_by="planning")
# Kept in the log, and told to those whom the rules name; no service acts on it.
_OF_THE_DAY = Audience(("exchange",), ("participants", "centre"))
_TO_THE_CENTRE = Audience(("exchange",), ("centre",))
_ASKED = Audience(parties=("asked",), said_by="planning")

AUDIENCES: Mapping[str, Audience] = {
    "CapacityOffered": Audience(("planning", "reporting")),
    "CapacityWithdrawn": Audience(("planning", "reporting")),
    "PoliceCancelled": Audience(("planning", "reporting"), ("participants", "centre")),
    "PoliceCancellationRetracted": Audience(("planning", "reporting"), ("participants", "centre")),
    "PoliceRestored": Audience(("planning",), ("participants", "centre")),
    "ConsentGiven": Audience(("planning",)),
    "ConsentRevoked": Audience(("planning",)),
    "DisturbanceReported": Audience(("planning",)),
    "DisturbanceEnded": Audience(("planning",)),
    "CancellationRiskAssessed": Audience(parties=("centre",), said_by="planning"),
    "OperationOfficerDesignated": Audience(("planning",)),
    "OperationOfficerRetired": Audience(("planning",)),
    "AdapterHeartbeat": Audience(("exchange",)),
    "AutomationModeChanged": Audience(("planning",), ("members",)),
    "InspectionProposed": Audience(("planning", "reporting"), ("members",)),
    "InspectionAmended": Audience(("planning",), ("members",)),
    "InspectionWithdrawn": Audience(("planning",), ("members",)),
    "InterestDeclared": Audience(("planning",)),
    "ReadinessDeclared": Audience(("planning",)),
    "ParticipationRequested": _ASKED,
    "ParticipationAccepted": Audience(("planning",), ("centre",)),
    "ParticipationDeclined": Audience(("planning", "reporting"), ("centre",)),
    "ParticipationWithdrawn": Audience(("planning", "reporting"), ("centre",)),
    "PoliceRequested": _ASKED,
    "PoliceCommitted": Audience(("planning",), ("centre",)),
    "PoliceDeclined": Audience(("planning", "reporting"), ("centre",)),
    "PoliceLossReported": Audience(("planning", "reporting"), ("police", "participants", "centre")),
    # Planning judges whether it may be noted, and keeps nothing of it: it is nobody's consent.
    "ParticipationAnswerReported": Audience(("planning",), ("asked", "centre")),
    "OperationCompromised": Audience(("planning",), ("participants", "centre")),
    "OperationCleared": Audience(("planning",), ("participants",)),
    "OperationScheduled": _OF_OPERATION,
    "OperationConfirmed": _OF_OPERATION,
    "OperationRescheduled": _OF_OPERATION,
    "OperationPostponed": _OF_OPERATION,
    "OperationCancelled": _OF_OPERATION,
    "SiteInformationRequested": Audience(parties=("asked",), said_by="inspection"),
    # Nobody hears it from its sender: that there is an answer is told by what inspection says of all of them.
    "SiteInformationProvided": Audience(("inspection",)),
    "SiteInformationCompleted": Audience(parties=("participants", "centre"), said_by="inspection"),
    "BriefingPublished": Audience(parties=("participants",), said_by="inspection"),
    "ParticipantCheckedIn": Audience(("inspection",), ("participants", "centre")),
    "ParticipantDelayed": Audience(("planning",), ("participants", "centre")),
    "SafetyIncidentReported": _OF_THE_DAY,
    "EvaluationSubmitted": Audience(("inspection", "reporting"), ("centre",)),
    "NotificationSent": _TO_THE_CENTRE,
    "NotificationEscalated": _TO_THE_CENTRE,
    "CalendarInviteIssued": _TO_THE_CENTRE,
    "NotificationAcknowledged": Audience(("exchange", "reporting"), ("centre",)),
    "ContactPointChanged": Audience(("exchange",), ("members",)),
    "ParticipantRoleDefined": Audience(("exchange",), ("members",)),
    "OperationStarted": Audience(("inspection", "reporting"), ("participants", "centre")),
    "InspectionCompleted": Audience(("inspection", "reporting")),
    "InspectionSuspended": Audience(("planning", "inspection", "reporting"), ("participants", "centre")),
    "OperationAborted": Audience(("planning", "inspection", "reporting"), ("participants", "centre")),
    "OperationCompleted": Audience(("planning", "reporting"), ("participants", "centre"), said_by="inspection"),
    "FindingRecorded": Audience(("inspection", "reporting")),
    "FindingPlaced": Audience(("exchange",), said_by="inspection"),
    "FindingShared": Audience(("reporting",), ("receiver",), said_by="exchange"),
    "FindingWithheld": Audience(("reporting",), ("sender", "receiver"), said_by="exchange"),
    "DisclosureAssessed": Audience(("exchange",)),
    "AnnualWheelPublished": Audience(("planning",), ("members",)),
    "AnnualTargetSet": Audience(("reporting",), ("members",)),
    "PlanningPeriodOpened": Audience(parties=("members",), said_by="planning"),
    "PlanningPeriodFrozen": Audience(parties=("members",), said_by="planning"),
    "KpiSnapshotTaken": Audience(parties=("members",), said_by="reporting"),
    "TargetRiskRaised": Audience(parties=("centre",), said_by="reporting"),
    # What one agency did is told to no other: figures for all members stand in KpiSnapshotTaken.
    "WorkCounted": Audience(parties=("centre",), said_by="reporting"),
    "ReplanStarted": Audience(parties=("centre",), said_by="planning"),
    "ReplanProposed": Audience(parties=("centre",), said_by="planning"),
    "ReplanApproved": Audience(("planning",)),
    "ReplanRejected": Audience(("planning",)),
    "OperationPinned": Audience(("planning",)),
    "OperationUnpinned": Audience(("planning",)),
    "PlanPublished": Audience(parties=("members",), said_by="planning"),
    "BackupPlanPrepared": Audience(parties=("centre",), said_by="planning"),
    "BackupPlanInvalidated": Audience(parties=("centre",), said_by="planning"),
    "WhatIfAsked": Audience(("planning",)),
    "WhatIfAnswered": Audience(parties=("centre",), said_by="planning"),
    "EventAdmitted": Audience(parties=("sender",), said_by="exchange"),
    "EventRejected": Audience(parties=("sender",), said_by="exchange"),
    "AdapterStatusChanged": Audience(parties=("sender",), said_by="exchange"),
    "TimePassed": Audience(("planning", "inspection", "reporting"), ("centre",), said_by="exchange"),
}


def audience_of(message_class: type[Message]) -> Audience:
    """The readers of a message; KeyError where nobody has written down who they are."""
    return AUDIENCES[message_class.__name__]


def sayers_of(message_class: type[Message], register: Register) -> tuple[str, ...]:
    """Who may say it, on some day: kinds of parties and party codes of the register, or `service <name>`."""
    said_by = audience_of(message_class).said_by
    if said_by is not None:
        return (f"service {said_by}",)
    permissions = [row for row in register.permissions if row.type == message_class.__name__]
    return tuple(name for row in permissions for name in (*row.kinds, *row.parties))
