"""Checks what a plan says of inspections that it leaves out: every way in is tried and judged by the verifier.

Independent of the planner. A way puts the inspection alone on a session, in place of what is held there, with some of
the teams that could come by their hours, everything else as planned. For small problems: crews are enumerated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise

from samsyn_planning.domain.verifier.clashes import clashes
from samsyn_planning.domain.verifier.entities import Inspection, Operation, Problem, Session, TeamSession, Visit
from samsyn_planning.domain.verifier.objective import figures_of
from samsyn_planning.domain.verifier.operation_rules import broken_inside
from samsyn_planning.domain.verifier.plan_form import read_plan
from samsyn_planning.domain.verifier.problem_form import read_problem
from samsyn_planning.domain.verifier.replanning_rules import broken_promises, uses_to_ask_for
from samsyn_planning.domain.verifier.resolved import resolve
from samsyn_planning.domain.verifier.standing import standing_of

from tests.support.planning_forms import Form

CHOICES = ("TAKEN", "VALUE")
# What makes a crew at all; a way that does without is none where some crew would do, were its teams free.
MAKEUP = frozenset({"H7", "H8", "H9"})
MOST_CALLED = 4
# What is said where the search was cut short before it tried what would gain.
UNTRIED = "sökningen slutade innan det prövades"

Way = frozenset[str]


def wrong_reasons(form: Form, plan: Form) -> list[str]:
    """What does not hold of the reasons in `unplanned`, in sentences; empty if every one is true."""
    found = []
    for entry in plan["unplanned"]:
        checked = _Checked(read_problem(form), plan, entry["inspection"])
        found += [f"{entry['inspection']}: {said}" for said in checked.complaints(entry)]
    return found


class _Checked:
    """One inspection that is left out, and every way to put it in."""

    def __init__(self, problem: Problem, plan: Form, inspection: str) -> None:
        self._problem = problem
        self._standing = standing_of(problem)
        self._wanted = problem.inspections[inspection]
        self._held = {operation.session: operation for operation in read_plan(plan).operations}
        self._objective = plan["objective"]

    def complaints(self, entry: Form) -> Iterator[str]:
        """Give what is wrong with the entry's reasons, and which sessions they should have named."""
        named = {session: reason for reason in entry["reasons"] for session in reason["sessions"]}
        num_within = sum(self._start(session) is not None for session in self._problem.sessions.values())
        for reason in entry["reasons"]:
            yield from _wrong_counts(reason, num_within)
        for session in self._problem.sessions.values():
            ways = self._ways(session)
            reason = named.get(session.id)
            if reason is None:
                yield from self._unsaid(session, ways)
            elif reason["code"] in CHOICES:
                yield from self._wrong_choice(session, reason, ways)
            elif not self._is_only(session, reason["code"], ways):
                told = sorted(sorted(way) for way in set(ways))
                yield f"{session.id} is said to fail only on {reason['code']}, the ways in break {told}"

    def _unsaid(self, session: Session, ways: Sequence[Way]) -> Iterator[str]:
        if session.start_at <= self._problem.now_at:  # nobody is helped by hearing what a session under way could hold
            return
        if frozenset() in ways:
            yield f"{session.id} could take it and is not named"
        codes = {code for way in ways if len(way) == 1 for code in way}
        for code in sorted(codes - {"H7"}):
            if self._is_only(session, code, ways):
                yield f"{session.id} fails only on {code} and is not named"

    def _is_only(self, session: Session, code: str, ways: Sequence[Way]) -> bool:
        if frozenset() in ways:
            return False
        if code == "H7":
            return frozenset() in self._with_missing_teams(session)._ways(session)
        whole = [way for way in ways if not way & MAKEUP] or list(ways)
        return frozenset({code}) in whole and all(code in way for way in whole)

    def _with_missing_teams(self, session: Session) -> "_Checked":
        """The same in a world where each missing party has one more team on the session."""
        covering = {team.agency for team in self._callable(session) if _covers(team, session)}
        sent = {
            f"sent-{party}": TeamSession(
                id=f"sent-{party}",
                team=f"sent-{party}",
                agency=party,
                start_at=session.start_at,
                end_at=session.end_at,
                skills=frozenset(),
                home=None,
                is_asked=False,
                alternatives_group=None,
            )
            for party in self._wanted.required_agencies - covering
        }
        other = _Checked.__new__(_Checked)
        other.__dict__.update(self.__dict__)
        other._problem = replace(self._problem, team_sessions={**self._problem.team_sessions, **sent})
        return other

    def _wrong_choice(self, session: Session, reason: Form, ways: Sequence[Way]) -> Iterator[str]:
        code = reason["code"]
        if frozenset() not in ways:
            yield f"{session.id} is said to be a choice ({code}), no way in is lawful"
            return
        beside = list(self._beside(session))
        if bool(beside) != (code == "VALUE"):
            yield f"{session.id} is said to be {code}, there are {len(beside)} ways to take it beside what is held"
        is_owned = UNTRIED in reason["sv"]
        if max(beside, default=self._objective) > self._objective and not is_owned:
            yield f"taking it in on {session.id} would be better by {max(beside) - self._objective} points"

    def _ways(self, session: Session) -> list[Way]:
        """The rules that each way to hold the inspection alone on the session breaks."""
        start = self._start(session)
        if start is None:
            opens = min((window[0] for window in self._wanted.time_windows), default=session.start_at)
            start = max(opens, session.start_at)
        visits = (Visit(self._wanted.id, start, start + timedelta(seconds=self._wanted.duration_seconds)),)
        return [self._broken(self._operation(session, visits, teams)) for teams in self._crews(session)]

    def _start(self, session: Session) -> datetime | None:
        timed = self._timed(session, (self._wanted,))
        return None if timed is None else timed[0].start_at

    def _beside(self, session: Session) -> Iterator[int]:
        """The objective of each lawful way to take the inspection in beside what the session holds."""
        held = self._held.get(session.id)
        route = [self._problem.inspections[visit.inspection] for visit in held.visits] if held else []
        for place in range(len(route) + 1):
            visits = self._timed(session, [*route[:place], self._wanted, *route[place:]])
            for teams in self._crews(session) if visits is not None else ():
                operation = self._operation(session, visits or (), teams)
                if not self._broken(operation):
                    plan = [resolve(self._problem, one) for one in (*self._others(session), operation)]
                    yield figures_of(self._problem, self._standing, plan).objective

    def _timed(self, session: Session, route: Iterable[Inspection]) -> tuple[Visit, ...] | None:
        """The route with each inspection as early as can be, None where it is not kept within the hours (H2)."""
        route = list(route)
        places = [session.base, *(wanted.place for wanted in route), session.base]
        legs = [timedelta(seconds=self._problem.travel.seconds(*ends)) for ends in pairwise(places)]
        free, visits = session.start_at, []
        for wanted, leg in zip(route, legs, strict=False):
            lasts = timedelta(seconds=wanted.duration_seconds)
            starts = [
                max(opens, free + leg)
                for opens, closes in wanted.time_windows
                if max(opens, free + leg) + lasts <= min(closes, wanted.deadline_at or closes)
            ]
            if not starts:
                return None
            visits.append(Visit(wanted.id, min(starts), min(starts) + lasts))
            free = min(starts) + lasts
        return tuple(visits) if free + legs[-1] <= session.end_at else None

    def _callable(self, session: Session) -> list[TeamSession]:
        rules = self._problem.rules
        late, early = timedelta(seconds=rules.late_join_seconds), timedelta(seconds=rules.early_leave_seconds)
        return [
            team
            for team in self._problem.team_sessions.values()
            if team.start_at <= session.start_at + late
            and team.end_at >= session.end_at - early
            and team.agency not in rules.never_on_site
        ]

    def _crews(self, session: Session) -> Iterator[frozenset[str]]:
        able = [team.id for team in self._callable(session)]
        for size in range(min(MOST_CALLED, len(able)) + 1):
            yield from (frozenset(some) for some in combinations(able, size))

    def _operation(self, session: Session, visits: tuple[Visit, ...], teams: frozenset[str]) -> Operation:
        bare = Operation("way in", session.id, visits, teams, frozenset())
        if self._problem.rules.consent == "given":
            return bare
        return replace(bare, needs_consent=uses_to_ask_for(self._problem, bare))

    def _others(self, session: Session) -> list[Operation]:
        return [held for of, held in self._held.items() if of != session.id]

    def _broken(self, operation: Operation) -> Way:
        """The rules that the plan breaks with this operation in it."""
        new = resolve(self._problem, operation)
        plan = [*(resolve(self._problem, one) for one in self._others(new.session)), new]
        found = [*broken_inside(self._problem, new), *clashes(self._problem, plan)]
        found += broken_promises(self._problem, self._standing, plan)
        return frozenset(violation.rule for violation in found)


def _covers(team: TeamSession, session: Session) -> bool:
    return team.start_at <= session.start_at and team.end_at >= session.end_at


def _wrong_counts(reason: Form, num_within: int) -> Iterator[str]:
    """Give the numbers that the sentences have wrong, in either language."""
    if not reason["sessions"]:
        return
    for language in ("sv", "en"):
        numbers = re.match(r"(\d+) .*?; (\d+) ", reason[language])
        if numbers is None or [int(number) for number in numbers.groups()] != [num_within, len(reason["sessions"])]:
            yield f"numbers should be {num_within} and {len(reason['sessions'])}: {reason[language]}"
