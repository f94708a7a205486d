"""What is more than the engine can enumerate is planned all the same, and nothing is called proven that is not."""

from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.verifier import verify

from tests.support.brute_force import optimum_of
from tests.support.planning_forms import (
    Form,
    a_plan,
    a_problem,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
    at,
)

SHORT = Limit(seconds=5, work=4000)


def _accepted(problem: Form) -> Form:
    plan = solve(problem, SHORT)
    assert verify(problem, plan).violations == ()
    return plan


def test_of_many_parties_those_required_are_called_and_no_bound_is_claimed() -> None:
    teams = [a_team_session(f"t{n:02}", f"agency-{n:02}") for n in range(66)]

    plan = _accepted(a_problem(None, teams, [an_inspection(required_agencies=["agency-65"])]))

    assert plan["operations"][0]["teams"] == ["t65"]
    assert (plan["bound"], plan["proven"]) == (None, False)


def test_routes_longer_than_can_be_enumerated_are_planned_without_a_bound() -> None:
    inspections = [an_inspection(f"i{n:02}", duration_seconds=60, place="base") for n in range(70)]

    plan = _accepted(a_problem([a_session(max_inspections=None)], None, inspections))

    assert len(plan["operations"][0]["inspections"]) == 70
    assert (plan["bound"], plan["proven"]) == (None, False)


def test_two_published_operations_on_one_session_come_to_an_end() -> None:
    published = [
        an_operation(inspections=[a_visit("i1")], id="x1"),
        an_operation(inspections=[a_visit("i2", at(13, 11), at(13, 12))], teams=["t2"], id="x2"),
    ]
    teams = [a_team_session("t1", team="a"), a_team_session("t2", team="a")]
    inspections = [an_inspection("i1"), an_inspection("i2")]

    plan = _accepted(a_problem(None, teams, inspections, published=a_plan(published), pinned=["x1"]))

    assert plan["bound"] is None
    assert [visit["id"] for visit in plan["operations"][0]["inspections"]] == ["i1"]


def test_a_far_site_is_not_overlooked_where_its_neighbour_needs_somebody_else() -> None:
    """What is near in the whole session may be far among the stops of one set of teams."""
    places = ("base", "far", "b1", "b2", "b3", "b4")
    seconds = [[0 if a == b else 4000 if "far" in (a, b) else 600 for b in places] for a in places]
    span: Form = {"start_at": at(13, 8), "end_at": at(13, 12, 10)}
    near = [an_inspection(f"i{place}", place=place, value=100, duration_seconds=3000) for place in places[2:]]
    problem = a_problem(
        [a_session(**span)],
        [a_team_session("t1", "skatteverket", **span), a_team_session("t2", "arbetsmiljoverket", home="far", **span)],
        [
            an_inspection("ia", place="far", value=125, duration_seconds=3600),
            an_inspection("ic", place="far", value=1, duration_seconds=3600, required_agencies=["arbetsmiljoverket"]),
            *near,
        ],
        travel={"places": list(places), "seconds": seconds},
        weights={"team": 3500, "team_far": 1000},
    )

    plan = solve(problem)

    assert (plan["objective"], plan["proven"]) == (optimum_of(problem).objective, True)
