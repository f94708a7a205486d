"""The order of lists means nothing: several losses at once are one replan, whoever told first."""

from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from samsyn_planning.domain.planner import Limit, ProblemError, plan_bytes, solve

from tests.support.brute_force_world import Form
from tests.support.tiny_problems import shuffled, tiny_replans

ENOUGH = Limit(work=10**8)
MANY = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _bytes_or_refusal(problem: Form) -> bytes:
    try:
        return plan_bytes(solve(problem, ENOUGH))
    except ProblemError as error:
        if error.status != 3:
            raise
        return b"frozen operations clash"


def _after_more_losses(problem: Form) -> Form:
    """Lose the first team and the last session beside what is lost already."""
    more = [problem["team_sessions"][:1], problem["sessions"][-1:]]
    gone = [{"id": own["id"], "cause": f"cause {own['id']}"} for listed in more for own in listed]
    return problem | {"lost": [*problem.get("lost", []), *gone]}


@MANY
@given(tiny_replans, st.randoms(use_true_random=True))
def test_a_problem_in_another_order_gives_the_same_bytes(problem: Form, random: Random) -> None:
    assert _bytes_or_refusal(problem) == _bytes_or_refusal(shuffled(random, problem))


@MANY
@given(tiny_replans, st.randoms(use_true_random=True))
def test_several_losses_give_the_same_bytes_in_any_order(problem: Form, random: Random) -> None:
    lost = _after_more_losses(problem)
    assume(len(lost["lost"]) > 1)

    assert _bytes_or_refusal(lost) == _bytes_or_refusal(shuffled(random, lost))
