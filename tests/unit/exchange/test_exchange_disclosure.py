"""Who hears of what, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Event
from samsyn_contracts.register import load_register
from samsyn_exchange.domain.disclosure import Rule, disclosed, load_rules, redacted, redacted_envelope
from samsyn_exchange.domain.operations import KnownOperation, noted

from tests.unit.exchange.saying import CENTRE, INSPECTORS, POLICE, a_service_event, an_event

REGISTER = load_register()
RULES = load_rules()
DAY = date(2025, 5, 5)
AGENCIES = {p.code for p in REGISTER.members_of(CENTRE, DAY) if p.kind not in ("feed", "centre")}


def a_known_operation(
    centre: str = CENTRE, parties: Sequence[str] = ("polisen", "arbetsmiljoverket")
) -> KnownOperation:
    return KnownOperation("op:polisen:p1", centre, "Ask", "polisen:p1", tuple((p, "accepted") for p in parties))


def hearers(
    event: Event, known: Sequence[KnownOperation] = (), rules: Sequence[Rule] = RULES, day: date = DAY
) -> dict[str, str]:
    return {one.party: one.view for one in disclosed(event, REGISTER, known, rules, day)}


@pytest.mark.parametrize(
    ("name", "asked"), [("ParticipationRequested", "arbetsmiljoverket"), ("PoliceRequested", "polisen")]
)
def test_who_is_asked_hears_what_an_invited_party_may_know(name: str, asked: str) -> None:
    assert hearers(a_service_event(name)) == {asked: "invited"}


@pytest.mark.parametrize("name", ["OperationScheduled", "OperationRescheduled"])
def test_each_participant_hears_as_its_part_allows_and_those_released_hear_the_least(name: str) -> None:
    assert hearers(a_service_event(name)) == {
        "polisen": "accepted",
        "arbetsmiljoverket": "invited",
        "migrationsverket": "internal",
        CENTRE: "internal",
    }


def test_a_confirmed_operation_is_told_to_its_participants_and_the_centre() -> None:
    told = hearers(a_service_event("OperationConfirmed"))

    assert told == {"polisen": "accepted", "arbetsmiljoverket": "invited", CENTRE: "internal"}


def test_a_party_with_two_teams_hears_by_the_one_that_has_accepted() -> None:
    teams = [{**INSPECTORS, "status": "accepted"}, {**INSPECTORS, "capacity_id": "arbetsmiljoverket:t2"}, POLICE]

    assert hearers(a_service_event("OperationScheduled", participants=teams))["arbetsmiljoverket"] == "accepted"


@pytest.mark.parametrize("name", ["OperationPostponed", "OperationCancelled"])
def test_an_operation_lost_is_told_to_those_known_to_be_part_of_it(name: str) -> None:
    told = hearers(a_service_event(name, released=["migrationsverket"]), [a_known_operation()])

    assert told == dict.fromkeys(["polisen", "arbetsmiljoverket", "migrationsverket", CENTRE], "internal")


@pytest.mark.parametrize("name", ["PoliceCancelled", "PoliceCancellationRetracted", "PoliceRestored"])
def test_a_loss_of_police_is_told_at_once_to_the_participants_on_that_session(name: str) -> None:
    told = hearers(an_event(name), [a_known_operation()])

    assert told == {"arbetsmiljoverket": "internal", CENTRE: "internal"}


def test_a_loss_of_another_session_is_told_to_the_centre_alone() -> None:
    assert hearers(an_event("PoliceCancelled", capacity_id="polisen:p2"), [a_known_operation()]) == {CENTRE: "internal"}


def test_an_operation_of_another_centre_concerns_nobody_here() -> None:
    assert hearers(an_event("PoliceCancelled"), [a_known_operation(centre="akc-syd")]) == {CENTRE: "internal"}


@pytest.mark.parametrize("speaker", ["skatteverket", CENTRE])
def test_a_loss_that_a_participant_or_the_centre_reports_is_told_to_all_parts(speaker: str) -> None:
    known = [a_known_operation(parties=["arbetsmiljoverket", "skatteverket"])]

    told = hearers(an_event("PoliceLossReported", speaker), known)

    everybody = {"polisen", "arbetsmiljoverket", "skatteverket", CENTRE}
    assert told == dict.fromkeys(everybody - {speaker}, "internal")


def test_a_loss_that_a_stranger_reports_is_told_to_police_and_centre_and_not_to_the_participants() -> None:
    told = hearers(an_event("PoliceLossReported", "skatteverket"), [a_known_operation(parties=["arbetsmiljoverket"])])

    assert told == dict.fromkeys(["polisen", CENTRE], "internal")


@pytest.mark.parametrize("speaker", ["skatteverket", CENTRE])
def test_an_answer_told_by_phone_is_told_to_the_agency_spoken_for_and_the_centre_alone(speaker: str) -> None:
    known = [a_known_operation(parties=["arbetsmiljoverket", "skatteverket", "polisen", "migrationsverket"])]

    told = hearers(an_event("ParticipationAnswerReported", speaker, noted_by=speaker), known)

    assert told == dict.fromkeys({"arbetsmiljoverket", CENTRE} - {speaker}, "internal")


@pytest.mark.parametrize("speaker", ["skatteverket", CENTRE])
def test_an_answer_of_an_agency_outside_the_operation_is_not_told_to_that_agency(speaker: str) -> None:
    known = [a_known_operation(parties=["skatteverket", "polisen"])]

    told = hearers(an_event("ParticipationAnswerReported", speaker, noted_by=speaker), known)

    assert told == dict.fromkeys({CENTRE} - {speaker}, "internal")


def test_an_answer_that_a_stranger_tells_of_is_told_to_nobody() -> None:
    known = [a_known_operation(parties=["arbetsmiljoverket"])]

    told = hearers(an_event("ParticipationAnswerReported", "skatteverket"), known)

    assert told == {}


@pytest.mark.parametrize("speaker", ["skatteverket", CENTRE])
def test_that_an_operation_may_be_compromised_is_told_with_how_to_who_takes_part_and_the_centre(speaker: str) -> None:
    known = [a_known_operation(parties=["arbetsmiljoverket", "skatteverket", "polisen"])]
    event = an_event("OperationCompromised", speaker, told_by=speaker)

    told = hearers(event, known)

    assert told == dict.fromkeys({"arbetsmiljoverket", "skatteverket", "polisen", CENTRE} - {speaker}, "invited")
    assert b'"how":"leaked"' in redacted(event.message, "invited")


def test_that_an_operation_may_be_compromised_is_told_to_nobody_on_a_strangers_word() -> None:
    assert hearers(an_event("OperationCompromised", "skatteverket"), [a_known_operation()]) == {}


def test_that_it_may_be_planned_again_is_told_to_who_takes_part() -> None:
    told = hearers(an_event("OperationCleared", CENTRE), [a_known_operation()])

    assert told == dict.fromkeys(["polisen", "arbetsmiljoverket"], "internal")


ON_THE_DAY = [
    *("OperationStarted", "InspectionSuspended", "OperationAborted"),
    *("ParticipantDelayed", "SafetyIncidentReported"),
]
OF_NOTIFICATIONS = ["NotificationSent", "NotificationEscalated", "CalendarInviteIssued"]


@pytest.mark.parametrize("name", [*ON_THE_DAY, "NotificationAcknowledged", "EvaluationSubmitted"])
def test_what_a_stranger_says_of_an_operation_is_told_to_nobody(name: str) -> None:
    elsewhere = a_known_operation("akc-syd", ["skatteverket"])

    assert hearers(an_event(name, "skatteverket"), [a_known_operation(), elsewhere]) == {}
    assert hearers(an_event(name, "skatteverket")) == {}


@pytest.mark.parametrize("name", ON_THE_DAY)
def test_what_a_participant_says_of_the_day_is_told_to_the_others_and_the_centre(name: str) -> None:
    told = hearers(an_event(name, "skatteverket"), [a_known_operation(parties=["polisen", "skatteverket"])])

    assert told == dict.fromkeys(["polisen", CENTRE], "internal")


@pytest.mark.parametrize("name", OF_NOTIFICATIONS)
def test_whom_an_agency_has_told_is_told_to_the_centre_alone(name: str) -> None:
    assert hearers(an_event(name, "skatteverket"), [a_known_operation(parties=["polisen"])]) == {CENTRE: "internal"}


def test_an_evaluation_is_told_to_the_centre_alone_and_without_its_text() -> None:
    evaluated = an_event("EvaluationSubmitted", "skatteverket")

    assert hearers(evaluated, [a_known_operation(parties=["polisen", "skatteverket"])]) == {CENTRE: "internal"}
    assert b"contents:" not in redacted(evaluated.message, "internal")


@pytest.mark.parametrize("name", ["AnnualWheelPublished", "AnnualTargetSet"])
def test_the_wheel_and_the_targets_of_a_centre_are_told_to_its_members(name: str) -> None:
    assert hearers(an_event(name, CENTRE)) == dict.fromkeys(AGENCIES, "internal")


@pytest.mark.parametrize("name", ["PlanningPeriodOpened", "PlanningPeriodFrozen"])
def test_a_period_that_opens_or_freezes_is_told_to_members_and_centre(name: str) -> None:
    assert hearers(a_service_event(name)) == dict.fromkeys([*AGENCIES, CENTRE], "internal")


def test_the_figures_of_a_centre_are_told_to_its_members_and_that_a_target_is_at_risk_to_it_alone() -> None:
    assert hearers(a_service_event("KpiSnapshotTaken", "reporting")) == dict.fromkeys([*AGENCIES, CENTRE], "internal")
    assert hearers(a_service_event("TargetRiskRaised", "reporting")) == {CENTRE: "internal"}


def test_what_each_agency_did_is_told_to_the_centre_alone() -> None:
    assert hearers(a_service_event("WorkCounted", "reporting")) == {CENTRE: "invited"}


def test_the_risk_of_losing_the_police_is_told_to_the_centre_alone_and_the_end_of_a_disturbance_to_nobody() -> None:
    assert hearers(a_service_event("CancellationRiskAssessed"), [a_known_operation()]) == {CENTRE: "invited"}
    assert hearers(an_event("DisturbanceEnded", "polisen"), [a_known_operation()]) == {}


@pytest.mark.parametrize("name", ["OperationPinned", "OperationUnpinned"])
def test_a_pin_is_told_to_nobody(name: str) -> None:
    assert hearers(an_event(name, CENTRE), [a_known_operation()]) == {}


def test_what_a_centre_wonders_is_told_to_nobody_and_its_answer_to_that_centre_alone() -> None:
    assert hearers(an_event("WhatIfAsked", CENTRE), [a_known_operation()]) == {}
    assert hearers(a_service_event("WhatIfAnswered"), [a_known_operation()]) == {CENTRE: "internal"}


def test_a_finding_is_told_to_the_receiver_that_it_is_shared_with_and_to_nobody_else() -> None:
    assert hearers(a_service_event("FindingShared", "exchange")) == {"arbetsmiljoverket": "entitled"}


def test_a_finding_withheld_is_told_to_its_sender_and_to_the_receiver_only_where_it_is_named() -> None:
    told, untold = (a_service_event("FindingWithheld", "exchange", told_to=to) for to in ("kommun-goteborg", None))

    assert hearers(told) == dict.fromkeys(["skatteverket", "kommun-goteborg"], "internal")
    assert hearers(untold) == {"skatteverket": "internal"}


def test_a_plan_is_told_to_all_members_and_the_centre_but_to_no_feed() -> None:
    assert hearers(a_service_event("PlanPublished")) == dict.fromkeys([*AGENCIES, CENTRE], "internal")


@pytest.mark.parametrize(
    "name", ["ReplanStarted", "ReplanProposed", "BackupPlanPrepared", "BackupPlanInvalidated", "TimePassed"]
)
def test_the_centre_alone_hears_of_replanning_backups_and_time(name: str) -> None:
    assert hearers(a_service_event(name)) == {CENTRE: "internal"}


def test_a_change_of_automation_is_told_to_the_members() -> None:
    assert hearers(an_event("AutomationModeChanged", CENTRE)) == dict.fromkeys(AGENCIES, "internal")


def test_whom_to_call_is_told_to_the_other_members_and_the_centre() -> None:
    told = hearers(an_event("ContactPointChanged", "skatteverket"))
    assert told == dict.fromkeys([*AGENCIES - {"skatteverket"}, CENTRE], "internal")


def test_what_a_role_is_for_is_told_to_the_other_members_and_the_centre() -> None:
    told = hearers(an_event("ParticipantRoleDefined", "skatteverket"))
    assert told == dict.fromkeys([*AGENCIES - {"skatteverket"}, CENTRE], "internal")


@pytest.mark.parametrize("name", ["InspectionProposed", "InspectionAmended"])
def test_agencies_are_asked_about_an_inspection_that_another_wants(name: str) -> None:
    assert hearers(an_event(name, "skatteverket")) == dict.fromkeys(AGENCIES - {"skatteverket"}, "invited")


def test_an_inspection_withdrawn_is_told_to_the_members() -> None:
    told = hearers(an_event("InspectionWithdrawn", "skatteverket"))

    assert told == dict.fromkeys([*(AGENCIES - {"skatteverket"}), CENTRE], "internal")


def test_an_answer_of_an_agency_is_told_to_the_centre() -> None:
    assert hearers(an_event("ParticipationAccepted", "skatteverket")) == {CENTRE: "internal"}


def test_a_refusal_by_planning_is_told_to_the_party_it_is_about() -> None:
    assert hearers(a_service_event("EventRejected")) == {"skatteverket": "internal"}


@pytest.mark.parametrize(
    "name", ["CapacityOffered", "CapacityWithdrawn", "FindingRecorded", "FindingPlaced", "DisclosureAssessed"]
)
def test_what_no_rule_names_is_told_to_nobody(name: str) -> None:
    assert hearers(an_event(name), [a_known_operation()]) == {}


def test_nothing_is_told_without_a_rule() -> None:
    assert hearers(a_service_event("PlanPublished"), rules=()) == {}


def test_a_rule_holds_only_between_its_days() -> None:
    rules = [rule.model_copy(update={"valid_to": DAY}) for rule in RULES]

    assert hearers(a_service_event("ReplanStarted"), rules=rules)
    assert not hearers(a_service_event("ReplanStarted"), rules=rules, day=date(2025, 5, 6))


def test_a_party_that_is_no_member_hears_nothing_even_as_a_participant() -> None:
    parts = [{**INSPECTORS, "agency": "kommun-tyreso"}, {**INSPECTORS, "agency": "nobody-known"}]

    assert hearers(a_service_event("OperationConfirmed", participants=parts)) == {CENTRE: "internal"}


def test_every_rule_is_about_a_message_that_exists() -> None:
    assert {f"se.samsyn.{rule.type}.v1" for rule in RULES} <= MESSAGES.keys()


def test_the_senders_own_register_number_stays_with_the_exchange() -> None:
    envelope = an_event("PoliceCancelled").envelope
    told = redacted_envelope(envelope.model_copy(update={"agencyref": "A-17", "legalbasis": "x", "actorrole": "y"}))

    assert (told.agencyref, told.legalbasis, told.actorrole) == (None, None, None)
    assert (told.id, told.source, told.time) == (envelope.id, envelope.source, envelope.time)


def test_an_operation_is_known_by_the_session_it_was_moved_to() -> None:
    known = noted(a_service_event("OperationRescheduled"), [a_known_operation()])

    assert known is not None
    assert (known.capacity_id, known.participants[1]) == ("polisen:p2", ("arbetsmiljoverket", "invited"))


@pytest.mark.parametrize("name", ["OperationPostponed", "OperationCancelled"])
def test_an_operation_without_an_occasion_stands_on_no_session_but_keeps_its_parties(name: str) -> None:
    known = noted(a_service_event(name), [a_known_operation()])

    assert known is not None
    assert (known.capacity_id, known.participants) == (None, a_known_operation().participants)


def test_an_operation_nobody_told_of_cannot_be_lost() -> None:
    assert noted(a_service_event("OperationCancelled"), []) is None
