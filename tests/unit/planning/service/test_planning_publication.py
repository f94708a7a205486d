"""What a first plan means: who hears, who is asked, what is confirmed, what waits as a draft."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from samsyn_contracts.operations import (
    OperationConfirmed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationRequested,
    PoliceRequested,
)
from samsyn_planning.domain.policy import DEFAULT

from tests.support.planned_centre import a_day_of_work, planned, with_values
from tests.support.planning_facts import (
    AV,
    NOW,
    POLICE,
    SKV,
    a_participation,
    a_session,
    a_team,
    a_wanted,
    asking,
    at,
    lost,
)

P13, P14, T13, S13 = "polisen:P13", "polisen:P14", f"{AV}:T13", f"{SKV}:T13"
ONE_DAY = a_day_of_work(days=(13,))


def test_a_first_plan_schedules_and_where_all_have_consented_confirms() -> None:
    first = planned(ONE_DAY)

    assert [type(m) for m in first.publication.messages] == [OperationScheduled, OperationConfirmed]
    assert (first.operation.status, first.operation.session_id) == ("confirmed", P13)


def test_a_scheduled_operation_is_told_with_route_participants_and_version() -> None:
    told = planned(ONE_DAY).only(OperationScheduled)

    assert (told.slot.session_id, told.slot.start_at, told.plan_version) == (P13, at(13, 8), 1)
    assert [i.inspection_id for i in told.inspections] == [f"{AV}:I1"]
    assert [p.agency for p in told.participants] in ([AV, POLICE], [POLICE, SKV])
    assert {p.status for p in told.participants} == {"accepted"}


def test_a_role_takes_part_as_agency_and_role() -> None:
    team = a_team("kommun-goteborg:T13").model_copy(update={"party": "kommun-goteborg/miljoforvaltningen"})
    wanted = a_wanted(required_agencies=(team.party,), ready={team.party: True})

    told = planned(a_day_of_work(team, wanted, days=(13,))).only(OperationScheduled)

    assert [(p.agency, p.role) for p in told.participants] == [
        ("kommun-goteborg", "miljoforvaltningen"),
        (POLICE, None),
    ]


def test_a_department_is_asked_by_its_role() -> None:
    team = a_team("kommun-goteborg:T13", consent=asking())
    team = team.model_copy(update={"party": "kommun-goteborg/miljoforvaltningen"})
    wanted = a_wanted(required_agencies=(team.party,), ready={team.party: True})

    request = planned(a_day_of_work(team, wanted, days=(13,))).only(ParticipationRequested)

    assert (request.agency, request.role) == ("kommun-goteborg", "miljoforvaltningen")


def test_who_wants_to_be_asked_is_asked_and_the_operation_waits() -> None:
    asked = planned(a_day_of_work(a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,)))

    request = asked.only(ParticipationRequested)
    assert (request.agency, request.role) == (AV, None)
    assert (request.capacity_id, request.slot.session_id) == (T13, P13)
    assert asked.operation.status == "scheduled"
    assert asked.snapshot.part_by_key["op:polisen:P13", T13].status == "invited"


def test_police_that_want_to_be_asked_are_asked_for_their_officers() -> None:
    request = planned(a_day_of_work(a_session(P13, consent=asking(), staff=5), days=(13,))).only(PoliceRequested)

    assert (request.capacity_id, request.officers) == (P13, 5)


@pytest.mark.parametrize(
    ("now_at", "reply_by"),
    [
        (NOW, NOW + timedelta(hours=72)),
        (at(11, 8), at(12, 8)),
        (at(12, 7), at(12, 11)),
        (at(13, 6), at(13, 7)),
    ],
)
def test_a_reply_is_wanted_in_three_days_but_a_day_before_the_start_or_at_least_an_hour(
    now_at: datetime, reply_by: datetime
) -> None:
    known = with_values(planned(ONE_DAY).snapshot, a_session(P13, consent=asking()), now_at=now_at)
    moved = with_values(known, a_participation(P13, "released", operation_id="op:polisen:P13", session_id="polisen:P0"))
    shifted = with_values(moved, *(o.model_copy(update={"end_at": at(13, 15)}) for o in moved.operations))

    assert planned(shifted).only(PoliceRequested).reply_by == reply_by


def test_what_lies_beyond_the_published_horizon_is_a_draft_that_nobody_hears_of() -> None:
    far = a_day_of_work(days=(13,))
    soon = NOW - DEFAULT.published

    draft = planned(with_values(far, now_at=soon))

    assert (draft.operation.status, draft.publication.messages, draft.publication.changes) == ("draft", (), ())
    assert draft.publication.participations == ()


def test_a_draft_is_scheduled_when_it_comes_within_the_horizon_and_keeps_its_name() -> None:
    draft = planned(with_values(ONE_DAY, now_at=NOW - DEFAULT.published))

    after = planned(with_values(draft.snapshot, now_at=NOW))

    assert after.only(OperationScheduled).code_name == draft.operation.code_name
    assert after.said(OperationRescheduled) == []


def test_a_draft_that_the_plan_drops_disappears_without_a_word() -> None:
    draft = planned(with_values(ONE_DAY, now_at=NOW - DEFAULT.published))

    after = planned(with_values(draft.snapshot, lost(draft.snapshot.capacity_by_id[P13])))

    assert (after.publication.messages, after.status_of("op:polisen:P13")) == ((), "cancelled")


def test_no_code_name_is_used_twice_nor_one_that_was_used_before() -> None:
    windows = [[{"from_at": at(day), "until_at": at(day + 1)}] for day in (13, 14)]
    two = a_day_of_work(*(a_wanted(f"{AV}:I{n + 1}", time_windows=w) for n, w in enumerate(windows)))
    taken = planned(ONE_DAY).operation.code_name

    names = [o.code_name for o in planned(two, used_names=(taken,)).snapshot.operations]

    assert len(set(names)) == 2
    assert taken not in names


def test_unchanged_operations_are_left_alone_without_a_message() -> None:
    first = planned(ONE_DAY)

    again = planned(first.snapshot)

    assert (again.publication.messages, again.publication.participations) == ((), ())
    assert again.publication.untouched_count == 1
    assert again.publication.operations == first.snapshot.operations


def test_an_answer_given_is_kept_when_the_operation_stands() -> None:
    first = planned(a_day_of_work(a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,)))
    yes = first.snapshot.part_by_key["op:polisen:P13", T13].model_copy(update={"status": "accepted"})

    again = planned(with_values(first.snapshot, yes))

    assert again.snapshot.part_by_key["op:polisen:P13", T13] == yes


def test_who_was_asked_is_not_asked_again_when_the_operation_grows() -> None:
    asked = planned(a_day_of_work(a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,)))

    grown = planned(with_values(asked.snapshot, a_wanted(f"{AV}:I2", value=900)))

    assert grown.only(OperationRescheduled).ladder_step == "grown"
    assert grown.said(ParticipationRequested) == []
