"""The rules that ask what was published, consented or declared ready: H11 to H14."""

from collections.abc import Iterator, Sequence

from samsyn_planning.domain.verifier.entities import Operation, Problem, seconds_between
from samsyn_planning.domain.verifier.resolved import Resolved
from samsyn_planning.domain.verifier.standing import Standing
from samsyn_planning.domain.verifier.violation import Violation


def broken_promises(problem: Problem, standing: Standing, plan: Sequence[Resolved]) -> Iterator[Violation]:
    """Give every breach of H11 to H14 of a plan."""
    yield from _frozen_changed(problem, standing, plan)
    for resolved in plan:
        yield from _h11(problem, standing, resolved)
        yield from _h12(problem, standing, resolved)
        yield from _h13(problem, resolved)
        yield from _h14(problem, resolved)


def is_same_form(one: Operation, other: Operation) -> bool:
    """Say whether inspections, their order and times, and teams are the same."""
    return one.visits == other.visits and one.teams == other.teams


def uses_to_ask_for(problem: Problem, operation: Operation) -> frozenset[str]:
    """Ids of session and teams that want to be asked for a use that neither published nor consented has (H13)."""
    published = problem.published_on(operation.session)
    has_teams = {team for before in published for team in before.teams}
    asked: set[str] = set()
    if problem.sessions[operation.session].is_asked and not published:
        asked |= {operation.session} if (operation.session, None) not in problem.consented else set()
    for team in operation.teams - has_teams:
        if problem.team_sessions[team].is_asked and (operation.session, team) not in problem.consented:
            asked.add(team)
    return frozenset(asked)


def _frozen_changed(problem: Problem, standing: Standing, plan: Sequence[Resolved]) -> Iterator[Violation]:
    held = {resolved.session.id: resolved.operation for resolved in plan}
    for before in problem.published:
        if before.id not in standing.frozen:
            continue
        now = held.get(before.session)
        if now is None:
            yield Violation("H11", before.id, f"{before.id} is frozen on {before.session} and is not in the plan")
        elif not is_same_form(before, now):
            told = f"{before.id} is frozen, its inspections, times or teams differ from the published ones"
            yield Violation("H11", before.id, told)


def _h11(problem: Problem, standing: Standing, resolved: Resolved) -> Iterator[Violation]:
    session, published = resolved.session, problem.published_on(resolved.session.id)
    is_soon = problem.freeze_until is not None and session.start_at < problem.freeze_until
    if is_soon:  # a frozen operation has its own inspections anyway, or is refused above
        hit = {id_ for before in problem.published if before.id in standing.hit for id_ in before.inspections}
        own = {id_ for before in published for id_ in before.inspections}
        for new in sorted(resolved.operation.inspections - hit - own):
            told = f"{resolved.id}: {session.id} starts before freeze_until, {new} was published neither on it nor hit"
            yield Violation("H11", resolved.id, told)
    has_begun = session.start_at <= problem.now_at
    if has_begun and not any(is_same_form(before, resolved.operation) for before in published):
        told = f"{resolved.id}: {session.id} has begun and may hold its published operation or nothing"
        yield Violation("H11", resolved.id, told)


def _h12(problem: Problem, standing: Standing, resolved: Resolved) -> Iterator[Violation]:
    session = resolved.session
    if problem.no_new_team_before is None or session.start_at >= problem.no_new_team_before:
        return
    known = {team for before in problem.published_on(session.id) for team in before.teams}
    for before in problem.published:
        seconds_apart = abs(seconds_between(session.start_at, problem.session_start_at(before)))
        if before.id in standing.hit and seconds_apart <= problem.rules.substitute_seconds:
            known |= before.teams
    for team in sorted(resolved.operation.teams - known):
        told = f"{resolved.id}: {team} is new on {session.id}, which starts before no_new_team_before"
        yield Violation("H12", resolved.id, told)


def _h13(problem: Problem, resolved: Resolved) -> Iterator[Violation]:
    to_ask, told_to_ask = uses_to_ask_for(problem, resolved.operation), resolved.operation.needs_consent
    if to_ask and problem.rules.consent == "given":
        told = f"{resolved.id}: {', '.join(sorted(to_ask))} would have to be asked, only consent given may be used"
        yield Violation("H13", resolved.id, told)
    elif to_ask != told_to_ask:
        told = f"{resolved.id}: needs_consent is [{_listed(told_to_ask)}], it should be [{_listed(to_ask)}]"
        yield Violation("H13", resolved.id, told)


def _h14(problem: Problem, resolved: Resolved) -> Iterator[Violation]:
    notice_seconds = seconds_between(problem.now_at, resolved.session.start_at)
    if notice_seconds >= problem.rules.readiness_seconds:
        return
    own = {id_ for before in problem.published_on(resolved.session.id) for id_ in before.inspections}
    for _, inspection in resolved.stops:
        if inspection.id in own or inspection.ready is None:
            continue
        for party in sorted(set(resolved.parties) - inspection.ready):
            told = f"{resolved.id}: {party} is not ready for {inspection.id}, new {notice_seconds} s before the start"
            yield Violation("H14", resolved.id, told)


def _listed(ids: frozenset[str]) -> str:
    return ", ".join(sorted(ids))
