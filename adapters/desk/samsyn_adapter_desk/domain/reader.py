"""Whom a text is for: a language, its words, and how that language writes times, parties and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import NullTranslations

from samsyn_contracts.message import Reason, Slot
from samsyn_contracts.register import (
    category_names,
    cause_names,
    checklist_names,
    lesson_names,
    load_register,
    programme_names,
)

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.domain.choices import (
    ANSWERS,
    CHANNELS,
    CONTACT_ROLES,
    COVERS,
    EXPERIENCE,
    indications,
    municipalities,
    site_sections,
)
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.moments import Language


@dataclass(frozen=True)
class Reader:
    """Somebody who reads Swedish or English."""

    language: Language
    words: NullTranslations

    def text(self, message: str, **values: object) -> str:
        """A text of the catalogue with its values."""
        return self.words.gettext(message) % values if values else self.words.gettext(message)

    def plural(self, one: str, many: str, count: int) -> str:
        """One of two texts of the catalogue, by how many (`%(count)d`): both languages have one form for more."""
        return self.text(one if count == 1 else many, count=count)

    def pick(self, sv: str, en: str) -> str:
        """The reader's of two texts."""
        return sv if self.language == "sv" else en

    def party(self, code: str) -> str:
        """The name of a party, with its role if one is given ("party/role"); an unknown code as it is."""
        party, _, role = code.partition("/")
        known = load_register().by_code.get(party)
        if known is None:
            return code
        named = self.pick(known.name_sv, known.name_en)
        of_role = [self.pick(each.name_sv, each.name_en) for each in known.roles if each.code == role]
        return f"{named}, {of_role[0]}" if of_role else named

    def parties(self, codes: Sequence[str]) -> str:
        """Names in a row, in the reader's order."""
        return ", ".join(sorted({self.party(code) for code in codes}, key=moments.in_order))

    def cause(self, code: str) -> str:
        """The name of a cause or reason; an unknown code as it is."""
        return self.pick(*cause_names()[code]) if code in cause_names() else code

    def category(self, code: str) -> str:
        """The name of a category of findings."""
        return self.pick(*category_names()[code]) if code in category_names() else code

    def indication(self, code: str) -> str:
        """The name of an indication."""
        return next((self.pick(each.sv, each.en) for each in indications() if each.value == code), code)

    def programme(self, code: str) -> str:
        """The name of a programme; an unknown code as it is."""
        return self.pick(*programme_names().get(code, (code, code)))

    def cover(self, code: str) -> str:
        """The name of a kind of change that a consent covers."""
        return next((self.pick(each.sv, each.en) for each in COVERS if each.value == code), code)

    def answer(self, code: str) -> str:
        """Yes or no, as an answer is coded."""
        return next((self.pick(each.sv, each.en) for each in ANSWERS if each.value == code), code)

    def channel(self, code: str) -> str:
        """By what somebody was told."""
        return next((self.pick(each.sv, each.en) for each in CHANNELS if each.value == code), code)

    def experience(self, band: str) -> str:
        """How long somebody has been with joint operations."""
        return next((self.pick(each.sv, each.en) for each in EXPERIENCE if each.value == band), band)

    def contact_role(self, code: str) -> str:
        """What a function by which an agency is reached does; an unknown code as it is."""
        return next((self.pick(each.sv, each.en) for each in CONTACT_ROLES if each.value == code), code)

    def role(self, agency: str, code: str) -> str:
        """The name of an agency's role: as the register has it, or as what a function does; else its code."""
        known = load_register().by_code.get(agency)
        named = [self.pick(each.name_sv, each.name_en) for each in known.roles if each.code == code] if known else []
        return named[0] if named else self.contact_role(code)

    def message(self, name: str) -> str:
        """What saying a message does, by its name."""
        return self.text(SAID[name]) if name in SAID else name

    def section(self, code: str) -> str:
        """The name of a section of what is known of a site."""
        return next((self.pick(each.sv, each.en) for each in site_sections() if each.value == code), code)

    def sections(self, codes: Iterable[str]) -> str:
        """The names of several sections."""
        return ", ".join(self.section(code) for code in codes)

    def checklist(self, code: str) -> str:
        """What a point of a briefing's checklist says."""
        return self.pick(*checklist_names().get(code, (code, code)))

    def lesson(self, code: str) -> str:
        """What was learnt, in words."""
        return self.pick(*lesson_names().get(code, (code, code)))

    def place(self, number: int | None, inspection_id: str) -> str:
        """An inspection as people say it: its place in the operation's route; by its own number where none is known."""
        if number is None:
            return self.plain(inspection_id)
        return self.text(msgid("inspection %(number)s"), number=number)

    def municipality(self, code: str) -> str:
        """The name of a municipality."""
        return next((each.sv for each in municipalities() if each.value == code), code)

    def reason(self, reason: Reason) -> str:
        """The sentence of a reason."""
        return self.plain(self.pick(reason.sv, reason.en))

    def plain(self, sentence: str) -> str:
        """A sentence with ids as people say them, "wish-1 (Göteborgs Stad)", and without those of events."""
        return OWN_ID.sub(self._said_id, EVENT_ID.sub("", sentence))

    def _said_id(self, found: re.Match[str]) -> str:
        party, own = found.groups()
        return f"{own} ({self.party(party)})" if party in load_register().by_code else found.group()

    def moment(self, at: datetime) -> str:
        """Day, time and week."""
        return moments.moment(at, self.language)

    def span(self, slot: Slot) -> str:
        """From when to when."""
        return moments.span(slot.start_at, slot.end_at, self.language)

    def length(self, minutes: int) -> str:
        """How long."""
        return moments.length(timedelta(minutes=max(0, minutes)), self.language)

    def step(self, code: str) -> str:
        """What a step of the ladder does with an operation."""
        return self.text(STEPS[code]) if code in STEPS else code

    def state(self, code: str) -> str:
        """The state of an operation, a question, a proposal or a capacity."""
        return self.text(STATES[code]) if code in STATES else code


