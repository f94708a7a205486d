"""What follows when time has passed, and how a centre's facts move ahead of its plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from samsyn_contracts.platform import TimePassed
from samsyn_planning.domain.change import MAX_CAUSES, change
from samsyn_planning.domain.facts import Centre, Decision
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.time import Ended, pass_time

from tests.support.planning_facts import (
    CENTRE,
    NOW,
    a_cancellation,
    a_participation,
    a_proposal,
    a_proposed_plan,
    a_session,
    a_wanted,
    an_envelope,
    an_operation,
    at,
    lost,
    the_centre,
)

LATER = NOW + timedelta(minutes=5)


def passed(
    until: datetime, centre: Centre | None = None, overdue: Any = (), proposals: Any = (), ended: Any = ()
) -> Decision:
    return pass_time(centre or the_centre(), until, overdue, proposals, ended, DEFAULT)


def ended(status: str, **hit: Any) -> Ended:
    """An operation with its inspection, whose session is over."""
    return Ended(operation=an_operation(status=status), wanted=(a_wanted(),), **hit)


def centre_after(decision: Decision) -> Centre:
    (centre,) = [value for value in decision.keep if isinstance(value, Centre)]
    return centre


def test_time_moves_on_and_by_itself_changes_no_plan() -> None:
    decision = passed(LATER)

    assert (centre_after(decision).now_at, decision.changed) == (LATER, None)


def test_time_never_moves_back() -> None:
    assert centre_after(passed(NOW - timedelta(hours=1))).now_at == NOW


def test_the_first_time_heard_is_the_centres_time() -> None:
    assert centre_after(passed(LATER, Centre(code=CENTRE))).now_at == LATER


@pytest.mark.parametrize(("hour", "changed"), [(5, None), (6, "period"), (23, "period")])
def test_a_planning_day_begins_at_six_in_stockholm(hour: int, changed: str | None) -> None:
    assert passed(at(6, hour).astimezone(UTC)).changed == changed  # as it comes on the wire


def test_a_planning_day_begins_once() -> None:
    begun = centre_after(passed(at(6, 6)))

    assert passed(at(6, 7), begun).changed is None


def test_a_day_skipped_in_an_outage_is_made_up_for_by_one() -> None:
    decision = passed(at(9, 5))

    assert (decision.changed, passed(at(9, 6), centre_after(decision)).changed) == (None, "period")


def test_a_reply_overdue_is_silence_and_the_plan_is_made_anew() -> None:
    decision = passed(LATER, overdue=[a_participation()])

    assert a_participation(status="silent") in decision.keep
    assert (decision.changed, decision.cause_code) == ("period", "no_reply")


@pytest.mark.parametrize(("until", "status"), [(at(5, 11, 59), None), (at(5, 12), "expired")])
def test_a_proposal_expires_when_its_time_to_decide_is_over(until: datetime, status: str | None) -> None:
    decision = passed(until, proposals=[a_proposed_plan()])

    kept = [value.status for value in decision.keep if type(value) is type(a_proposed_plan())]
    assert kept == ([status] if status else [])


def test_a_confirmed_operation_that_is_over_is_past_and_its_inspections_done() -> None:
    decision = passed(at(13, 16), ended=[ended("confirmed")])

    assert an_operation(status="past") in decision.keep
    assert a_wanted(is_done=True, done_in="op:polisen:P1") in decision.keep


def test_inspections_of_a_confirmed_operation_whose_police_were_lost_stay_on_the_list() -> None:
    decision = passed(at(13, 16), ended=[ended("confirmed", police=lost(a_session()))])

    assert an_operation(status="past") in decision.keep
    assert decision.keep == (centre_after(decision), an_operation(status="past"))


def test_inspections_of_an_operation_that_went_without_police_are_done() -> None:
    without = a_participation("polisen:P1", "released")

    decision = passed(at(13, 16), ended=[ended("confirmed", police=lost(a_session()), part=without)])

    assert a_wanted(is_done=True, done_in="op:polisen:P1") in decision.keep


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_inspections_of_an_operation_never_confirmed_stay_on_the_list(status: str) -> None:
    decision = passed(at(13, 16), ended=[ended(status)])

    assert an_operation(status="past") in decision.keep
    assert decision.keep == (centre_after(decision), an_operation(status="past"))


def changed(centre: Centre, scope: Any, id_: str = "e1", message: Any = None, **envelope: Any) -> Centre:
    message = message or (a_cancellation() if scope == "loss" else a_proposal())
    decision = Decision(changed=scope, cause_code="disturbance")
    return change(centre, decision, an_envelope(message, id_, **envelope), None, DEFAULT)


def test_a_loss_is_urgent_and_keeps_its_cause() -> None:
    centre = changed(the_centre(), "loss", correlationid="d1")

    (cause,) = centre.causes
    assert (centre.facts_version, centre.is_urgent) == (1, True)
    assert (cause.event_id, cause.kind, cause.subject) == ("e1", "PoliceCancelled", "polisen:P1")
    assert (cause.cause_code, cause.correlation_id, cause.is_urgent) == ("disturbance", "d1", True)


def test_a_cause_that_nobody_set_off_begins_a_chain_of_its_own() -> None:
    assert changed(the_centre(), "loss").causes[0].correlation_id == "e1"


def test_other_facts_settle_first() -> None:
    centre = changed(the_centre(), "period")

    assert (centre.is_urgent, centre.due_at) == (False, NOW + DEFAULT.settle)


def test_facts_that_go_on_changing_do_not_put_the_plan_off() -> None:
    centre = changed(changed(the_centre(), "period"), "period", "e2", time=NOW + timedelta(minutes=9))

    assert centre.due_at == NOW + DEFAULT.settle


def test_what_time_itself_brings_is_due_at_once() -> None:
    message = TimePassed(centre=CENTRE, until=LATER)

    assert changed(the_centre(), "period", message=message, party="exchange").due_at == NOW


def test_a_loss_stays_urgent_when_something_lesser_follows() -> None:
    assert changed(changed(the_centre(), "loss"), "period", "e2").is_urgent


def test_every_loss_is_kept_as_a_cause_and_the_last_of_the_rest() -> None:
    centre = changed(the_centre(), "loss", "c1")
    for number in range(MAX_CAUSES + 10):
        centre = changed(centre, "period", f"p{number}")

    kept = [cause.event_id for cause in centre.causes]
    assert (len(kept), kept[0], kept[-1]) == (MAX_CAUSES + 1, "c1", f"p{MAX_CAUSES + 9}")
