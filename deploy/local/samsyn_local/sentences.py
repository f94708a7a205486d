"""The exchange's account of why something is as it is, in sentences: newest at the bottom, causes by their number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from samsyn_contracts.register import cause_names

from samsyn_local.swedish_time import short, span

MOST_NAMED = 5
MANY = 3
INDENT = " " * 9
# What each message says; where a field that it needs was not kept, who said it about what is told instead.
SENTENCES: Mapping[str, str] = {
    "AdapterStatusChanged": "the adapter {adapter_id} is {status}",
    "AnnualTargetSet": "{who} set its target of {year}: {target} {unit}",
    "AnnualWheelPublished": "{who} published its annual wheel of {year}, version {version}",
    "AutomationModeChanged": "{who} switched automation to {mode}",
    "BackupPlanInvalidated": "the backup of {operation} no longer holds ({reason_code})",
    "BackupPlanPrepared": "planning prepared a backup of {operation} against the loss of {against}: {step}",
    "BriefingPublished": "{operation} was briefed, version {version}",
    "CalendarInviteIssued": "{who} sent {recipient_function} a calendar invitation to {operation} ({method})",
    "CancellationRiskAssessed": "planning told the centre how likely {operation} is to lose its police",
    "CapacityOffered": "{who} offered {thing}",
    "CapacityWithdrawn": "{who} took back {capacity_id} ({cause})",
    "ConsentGiven": "{who} gave its consent {consent_id} beforehand, to {kinds}",
    "ConsentRevoked": "{who} took back its consent {consent_id}",
    "ContactPointChanged": "{who} told how its {role_code} is reached",
    "DisclosureAssessed": "{who} weighed a disclosure, {thing}",
    "DisturbanceEnded": "{who} told that a disturbance is over",
    "DisturbanceReported": "{who} reported a disturbance",
    "EvaluationSubmitted": "{who} evaluated {operation}",
    "EventRejected": "{who} refused what {party} said: {rejections}",
    "FindingPlaced": "a finding has its place in {operation}",
    "FindingRecorded": "{who} recorded a finding in {operation}",
    "FindingShared": "a finding of {sender} in {operation} was shared with {receiver}, by rule {rule_id}",
    "FindingWithheld": "a finding of {sender} in {operation} was withheld from {receiver} ({reason_code})",
    "InspectionAmended": "{who} amended the inspection {thing}",
    "InspectionCompleted": "{who} finished its part of {thing} in {operation}",
    "InspectionProposed": "{who} proposed the inspection {thing}",
    "InspectionSuspended": "{who} broke off {operation} ({cause})",
    "InspectionWithdrawn": "{who} no longer wants the inspection {inspection_id} ({cause})",
    "InterestDeclared": "{who} told its interest in {thing}",
    "KpiSnapshotTaken": "the figures of {year} at {centre}, up to {as_of}",
    "NotificationAcknowledged": "{who} has seen plan {plan_version} of {operation}",
    "NotificationEscalated": "{who} told {to_function} as well, for nobody had acknowledged in time",
    "NotificationSent": "{who} told {recipient_function} by {channel} ({template})",
    "OperationAborted": "{who} gave up {operation} ({cause})",
    "OperationCancelled": "operation {operation} cancelled, that was to be {from_span} ({cause})",
    "OperationCleared": "{who} let {operation} be planned again ({cause})",
    "OperationCompleted": "operation {operation} is over: {outcome}",
    "OperationCompromised": "{who} told that {operation} may be compromised: it is held",
    "OperationConfirmed": "operation {operation} confirmed for {slot_span}",
    "OperationOfficerDesignated": "{who} designated an operation officer, {thing}",
    "OperationOfficerRetired": "{who} has an operation officer no more, {thing}",
    "OperationPinned": "{who} pinned {operation} ({cause})",
    "OperationPostponed": "operation {operation} postponed, that was to be {from_span} ({cause})",
    "OperationRescheduled": "operation {operation} changed ({step}): from {from_span} to {to_span}",
    "OperationScheduled": "operation {operation} scheduled for {slot_span}",
    "OperationStarted": "{who} started {operation}, {police}",
    "OperationUnpinned": "{who} let go of {operation} ({cause})",
    "ParticipantCheckedIn": "{who} has come to {operation}",
    "ParticipantDelayed": "{who} comes {minutes} minutes late to {operation}",
    "ParticipantRoleDefined": "{who} told what its role {role_code} is for",
    "ParticipationAccepted": "{who} accepted to take part in {operation}",
    "ParticipationAnswerReported": "{who} was told by {channel} that {agency} would {answer} {operation}: a note alone",
    "ParticipationDeclined": "{who} declined to take part in {operation} ({cause})",
    "ParticipationRequested": "planning asked for a team for {operation}",
    "ParticipationWithdrawn": "{who} can no longer take part in {operation} ({cause})",
    "PlanPublished": "plan {plan_version} of {centre}: {num_changes} changed, {untouched_count} as before",
    "PlanningPeriodFrozen": "the period {period_id} is frozen, with plan {plan_version}",
    "PlanningPeriodOpened": "the period {period_id} is open for planning",
    "PoliceCancellationRetracted": "{who} took back its cancellation of {capacity_id}",
    "PoliceCancelled": "{who} cancelled its session {capacity_id} ({cause})",
    "PoliceCommitted": "{who} committed {capacity_id} to {operation}",
    "PoliceDeclined": "{who} declined {operation} ({cause})",
    "PoliceLossReported": "{who} was told by {channel} that {operation} has lost its police",
    "PoliceRequested": "planning asked the police for {operation}",
    "PoliceRestored": "{who} can take the session {capacity_id} after all",
    "ReadinessDeclared": "{who} told whether it is ready for {inspection_id}",
    "ReplanApproved": "{who} approved {replan_id}",
    "ReplanProposed": "planning proposed {replan_id}, to be decided by {decide_by_time}",
    "ReplanRejected": "{who} rejected {replan_id} ({cause})",
    "ReplanStarted": "planning began {replan_id} ({scope})",
    "SafetyIncidentReported": "{who} reported an incident in {operation} ({kind}, {severity})",
    "SiteInformationCompleted": "what is known of the sites of {operation} was told: {completeness} per cent of it",
    "SiteInformationProvided": "{who} answered what it knows of a site of {operation}",
    "SiteInformationRequested": "what is known of the sites of {operation} was asked for",
    "TargetRiskRaised": "at this pace {centre} has {forecast} {unit} in {year}, of the {target} that it means to reach",
    "WhatIfAnswered": "planning worked out what would follow without {taken_away}: {num_changes} would change",
    "WhatIfAsked": "{who} wondered what would follow without {taken_away}",
    "WorkCounted": "the work of {year} at {centre} by agency and area, up to {as_of}",
}
# Fields that are put in other words before they are told: the word's name, the field's, and how.
WORDS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("cause", "cause_code", lambda code: cause_names().get(code, ("", code))[1]),
    ("cause", "reason_code", lambda code: cause_names().get(code, ("", code))[1]),
    ("slot_span", "slot", lambda slot: f"{span(slot['start_at'], slot['end_at'])}, session {slot['session_id']}"),
    ("from_span", "from_slot", lambda slot: f"{span(slot['start_at'], slot['end_at'])}, session {slot['session_id']}"),
    ("to_span", "to_slot", lambda slot: f"{span(slot['start_at'], slot['end_at'])}, session {slot['session_id']}"),
    ("step", "ladder_step", lambda step: step.replace("_", " ")),
    ("num_changes", "changes", lambda changes: str(len(changes))),
    ("decide_by_time", "decide_by", short),
    ("police", "police_present", lambda is_there: "with police" if is_there else "without police"),
    ("kinds", "covers", ", ".join),
    ("taken_away", "without", ", ".join),
    ("rejections", "reasons", lambda reasons: " ".join(reason.get("text_en", "") for reason in reasons)),
)


def account(told: Mapping[str, Any]) -> str:
    """All of it, a line per event, with what is behind it, who was told and who has seen it.

    Many of a kind that one party said in a row, and that only stand behind the rest, are one line together.
    """
    events = [event for event in told["events"] if not _is_shown_elsewhere(event, told)]
    numbers = {event["id"]: number for number, event in enumerate(events, start=1)}
    runs = [list(run) for _, run in groupby(events, key=lambda event: _kind(event, told))]
    lines = [
        line
        for run in runs
        for line in (_together(run, numbers, told) if len(run) >= MANY else _apart(run, numbers, told))
    ]
    cut = ["There is more: only the newest events and what is behind them are told."] if told["is_cut"] else []
    return "\n".join([*cut, *lines])


def sentence(event: Mapping[str, Any], code_names: Mapping[str, str]) -> str:
    """What an event says, in P0 and P1 words."""
    body = event["body"] or {}
    words = {word: put(body[name]) for word, name, put in WORDS if name in body}
    operation_id, who = event["operation_id"], event["source"].rpartition(":")[2]
    values = {**body, **words, "who": who, "thing": event["subject"] or "something"}
    values["operation"] = code_names.get(operation_id, operation_id)
    try:
        return SENTENCES[event["name"]].format_map(values)
    except KeyError:
        return f"{who} said {event['name']} of {event['subject'] or 'something'}"


def _is_shown_elsewhere(event: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """An acknowledgement stands with what was acknowledged, unless it is what was asked about."""
    is_asked = told["operation_id"] is None and event["id"] in told["asked"]
    return event["name"] == "NotificationAcknowledged" and not is_asked


def _kind(event: Mapping[str, Any], told: Mapping[str, Any]) -> Sequence[str]:
    """What may be told together: not what was asked about, nor what has causes of its own."""
    is_alone = event["id"] in told["asked"] or event["causes"] or event["name"].startswith("Police")
    return (event["id"],) if is_alone else (event["source"], event["name"], short(event["received_at"]))


def _together(run: Sequence[Mapping[str, Any]], numbers: Mapping[str, int], told: Mapping[str, Any]) -> Iterator[str]:
    first, last = numbers[run[0]["id"]], numbers[run[-1]["id"]]
    said = sentence(run[0], told["code_names"])
    yield f"{f'{first}–{last}':>7}  {short(run[0]['received_at'])}  {said}, and {len(run) - 1} more of that kind"


def _apart(run: Sequence[Mapping[str, Any]], numbers: Mapping[str, int], told: Mapping[str, Any]) -> Iterator[str]:
    for event in run:
        yield from _lines(event, numbers, told)


def _lines(event: Mapping[str, Any], numbers: Mapping[str, int], told: Mapping[str, Any]) -> Iterator[str]:
    behind = _behind(event, numbers)
    yield f"{numbers[event['id']]:>7}  {short(event['received_at'])}  {sentence(event, told['code_names'])}{behind}"
    if event["name"] != "EventRejected":
        yield from (f"{INDENT}{reason['en']}" for reason in (event["body"] or {}).get("reasons", ()))
    if event["told"]:
        yield f"{INDENT}told {', '.join(one['party'] for one in event['told'])}"
    if event["acknowledged"]:
        yield f"{INDENT}seen by {', '.join(_seen(one) for one in event['acknowledged'])}"


def _behind(event: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    """The nearest events behind it by their numbers; what is not kept is said so."""
    known = sorted(numbers[id_] for id_ in {*event["causes"], *event["chain"][-1:]} if id_ in numbers)
    named = [str(number) for number in known[-MOST_NAMED:]]
    more = [f"{len(known) - len(named)} more"] if len(known) > len(named) else []
    passed = ["the time"] if event["is_by_time"] else []
    others = [f"{len(event['others'])} others not told here"] if event["others"] else []
    unknown = ["an event not kept"] if event["missing"] else []
    causes = [*named, *more, *others, *passed, *unknown]
    return f"  [because of {', '.join(causes)}]" if causes else ""


def _seen(one: Mapping[str, Any]) -> str:
    return f"{one['party']} ({short(one['at'])})"
