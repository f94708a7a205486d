"""A centre with a choice: a loss that is best answered by moving what was not hit, and the plans beside that answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from samsyn_contracts.plans import AlternativeKind, ReplanApproved
from samsyn_planning.domain.alternatives import Way, beside, question_of
from samsyn_planning.domain.facts import Alternative, Decision, Proposal
from samsyn_planning.domain.letting_go import Posed
from samsyn_planning.domain.planner import Limit, just_cancel, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.proposals import decide_proposal
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import GIVEN, Planned, planned, replanned, without
from tests.support.planning_facts import (
    AV,
    CENTRE,
    SKV,
    a_proposed_plan,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_envelope,
    at,
)

P13, P14, P20 = "polisen:P13", "polisen:P14", "polisen:P20"
OP13, OP14 = f"op:{P13}", f"op:{P14}"
HIT: AlternativeKind = "hit_only"
NOTHING: AlternativeKind = "none_moved"


def on_days(*days: int) -> list[dict[str, object]]:
    """Time windows that are whole days of May."""
    return [{"from_at": at(day), "until_at": at(day + 1)} for day in days]


@cache
def two_days_and_a_spare() -> Snapshot:
    """Two sites on the 13th, of which the best could only be on the 14th else, whose own could be on the 20th."""
    rooms = {P13: (13, 2), P14: (14, 1), P20: (20, 2)}
    sessions = [a_session(own, day, max_inspections=most) for own, (day, most) in rooms.items()]
    teams = [a_team(f"{agency}:T{day}", day) for day in (13, 14, 20) for agency in (AV, SKV)]
    sites = [
        a_wanted(f"{AV}:I1", value=900, time_windows=on_days(13, 14)),
        a_wanted(f"{AV}:I2", value=100, time_windows=on_days(14, 20)),
        a_wanted(f"{AV}:I3", value=100, time_windows=on_days(13, 20)),
    ]
    return planned(a_snapshot(*sessions, *teams, *sites)).snapshot


@cache
def hit_on_the_13th() -> Snapshot:
    """The police have lost the 13th."""
    return without(two_days_and_a_spare(), P13)


@cache
def best_plan() -> Planned:
    """The planner's answer, which moves the site of the 14th to the 20th."""
    return replanned(hit_on_the_13th())


def way(kind: AlternativeKind, snapshot: Snapshot) -> Way:
    """A plan of a kind, accepted by the verifier."""
    question = question_of(kind, GIVEN)
    problem = problem_of(snapshot, question, DEFAULT)
    plan = just_cancel(problem) if question.moves_nothing else solve(problem, Limit(seconds=None, work=300))
    assert not verify(problem, plan).violations
    return Way(alternative=Alternative(kind=kind, question=question, plan=plan), posed=Posed(problem=problem))


@cache
def both_ways() -> tuple[Way, Way]:
    """Nothing moved, and only what is hit."""
    return way(NOTHING, hit_on_the_13th()), way(HIT, hit_on_the_13th())


def a_choice() -> Proposal:
    """The best plan as proposed, with what may be chosen beside it."""
    replan = best_plan().replan
    found = beside(replan.plan, both_ways())
    own: dict[str, Any] = {"problem": replan.problem, "plan": replan.plan, "question": GIVEN}
    return a_proposed_plan(**own, alternatives=found.alternatives, stands=found.stands)


def decided(proposal: Proposal, **choice: Any) -> Decision:
    """What follows when the centre approves it with a choice."""
    told = {"replan_id": proposal.id, "centre": CENTRE, "by_function": "coordinator", **choice}
    message = ReplanApproved.model_validate(told)
    return decide_proposal(proposal, message, an_envelope(message, party=CENTRE))


def approved(proposal: Proposal, **choice: Any) -> Proposal:
    """The proposal once the centre has approved it so."""
    (kept,) = decided(proposal, **choice).keep
    assert isinstance(kept, Proposal)
    return kept


def edits(*ids: str) -> list[dict[str, str]]:
    """That these operations are to stand."""
    return [{"operation_id": own, "keep": "as_it_stands"} for own in ids]
