"""Which rules keep an inspection off a session, each rule asked alone (reasons for what is not planned)."""

from collections.abc import Callable, Iterable

from samsyn_planning.domain.planner.form_rules import site_rules
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.visits import start_spans

TEAM_RULES = ("H12", "H13", "H14", "H10", "H15")


class Obstacles:
    """Asks of one inspection and one session what stands between them."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._facts = schedule.facts

    def rules(self, session: int, inspection: int) -> list[str]:
        """Codes of the rules that the inspection breaks even if the session held nothing else; empty if none."""
        facts = self._facts
        offered, wanted = facts.sessions[session], facts.inspections[inspection]
        codes = [code for code, is_broken in site_rules(facts, offered, wanted).items() if is_broken]
        if not self._fits_alone(session, inspection):
            codes.append("H2")
        if not facts.is_open_to(session, inspection):
            codes.append("H11")
        if not self._schedule.visits.may_use(session):
            codes.append("H13")
        codes += self._team_rules(session, inspection)
        return sorted(set(codes), key=lambda code: int(code[1:]))

    def _fits_alone(self, session: int, inspection: int) -> bool:
        offered, wanted = self._facts.sessions[session], self._facts.inspections[inspection]
        there = self._facts.travel.seconds(offered.base, wanted.place)
        back = self._facts.travel.seconds(wanted.place, offered.base)
        for first, last in start_spans(offered, wanted):
            start = max(first, offered.start + there)
            if start <= last and start + wanted.duration + back <= offered.end:
                return True
        return False

    def _team_rules(self, session: int, inspection: int) -> list[str]:
        facts = self._facts
        able = [team for team in range(len(facts.teams)) if facts.is_callable(session, team)]
        missing = self._missing(session, inspection, able)
        if missing:
            return missing
        tests = self._tests(session, inspection)
        alone = [code for code in TEAM_RULES if not self._serves(session, inspection, filter(tests[code], able))]
        if alone:
            return alone
        left = able
        for code in TEAM_RULES:
            left = list(filter(tests[code], left))
            if not self._serves(session, inspection, left):
                return [code]
        return []

    def _tests(self, session: int, inspection: int) -> dict[str, Callable[[int], bool]]:
        """For each rule about single teams, whether it lets the session call a team."""
        facts = self._facts
        ready = facts.inspections[inspection].ready
        is_asked = facts.needs_readiness(session) and facts.is_new_on(session, inspection) and ready is not None
        clash, others = facts.clash[session], ~(1 << session)
        users = self._users()

        def is_free_of_alternatives(team: int) -> bool:
            members = facts.groups.get(facts.teams[team].group or "", ())
            return not any(users[member] & others for member in members if member != team)

        def is_free(team: int) -> bool:
            name = facts.teams[team].team
            return not any(users[other] & clash for other, t in enumerate(facts.teams) if t.team == name)

        return {
            "H12": lambda team: facts.may_call(session, team),
            "H13": lambda team: facts.rules.consent == "any" or not facts.needs_consent(session, team),
            "H14": lambda team: not is_asked or facts.teams[team].agency in (ready or ()),
            "H10": is_free,
            "H15": is_free_of_alternatives,
        }

    def _users(self) -> list[int]:
        """For each team session the sessions that call it, as bits."""
        users = [0] * len(self._facts.teams)
        for session, held in enumerate(self._schedule.operations):
            for team in held.teams if held else ():
                users[team] |= 1 << session
        return users

    def _missing(self, session: int, inspection: int, able: list[int]) -> list[str]:
        """H7, H8 or H9 where no set of the teams that could come would do."""
        wanted = self._facts.inspections[inspection]
        covering = [team for team in able if self._facts.covers(session, team)]
        codes = []
        if not wanted.required_agencies <= {self._facts.teams[team].agency for team in covering}:
            codes.append("H7")
        if not wanted.required_participants <= frozenset().union(*(self._facts.teams[t].skills for t in covering)):
            codes.append("H9")
        if not codes and not self._serves(session, inspection, able):
            codes.append("H8")
        return codes

    def missing_parties(self, session: int, inspection: int) -> list[str]:
        """Required agencies without a team that covers the session."""
        facts = self._facts
        teams = range(len(facts.teams))
        covering = {facts.teams[t].agency for t in teams if facts.is_callable(session, t) and facts.covers(session, t)}
        return sorted(facts.inspections[inspection].required_agencies - covering)

    def _serves(self, session: int, inspection: int, teams: Iterable[int]) -> bool:
        """Whether some lawful crew of these teams serves the inspection alone (H7-H9)."""
        return self._schedule.crews.lawful(session, inspection, teams)

    def code(self, session: int, inspection: int) -> list[str]:
        """As `rules`; where none forbids it by itself, TAKEN if the session's operation leaves no room, else VALUE."""
        codes = self.rules(session, inspection)
        if codes:
            return codes
        held = self._schedule.operations[session]
        return ["VALUE" if held is None or self._has_room(session, inspection) else "TAKEN"]

    def _has_room(self, session: int, inspection: int) -> bool:
        held = self._schedule.operations[session]
        route = held.route if held else ()
        longer = ((*route[:place], inspection, *route[place:]) for place in range(len(route) + 1))
        return any(self._schedule.evaluated(session, one) is not None for one in longer)
