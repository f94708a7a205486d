"""An operation with everything that it names looked up among what is listed."""

from dataclasses import dataclass, replace

from samsyn_planning.domain.verifier.entities import Inspection, Operation, Problem, Session, TeamSession, Visit


@dataclass(frozen=True, slots=True)
class Resolved:
    """An operation of which session, inspections and teams are all listed."""

    operation: Operation
    session: Session
    stops: tuple[tuple[Visit, Inspection], ...]
    teams: tuple[TeamSession, ...]

    @property
    def id(self) -> str:
        """Id of the operation."""
        return self.operation.id

    @property
    def parties(self) -> list[str]:
        """The party of each called team, sorted; a party called twice is there twice."""
        return sorted(team.agency for team in self.teams)


def unlisted_ids(problem: Problem, operation: Operation) -> list[str]:
    """Ids of session, inspections and teams that the operation names and the problem does not list, sorted."""
    session = {operation.session} - problem.sessions.keys()
    inspections = operation.inspections - problem.inspections.keys()
    return sorted(session | inspections | (operation.teams - problem.team_sessions.keys()))


def resolve(problem: Problem, operation: Operation) -> Resolved:
    """Look up what the operation names; KeyError if anything is unlisted."""
    return Resolved(
        operation,
        problem.sessions[operation.session],
        tuple((visit, problem.inspections[visit.inspection]) for visit in operation.visits),
        tuple(problem.team_sessions[team] for team in sorted(operation.teams)),
    )


def resolve_listed_part(problem: Problem, operation: Operation) -> Resolved | None:
    """Look up the operation without what is unlisted in it; nothing is left where its session is unlisted."""
    if operation.session not in problem.sessions:
        return None
    visits = tuple(visit for visit in operation.visits if visit.inspection in problem.inspections)
    teams = operation.teams & problem.team_sessions.keys()
    return resolve(problem, replace(operation, visits=visits, teams=teams))
