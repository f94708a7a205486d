"""What it would cost to put a changed operation back as it was published, the rest of the plan as it is."""

from collections.abc import Sequence
from typing import NamedTuple

from samsyn_planning.domain.planner.changes import Change
from samsyn_planning.domain.planner.facts import Facts, Former
from samsyn_planning.domain.planner.schedule import Operation
from samsyn_planning.domain.planner.scoring import as_published, disruption_of, value_of


class PutBack(NamedTuple):
    """Points that it costs, or, where it cannot be, which inspections and teams other operations hold now.

    `inspections` and `teams` pair each with the session of the operation that holds it.
    """

    cost: int | None
    inspections: tuple[tuple[int, int], ...] = ()
    teams: tuple[tuple[int, int], ...] = ()


def put_back(facts: Facts, operations: Sequence[Operation | None], change: Change) -> PutBack:
    """Try it for a published operation that is not hit: its form breaks no rule, only others can be in the way."""
    former = change.former
    published = as_published(facts, former) if former is not None else None
    if former is None or former.is_hit or published is None or former.session is None:
        return PutBack(None)
    others = [(session, held) for session, held in enumerate(operations) if held and session != former.session]
    inspections = [(one, session) for session, held in others for one in held.route if one in former.inspections]
    teams = [(team, session) for session, held in others for team in _robbed(facts, former, session, held)]
    if inspections or teams:
        return PutBack(None, tuple(sorted(inspections)), tuple(sorted(set(teams))))
    return PutBack(_points(facts, former, operations[former.session]) - published.points)


def _points(facts: Facts, former: Former, held: Operation | None) -> int:
    value = 0 if held is None or former.session is None else value_of(facts, former.session, held)
    return value - disruption_of(facts, former, held)


def _robbed(facts: Facts, former: Former, session: int, held: Operation) -> list[int]:
    """The former's teams that this operation keeps from it (H10, H15)."""
    is_near = former.session is not None and bool(facts.clash[former.session] >> session & 1)
    return [team for team in former.teams if any(_bars(facts, team, other, is_near) for other in held.teams)]


def _bars(facts: Facts, team: int, other: int, is_near: bool) -> bool:
    mine, theirs = facts.teams[team], facts.teams[other]
    is_alternative = mine.group is not None and mine.group == theirs.group and team != other
    return is_alternative or (is_near and mine.team == theirs.team)
