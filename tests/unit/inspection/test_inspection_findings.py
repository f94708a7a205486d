"""A finding has its place once its operation has begun; who else may be considered for it is said with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.findings import FindingPlaced

from tests.support.day_of_operation import (
    AV,
    END_AT,
    FIRST,
    MIGRATION,
    POLICE,
    SECOND,
    SKV,
    Story,
    found,
    given_up,
    handed_in,
    parts,
    scheduled,
    started,
    takes_place,
    under_way,
)
from tests.support.told_operations import START_AT

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_a_finding_is_placed_with_what_its_sender_said_of_it() -> None:
    placed = under_way().says(found(SKV, SECOND)).placed

    told = found(SKV, SECOND)
    shared = set(FindingPlaced.model_fields) & set(type(told).model_fields)
    assert {name: getattr(placed, name) for name in shared} == {name: getattr(told, name) for name in shared}
    assert placed.sender == SKV


def test_the_other_agencies_are_candidates_but_not_the_police_nor_the_sender() -> None:
    everybody = takes_place(participants=parts(POLICE, SKV, AV, MIGRATION))

    assert Story(scheduled(), everybody).says(started(), found(SKV)).placed.candidates == (AV, MIGRATION)


def test_who_is_only_invited_is_no_candidate() -> None:
    some = takes_place(participants=parts(POLICE, AV, SKV, invited=(MIGRATION,)))

    assert Story(scheduled(), some).says(started(), found(SKV)).placed.candidates == (AV,)


def test_a_team_of_the_police_beside_their_session_is_a_candidate() -> None:
    session, *others = parts(POLICE, AV, SKV)
    team = session.model_copy(update={"capacity_id": "polisen:border-1"})
    with_team = takes_place(participants=(session, team, *others))

    assert Story(scheduled(), with_team).says(started(), found(SKV)).placed.candidates == (AV, POLICE)


def test_whom_the_sender_names_is_a_candidate() -> None:
    placed = under_way().says(found(SKV, also_relevant_for=[POLICE, MIGRATION, SKV])).placed

    assert placed.candidates == (AV, MIGRATION, POLICE)


def test_the_police_find_too() -> None:
    assert under_way().says(found(POLICE)).placed.candidates == (AV, SKV)


def test_each_finding_is_placed_once_and_counted_by_agency() -> None:
    story = under_way().says(found(SKV), found(SKV, finding_id=f"{SKV}:F2"), found(AV)).passes(END_AT)

    assert [placed.finding_id for placed in story.said(FindingPlaced)] == [f"{SKV}:F1", f"{SKV}:F2", f"{AV}:F1"]
    assert sorted(agency for agency, _ in story.day.findings) == [AV, SKV, SKV]


@pytest.mark.parametrize(("late", "is_placed"), [(14 * DAY, True), (14 * DAY + MINUTE, False)])
def test_a_finding_is_taken_for_two_weeks_after_the_end(late: timedelta, is_placed: bool) -> None:
    over_at = START_AT + timedelta(hours=1)
    story = under_way().says(given_up(), at=over_at).says(found(SKV), at=over_at + late)

    assert (story.said(FindingPlaced) != [], story.refusals == {}) == (is_placed, is_placed)


def test_what_is_found_afterwards_changes_nothing_of_the_operation() -> None:
    story = under_way().says(handed_in(AV), given_up(AV))
    before = story.day

    story.says(found(SKV))

    assert story.day.findings == {(SKV, f"{SKV}:F1")}
    assert (story.day.present, story.day.last_at, story.day.ending) == (before.present, before.last_at, before.ending)


def test_a_finding_by_a_version_is_considered_for_those_who_take_part_at_that_version() -> None:
    later = takes_place(2, participants=parts(POLICE, AV, SKV, MIGRATION))

    story = under_way(later).says(found(SKV, version=1), found(SKV, version=2, finding_id=f"{SKV}:F2"))

    assert [placed.candidates for placed in story.said(FindingPlaced)] == [(AV,), (AV, MIGRATION)]


def test_a_finding_where_nothing_was_done_is_at_its_inspection() -> None:
    assert under_way().says(found(SKV, FIRST)).placed.inspection_id == FIRST
