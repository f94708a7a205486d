"""What is in force after which events: what a party that joins late is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Event, service_source
from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Message
from samsyn_contracts.operations import OperationRescheduled
from samsyn_exchange.domain.standing import NetChange, Standing, change_by, without_orphans

from tests.unit.exchange.saying import CENTRE, RECEIVED_AT, SLOT, a_message, a_service_event, an_envelope, an_event

OPERATION, INSPECTION = "op:polisen:p1", "skatteverket:i1"
OTHER_SLOT = {**SLOT, "session_id": "polisen:p2"}
INSPECTORS = "arbetsmiljoverket:t1"
COMPLETED = {
    "operation_id": OPERATION,
    "code_name": "Ask",
    "plan_version": 3,
    "outcome": "completed",
    "started_at": SLOT["start_at"],
    "ended_at": SLOT["end_at"],
    "done_inspection_ids": [INSPECTION],
    "left_inspection_ids": [],
    "handed_in_by": [],
    "missing_from": [],
    "police_present": True,
    "counts_as_operation": True,
}


def in_force(*events: Event) -> list[str]:
    """Names of the messages in force after these events, in their order."""
    return [type(one.event.message).__name__ for one in standing(*events)]


def standing(*events: Event) -> list[Standing]:
    net = NetChange()
    for event in events:
        net.add(change_by(event))
    return without_orphans(net.puts.values())


def planned(name: str, **changed: Any) -> Event:
    return a_service_event(name, **changed)


def answered(name: str, capacity_id: str, **more: Any) -> Event:
    told = {"operation_id": OPERATION, "capacity_id": capacity_id, **more}
    return Event(an_envelope(name, f"urn:samsyn:{capacity_id.partition(':')[0]}"), message_class(name)(**told))


def completed() -> Event:
    message = message_class("OperationCompleted").model_validate(COMPLETED)
    return Event(an_envelope("OperationCompleted", service_source("inspection")), message)


def message_class(name: str) -> type[Message]:
    return MESSAGES[f"se.samsyn.{name}.v1"]


def proposed(sequence: int | None = None, name: str = "InspectionProposed", **changed: Any) -> Event:
    return Event(an_envelope(name, "urn:samsyn:skatteverket", sequence=sequence), a_message(name, **changed))


def asked(**changed: Any) -> Event:
    return planned("ParticipationRequested", **changed)


def test_of_an_operation_the_newest_event_stands() -> None:
    events = [planned(name) for name in ("OperationScheduled", "OperationConfirmed", "OperationRescheduled")]
    assert [in_force(*events[:number]) for number in (1, 2, 3)] == [
        ["OperationScheduled"],
        ["OperationConfirmed"],
        ["OperationRescheduled"],
    ]


def test_a_postponed_operation_stands_until_it_has_a_slot_again() -> None:
    (postponed,) = standing(planned("OperationScheduled"), planned("OperationPostponed"))
    assert (type(postponed.event.message).__name__, postponed.ends_at) == ("OperationPostponed", None)


def test_an_operation_stands_until_a_day_after_its_slot() -> None:
    event = planned("OperationRescheduled")
    (one,) = standing(event)
    assert isinstance(event.message, OperationRescheduled)
    assert one.ends_at == event.message.to_slot.end_at + timedelta(hours=24)


@pytest.mark.parametrize("end", [planned("OperationCancelled"), completed()])
def test_an_operation_that_is_over_stands_no_more_and_asks_nobody(end: Event) -> None:
    assert in_force(planned("OperationScheduled"), asked(), end) == []


def test_an_inspection_stands_with_what_amends_it() -> None:
    amended = [proposed(name="InspectionAmended"), proposed(name="InspectionAmended", changes={"value": 7})]
    assert in_force(proposed(), *amended) == ["InspectionProposed", "InspectionAmended", "InspectionAmended"]


def test_proposed_again_an_inspection_stands_as_it_is_now() -> None:
    assert in_force(proposed(), proposed(name="InspectionAmended"), proposed()) == ["InspectionProposed"]


@pytest.mark.parametrize("end", [proposed(name="InspectionWithdrawn"), completed()])
def test_an_inspection_withdrawn_or_done_stands_no_more(end: Event) -> None:
    assert in_force(proposed(), proposed(name="InspectionAmended"), end) == []


def test_what_amends_an_inspection_that_is_gone_stands_alone_and_is_not_told() -> None:
    assert in_force(proposed(), proposed(name="InspectionWithdrawn"), proposed(name="InspectionAmended")) == []


def test_a_fact_that_came_late_does_not_replace_a_later_one() -> None:
    (one,) = standing(proposed(sequence=2, value=9), proposed(sequence=1, value=1))
    assert isinstance(one.event.message, InspectionProposed)
    assert one.event.message.value == 9


def test_a_question_stands_until_it_is_answered() -> None:
    declined = answered("ParticipationDeclined", INSPECTORS, reason_code="other")
    assert in_force(asked()) == ["ParticipationRequested"]
    assert in_force(asked(), declined) == []


@pytest.mark.parametrize("name", ["ParticipationAccepted", "ParticipationDeclined", "ParticipationWithdrawn"])
def test_an_answer_to_the_former_session_leaves_the_question_about_the_new_one(name: str) -> None:
    more = {} if name == "ParticipationAccepted" else {"reason_code": "other"}
    question = asked(slot=OTHER_SLOT)
    assert in_force(question, answered(name, INSPECTORS, session_id="polisen:p1", **more)) == ["ParticipationRequested"]
    assert in_force(question, answered(name, INSPECTORS, session_id="polisen:p2", **more)) == []


def test_an_answer_about_another_capacity_changes_nothing() -> None:
    accepted = an_event("ParticipationAccepted", "skatteverket")
    assert in_force(asked(), accepted) == ["ParticipationRequested"]


@pytest.mark.parametrize("name", ["PoliceCommitted", "PoliceDeclined"])
def test_a_question_to_the_police_stands_until_it_is_answered(name: str) -> None:
    told = {"PoliceCommitted": {"unit": "local_police"}, "PoliceDeclined": {"reason_code": "other"}}[name]
    assert in_force(planned("PoliceRequested"), answered(name, "polisen:p1", **told)) == []


def test_a_question_about_a_session_that_the_operation_has_left_is_gone() -> None:
    assert in_force(asked(), planned("OperationRescheduled")) == ["OperationRescheduled"]
    assert in_force(asked(slot=OTHER_SLOT), planned("OperationRescheduled")) == [
        "ParticipationRequested",
        "OperationRescheduled",
    ]


def test_a_question_to_who_is_no_part_any_more_is_gone() -> None:
    without = planned("OperationScheduled", participants=[])
    assert in_force(asked(), without) == ["OperationScheduled"]
    assert in_force(asked(), planned("OperationScheduled")) == ["ParticipationRequested", "OperationScheduled"]


def test_a_question_ends_when_the_operation_would_start() -> None:
    (one,) = standing(asked())
    assert one.ends_at is not None
    assert one.ends_at.isoformat() == SLOT["start_at"].replace("Z", "+00:00")


def test_of_a_centre_its_newest_plan_and_its_mode_stand() -> None:
    said = [planned("PlanPublished", plan_version=number) for number in (3, 4)]
    mode = an_event("AutomationModeChanged", CENTRE)
    assert [getattr(one.event.message, "plan_version", "mode") for one in standing(*said, mode)] == [4, "mode"]


def a_proposal(number: int = 3) -> Event:
    return planned("ReplanProposed", replan_id=f"replan:akc-vast:{number}")


def decided(name: str, number: int = 3) -> Event:
    message = message_class(name).model_construct(replan_id=f"replan:akc-vast:{number}")
    return Event(an_envelope(name, f"urn:samsyn:{CENTRE}"), message)


def test_a_proposal_stands_until_its_time_is_up_or_a_newer_takes_its_place() -> None:
    (one,) = standing(a_proposal(3), a_proposal(4))
    assert (one.thing, one.ends_at) == ("replan:akc-vast:4", datetime(2025, 5, 6, 7, tzinfo=UTC))


@pytest.mark.parametrize("end", [decided("ReplanRejected"), planned("PlanPublished")])
def test_a_proposal_that_is_rejected_or_published_stands_no_more(end: Event) -> None:
    assert "ReplanProposed" not in in_force(a_proposal(), end)


def test_an_approval_that_planning_may_have_to_refuse_does_not_end_a_proposal() -> None:
    assert in_force(a_proposal(), decided("ReplanApproved")) == ["ReplanProposed"]


def test_what_is_decided_of_an_older_proposal_leaves_the_newer() -> None:
    assert in_force(a_proposal(3), a_proposal(4), decided("ReplanRejected", 3)) == ["ReplanProposed"]


def test_of_a_wheel_its_newest_version_stands_until_its_year_is_over() -> None:
    versions = [an_event("AnnualWheelPublished", CENTRE, version=number) for number in (1, 2)]
    (one,) = standing(*versions)
    assert (one.event, one.ends_at) == (versions[1], datetime(2026, 1, 1, tzinfo=UTC))


def test_a_wheel_stands_as_long_as_the_last_of_its_periods() -> None:
    period = {"period_id": "winter", "from_day": "2025-12-01", "until_day": "2026-01-30"}
    (one,) = standing(an_event("AnnualWheelPublished", CENTRE, periods=[period]))
    assert one.ends_at == datetime(2026, 1, 31, tzinfo=UTC)


def test_of_each_unit_the_newest_target_of_a_year_stands() -> None:
    told: list[dict[str, Any]] = [{"target": 300}, {"target": 310}, {"unit": "operations"}, {"year": 2026}]
    said = [an_event("AnnualTargetSet", CENTRE, **{"target": 350, **one}) for one in told]
    assert [one.event for one in standing(*said)] == said[1:]


def reached(centre: str = CENTRE, **changed: Any) -> Event:
    envelope = an_envelope("ContactPointChanged", "urn:samsyn:skatteverket", centre=centre)
    return Event(envelope, a_message("ContactPointChanged", **changed))


def test_of_each_function_the_newest_way_to_reach_it_stands_in_each_centre() -> None:
    elsewhere, other = reached("akc-syd"), reached(function_id="skatteverket:jour")
    newest = reached(duty_hours="dygnet runt")
    assert [one.event for one in standing(reached(), elsewhere, other, newest)] == [elsewhere, other, newest]


def test_a_function_that_is_gone_stands_no_more_in_its_centre() -> None:
    elsewhere = reached("akc-syd")
    assert [one.event for one in standing(reached(), elsewhere, reached(is_gone=True))] == [elsewhere]


def defined(centre: str = CENTRE, **changed: Any) -> Event:
    envelope = an_envelope("ParticipantRoleDefined", "urn:samsyn:skatteverket", centre=centre)
    return Event(envelope, a_message("ParticipantRoleDefined", **changed))


def test_of_each_role_the_newest_word_on_what_it_is_for_stands_in_each_centre() -> None:
    elsewhere, other = defined("akc-syd"), defined(role_code="jour")
    newest = defined(mandate_text_sv="Svarar på frågor.")
    assert [one.event for one in standing(defined(), elsewhere, other, newest)] == [elsewhere, other, newest]


def test_what_tells_no_state_stands_nowhere() -> None:
    assert in_force(an_event("PoliceCancelled"), planned("ReplanStarted"), planned("EventRejected")) == []


def test_time_that_passes_ends_what_was_in_force_until_then() -> None:
    net = NetChange()
    net.add(change_by(a_service_event("TimePassed", "exchange")))
    assert net.passed == {CENTRE: RECEIVED_AT}


def test_what_several_events_end_is_ended_together() -> None:
    net = NetChange()
    for event in (planned("OperationScheduled"), planned("OperationRescheduled"), planned("OperationCancelled")):
        net.add(change_by(event))
    # No question goes on that one of the two slots would have ended.
    assert net.kept == {OPERATION: frozenset()}
    assert (net.ended, net.puts) == ({OPERATION}, {})
