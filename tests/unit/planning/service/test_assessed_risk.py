"""A centre is told how likely its planned operations are to lose their police, when they are placed or it changes."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.cancellation_risk import CancellationRiskAssessed
from samsyn_planning.domain.announcements import Publication, Replan
from samsyn_planning.domain.assessed_risk import reassess, with_risks
from samsyn_planning.domain.cancellation_risk import Figure, Start, figure_of, model, risk_permille
from samsyn_planning.domain.facts import Decision, Disturbance, Operation, ToldRisk
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT, Policy
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.snapshot import Snapshot

from tests.support.planned_centre import ANY, a_day_of_work
from tests.support.planning_facts import (
    LAT,
    LON,
    NOW,
    a_disturbance,
    a_participation,
    a_session,
    a_snapshot,
    an_operation,
    at,
    lost,
    the_centre,
)

START = Start(LAT, LON, at(13, 8))
USUAL = risk_permille(START)
NIGHT = at(13, 3)
WEIGHING = DEFAULT.model_copy(update={"risk": 100})


def published(snapshot: Snapshot, *disturbances: Disturbance, policy: Policy = DEFAULT) -> Publication:
    problem = problem_of(snapshot, ANY, DEFAULT)
    plan = solve(problem, Limit(seconds=None, work=None))
    own: dict[str, Any] = {"id": "replan:akc-vast:1", "scope": "period", "causes": (), "version": 1, "now_at": NOW}
    publication = publish(Replan(**own, problem=problem, plan=plan), snapshot, (), policy)
    return with_risks(publication, snapshot, disturbances, policy)


def assessed(told: Publication | Decision) -> list[CancellationRiskAssessed]:
    messages = told.messages if isinstance(told, Publication) else told.say
    return [message for message in messages if isinstance(message, CancellationRiskAssessed)]


def codes(told: CancellationRiskAssessed) -> list[str]:
    return [reason.code for reason in told.reasons]


def at_night(*disturbances: Disturbance, **told: Any) -> Snapshot:
    """Four in the morning of the day of an operation on a session of which the usual risk was told."""
    risk = ToldRisk(
        session_id="polisen:P1", permille=told.pop("permille", USUAL), is_lifted=told.pop("is_lifted", False)
    )
    values = (
        a_session("polisen:P1"),
        a_participation("polisen:P1", "accepted"),
        an_operation(**{"risk": risk, **told}),
    )
    return a_snapshot(*values, *disturbances, centre=the_centre(now_at=at(13, 4), risk_due_at=at(13, 4)))


# The figure


def test_the_interval_is_wilsons_and_holds_the_risk() -> None:
    assert (USUAL, model().num_cases) == (167, 479)
    assert figure_of(START) == Figure(167, 141, 197)


def test_more_is_known_of_a_risk_than_that_it_is_there() -> None:
    for day in (12, 13, 14, 15, 16, 17, 18):
        for lat, lon in ((LAT, LON), (67.86, 20.23)):
            figure = figure_of(Start(lat, lon, at(day, 22)))
            assert 0 <= figure.low_permille <= figure.permille <= figure.high_permille <= 1000


# Placed


def test_an_operation_that_is_placed_is_told_with_its_risk_after_everything_else() -> None:
    publication = published(a_day_of_work(days=(13,)))

    (told,), (operation,) = assessed(publication), publication.operations
    assert publication.messages[-1] is told
    assert (told.operation_id, told.code_name, told.session_id) == (operation.id, operation.code_name, "polisen:P13")
    assert (told.p, told.p_low, told.p_high, told.num_cases) == (0.167, 0.141, 0.197, 479)
    assert told.model_version == "disturbances 2023-04-02/2025-06-30"
    assert operation.risk == ToldRisk(session_id="polisen:P13", permille=167)
    assert codes(told) == ["RISK_USUAL", "RISK_NOT_WEIGHED"]
    assert "tisdagar dagtid (06–14) ställs 17 in, troligen mellan 14 och 20." in told.reasons[0].sv
    assert told.reasons[1].en == "The risk does not affect the plan."


def test_what_the_plan_left_alone_is_not_told_again() -> None:
    snapshot = a_day_of_work(days=(13,))
    first = published(snapshot)
    told = {"operations": first.operations, "participations": first.participations}

    assert assessed(published(snapshot.model_copy(update=told))) == []


def test_an_operation_without_police_has_none_to_lose() -> None:
    publication = published(a_day_of_work(days=(13,)))
    released = [part.model_copy(update={"status": "released"}) for part in publication.participations]
    bare = publication.model_copy(update={"participations": tuple(released), "messages": publication.messages[:-1]})

    assert assessed(with_risks(bare, a_day_of_work(days=(13,)), (), DEFAULT)) == []


def test_where_the_risk_is_weighed_it_says_so() -> None:
    (told,) = assessed(published(a_day_of_work(days=(13,)), policy=WEIGHING))

    assert codes(told)[-1] == "RISK_WEIGHED"


# Something happens


@pytest.mark.parametrize(
    ("severity", "where", "p"),
    [("heavy", "1480", 1.0), ("serious", "1480", 0.417), ("other", "1480", None), ("heavy", "0180", None)],
)
def test_what_happens_nearby_is_told_where_it_lifts_the_risk(severity: str, where: str, p: float | None) -> None:
    decision = reassess(at_night(a_disturbance(severity, where, NIGHT)), DEFAULT)

    assert [told.p for told in assessed(decision)] == ([] if p is None else [p])
    assert all(codes(told) == ["RISK_USUAL", "RISK_DISTURBANCE", "RISK_NOT_WEIGHED"] for told in assessed(decision))
    assert [one.risk.is_lifted for one in decision.keep if isinstance(one, Operation) and one.risk] == [True] * (
        p is not None
    )


def test_a_risk_told_once_is_not_told_again_until_it_changes_by_50_per_mille() -> None:
    serious = a_disturbance("serious", "1480", NIGHT)

    assert assessed(reassess(at_night(serious, permille=417, is_lifted=True), DEFAULT)) == []
    assert assessed(reassess(at_night(serious, permille=368, is_lifted=True), DEFAULT)) == []
    assert len(assessed(reassess(at_night(serious, permille=367, is_lifted=True), DEFAULT))) == 1


@pytest.mark.parametrize("over", [{"ended_at": at(13, 4)}, {"expected_end_at": at(13, 4)}])
def test_when_it_is_over_the_risk_is_told_to_have_fallen(over: dict[str, Any]) -> None:
    ended = a_disturbance("heavy", "1480", NIGHT).model_copy(update=over)

    (told,) = assessed(reassess(at_night(ended, permille=1000, is_lifted=True), DEFAULT))

    assert (told.p, codes(told)) == (0.167, ["RISK_USUAL", "RISK_DISTURBANCE_OVER", "RISK_NOT_WEIGHED"])


def test_an_expected_end_is_waited_for() -> None:
    heavy, other = a_disturbance("heavy", "1480", NIGHT), a_disturbance("serious", "1402", NIGHT)
    until = [one.model_copy(update={"expected_end_at": at(13, hour)}) for one, hour in ((heavy, 6), (other, 5))]

    decision = reassess(at_night(*until, permille=1000, is_lifted=True), DEFAULT)

    assert decision.keep == (the_centre(now_at=at(13, 4), risk_due_at=at(13, 5)),)


@pytest.mark.parametrize("change", [{"status": "draft"}, {"status": "postponed"}, {"start_at": at(13, 4)}])
def test_only_operations_to_come_that_participants_know_of_are_told(change: dict[str, Any]) -> None:
    assert assessed(reassess(at_night(a_disturbance("heavy", "1480", NIGHT), **change), DEFAULT)) == []


def test_police_that_are_lost_cannot_be_lost_again() -> None:
    snapshot = at_night(a_disturbance("heavy", "1480", NIGHT))

    gone = snapshot.model_copy(update={"capacities": (lost(snapshot.capacities[0]),)})

    assert assessed(reassess(gone, DEFAULT)) == []


def test_where_nothing_is_due_nothing_follows() -> None:
    assert reassess(None, DEFAULT) == Decision()
