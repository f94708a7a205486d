"""A cancel storm: one disturbance takes six sessions, and the order in which that is heard decides nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.envelope import Envelope
from samsyn_planning.domain.announcements import announcement
from samsyn_planning.domain.capacity import cancel_police
from samsyn_planning.domain.change import change
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.questions import task_of
from samsyn_planning.domain.snapshot import Snapshot

from tests.support.planned_centre import Planned, planned, with_values
from tests.support.planning_facts import (
    AV,
    SKV,
    a_cancellation,
    a_consent,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_envelope,
    at,
)

SIX = tuple(range(6))
STORM_AT = at(12, 6)
WHOLE: dict[str, Any] = {}
HALF: dict[str, Any] = {"available_until": at(13, 12)}
FEWER: dict[str, Any] = {"officers_left": 2}
Told = tuple[PoliceCancelled, Envelope]


@dataclass(frozen=True)
class Storm:
    """A planned day with six operations, and the six cancellations that hit it."""

    before: Snapshot
    cancellations: tuple[Told, ...]


@cache
def a_planned_day() -> Snapshot:
    """Six operations of one area, each with both agencies' teams, on ten sites of different worth and need."""
    values: list[Any] = []
    for number in SIX:
        values.append(a_session(f"polisen:P{number}", areas=("a",), max_inspections=1 + number % 2))
        values.append(a_team(f"{AV}:T{number}", team=f"lag-{number}"))
        values.append(a_team(f"{SKV}:T{number}", team=f"lag-{number}"))
    for number in range(10):
        need = "wanted" if number % 3 == 0 else "required"
        own = {"value": 200 + 70 * number % 450, "min_officers": 2 + number % 3, "interests": {SKV: 90}}
        values.append(a_wanted(f"{AV}:I{number}", area="a", police_need=need, **own))
    before = planned(a_snapshot(*values)).snapshot
    assert len(before.operations) == len(SIX)
    return with_values(before, now_at=STORM_AT)


@st.composite
def storms(draw: st.DrawFn) -> Storm:
    """The planned day with up to three sessions to spare; each of its sessions is lost, wholly or in part."""
    spare = [a_session(f"polisen:Q{number}", start_at=at(13, 8, 30)) for number in range(draw(st.integers(0, 3)))]
    agreed = [a_consent(agency) for agency in draw(st.sets(st.sampled_from([AV, SKV])))]
    kinds = draw(st.lists(st.sampled_from([WHOLE, WHOLE, HALF, FEWER]), min_size=6, max_size=6))
    lost = tuple(told(number, kind) for number, kind in zip(SIX, kinds, strict=True))
    return Storm(with_values(a_planned_day(), *spare, *agreed), lost)


def told(number: int, part: dict[str, Any], **attributes: Any) -> Told:
    """The police lose a session, heard a moment after the ones before."""
    cancelled = a_cancellation(f"polisen:P{number}", cause_code="shooting", disturbance_id="polisen:D1", **part)
    heard_at = STORM_AT + timedelta(seconds=number)
    return cancelled, an_envelope(cancelled, f"c{number}", receivedtime=heard_at, **attributes)


def heard(snapshot: Snapshot, cancellations: Sequence[Told]) -> Snapshot:
    """What is known after these, one by one, as the handler does it."""
    for cancelled, envelope in cancellations:
        known = snapshot.capacity_by_id.get(cancelled.capacity_id)
        decision = cancel_police(known, cancelled, snapshot.centre, envelope)
        centre = snapshot.centre
        if decision.changed is not None:
            centre = change(centre, decision, envelope, None, DEFAULT)
        kept = with_values(snapshot, *decision.keep)
        snapshot = a_snapshot(*_values(kept), centre=centre)
    return snapshot


def _values(snapshot: Snapshot) -> list[Any]:
    lists = (snapshot.capacities, snapshot.wanted, snapshot.operations, snapshot.participations, snapshot.consents)
    return [value for values in lists for value in values]


def replan_of(snapshot: Snapshot) -> Planned:
    """The one plan that answers all that was heard."""
    return planned(snapshot, task_of(snapshot, None).question, causes=snapshot.centre.causes)


def published(after: Planned) -> list[dict[str, Any]]:
    """Everything that the replan says, as it stands on the topic."""
    said = announcement(after.replan, after.publication, after.snapshot.centre.code, "")
    return [json.loads(message.body()) for message in (*after.publication.messages, said)]


EVERY = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.scenario(2)
@EVERY
@given(storms(), st.permutations(SIX))
def test_six_cancellations_in_any_order_lead_to_the_same_problem_plan_and_messages(
    storm: Storm, order: Sequence[int]
) -> None:
    shuffled = [storm.cancellations[number] for number in order]

    one, other = (replan_of(heard(storm.before, told)) for told in (storm.cancellations, shuffled))

    assert one.replan.problem == other.replan.problem
    assert json.dumps(one.replan.plan) == json.dumps(other.replan.plan)
    assert published(one) == published(other)


@pytest.mark.scenario(2)
@EVERY
@given(storms())
def test_each_operation_is_told_of_once_in_a_storm_and_the_plan_names_all_six(storm: Storm) -> None:
    after = replan_of(heard(storm.before, storm.cancellations))

    told = [change.operation_id for change in after.publication.changes]
    assert len(told) == len(set(told))
    assert published(after)[-1]["cause_event_ids"] == [f"c{number}" for number in SIX]


@pytest.mark.scenario(2)
@EVERY
@given(storms(), st.permutations(range(7)))
def test_a_first_word_that_a_second_replaces_decides_nothing_wherever_it_comes(
    storm: Storm, order: Sequence[int]
) -> None:
    first, second = told(0, HALF, sequence=1), told(0, WHOLE, sequence=2)
    second = (second[0], second[1].model_copy(update={"id": "c0-second"}))
    seven = (first, second, *storm.cancellations[1:])
    shuffled = [seven[number] for number in order]

    one, other = (replan_of(heard(storm.before, told)) for told in (seven, shuffled))

    assert one.replan.problem == other.replan.problem
    assert json.dumps(one.replan.plan) == json.dumps(other.replan.plan)


@pytest.mark.scenario(2)
def test_a_storm_that_leaves_nothing_is_told_of_every_operation() -> None:
    after = replan_of(heard(a_planned_day(), [told(number, WHOLE) for number in SIX]))

    assert {change.operation_id for change in after.publication.changes} == {f"op:polisen:P{number}" for number in SIX}