OWN_ID = re.compile(r"(?<![\w:-])([a-z][a-z0-9-]{1,40}):([A-Za-z0-9_~-](?:[A-Za-z0-9._~-]{0,78}[A-Za-z0-9_~-])?)")
EVENT_ID = re.compile(r" \([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)")
STEPS = {
    "other_police_session": msgid("other police session, same day"),
    "moved_session": msgid("moved to another session"),
    "smaller": msgid("smaller, in another order or at other times"),
    "without_police": msgid("without police"),
    "postponed": msgid("postponed"),
    "cancelled": msgid("cancelled, back to the list"),
    "unchanged": msgid("unchanged"),
    "grown": msgid("grown"),
    "team_changed": msgid("another team"),
    "restored": msgid("back as it was"),
}
STATES = {
    "scheduled": msgid("scheduled"),
    "confirmed": msgid("confirmed"),
    "postponed": msgid("postponed"),
    "cancelled": msgid("cancelled"),
    "started": msgid("under way"),
    "completed": msgid("completed"),
    "aborted": msgid("aborted"),
    "open": msgid("open"),
    "answered": msgid("answered"),
    "gone": msgid("no longer asked"),
    "approved": msgid("approved"),
    "rejected": msgid("rejected"),
    "overtaken": msgid("overtaken by a newer plan"),
    "offered": msgid("offered"),
    "withdrawn": msgid("withdrawn"),
    "designated": msgid("designated"),
    "retired": msgid("taken back"),
    "lost": msgid("lost"),
    "refused": msgid("refused by Samsyn"),
    "wanted": msgid("wanted"),
    "done": msgid("done"),
    "waiting": msgid("on its way"),
    "admitted": msgid("received"),
    "invited": msgid("asked"),
    "accepted": msgid("takes part"),
    "declined": msgid("declined"),
    "auto": msgid("automatic"),
    "propose": msgid("proposals only"),
    "off": msgid("off"),
}
SAID = {
    "OperationScheduled": msgid("scheduled"),
    "OperationConfirmed": msgid("confirmed"),
    "OperationRescheduled": msgid("changed"),
    "OperationPostponed": msgid("postponed"),
    "OperationCancelled": msgid("cancelled"),
    "OperationStarted": msgid("under way"),
    "OperationCompleted": msgid("completed"),
    "OperationAborted": msgid("aborted"),
    "InspectionSuspended": msgid("broken off"),
    "ParticipationRequested": msgid("asked to take part"),
    "PoliceRequested": msgid("the police are asked"),
    "ParticipationAccepted": msgid("takes part"),
    "ParticipationDeclined": msgid("does not take part"),
    "ParticipationAnswerReported": msgid("has noted an answer given by phone"),
    "ParticipationWithdrawn": msgid("takes part no longer"),
    "PoliceCommitted": msgid("the police come"),
    "PoliceDeclined": msgid("the police cannot come"),
    "PoliceLossReported": msgid("told that the police do not come"),
    "NotificationAcknowledged": msgid("has seen it"),
    "NotificationSent": msgid("was notified"),
    "NotificationEscalated": msgid("was reminded, and the next function told"),
    "CalendarInviteIssued": msgid("calendar invitation sent"),
    "SiteInformationRequested": msgid("what is known of the sites was asked for"),
    "SiteInformationProvided": msgid("has told what it knows of a site"),
    "SiteInformationCompleted": msgid("what is known of the sites was told"),
    "BriefingPublished": msgid("the briefing was published"),
    "ParticipantCheckedIn": msgid("has come"),
    "ParticipantDelayed": msgid("comes late"),
    "SafetyIncidentReported": msgid("tells of threat, violence or pressure"),
    "EvaluationSubmitted": msgid("has evaluated"),
    "BackupPlanPrepared": msgid("backup plan ready"),
    "BackupPlanInvalidated": msgid("backup plan no longer right"),
    "CapacityOffered": msgid("capacity was offered"),
    "CapacityWithdrawn": msgid("capacity was taken back"),
    "PoliceCancelled": msgid("the police are lost"),
    "PoliceRestored": msgid("the police are back"),
    "PoliceCancellationRetracted": msgid("a cancellation was taken back"),
    "OperationOfficerDesignated": msgid("designated an operation officer"),
    "OperationOfficerRetired": msgid("took back a designated operation officer"),
    "ConsentGiven": msgid("consent given beforehand"),
    "ConsentRevoked": msgid("consent taken back"),
    "InspectionProposed": msgid("an inspection was proposed"),
    "InspectionAmended": msgid("a proposal was changed"),
    "InspectionWithdrawn": msgid("a proposal was withdrawn"),
    "InspectionCompleted": msgid("an inspection was handed in"),
    "InterestDeclared": msgid("interest declared"),
    "ReadinessDeclared": msgid("readiness declared"),
    "FindingRecorded": msgid("a finding was recorded"),
    "ReplanApproved": msgid("a proposal was approved"),
    "ReplanRejected": msgid("a proposal was rejected"),
    "ContactPointChanged": msgid("told how a function is reached"),
    "ParticipantRoleDefined": msgid("told what a role is for"),
    "WhatIfAsked": msgid("What if"),
    "AutomationModeChanged": msgid("the automation was switched"),
    "OperationCompromised": msgid("tells that the operation may be compromised"),
    "OperationCleared": msgid("let go of the operation"),
    "OperationPinned": msgid("pinned"),
    "OperationUnpinned": msgid("unpinned"),
    "AnnualWheelPublished": msgid("the annual wheel was published"),
    "AnnualTargetSet": msgid("a target was set"),
    "KpiSnapshotTaken": msgid("the figures of the year were counted"),
    "WorkCounted": msgid("the work of the year was counted by agency and area"),
    "TargetRiskRaised": msgid("a target will not be reached at this pace"),
    "TimePassed": msgid("time has passed"),
}
