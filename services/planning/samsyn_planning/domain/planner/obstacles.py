"""Which rules keep an inspection off a session, each rule asked alone (reasons for what is not planned)."""

from typing import NamedTuple

from samsyn_planning.domain.planner.crews import Call
from samsyn_planning.domain.planner.form_rules import site_rules
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.visits import start_spans

# Rules that bar single teams, in the order in which they are blamed where only several together leave no crew.
TEAM_RULES = ("H12", "H13", "H14", "H10", "H15")


class _Able(NamedTuple):
    """A team that could come to a session by its hours, and the rules that bar it there today (H14 aside)."""

    call: Call
    barred_by: frozenset[str]


class Obstacles:
    """Asks of one inspection and one session what stands between them, on one finished schedule."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._facts = schedule.facts
        self._fits: dict[tuple[int, int], bool] = {}
        self._able: dict[int, list[_Able]] = {}
        self._uses = [0] * len(self._facts.teams)
        self._team_uses: dict[str, int] = {}
        for session, held in enumerate(schedule.operations):
            for team in held.teams if held else ():
                name = self._facts.teams[team].team
                self._uses[team] |= 1 << session
                self._team_uses[name] = self._team_uses.get(name, 0) | 1 << session

    def rules(self, session: int, inspection: int, most: int | None = None) -> list[str]:
        """Codes of the rules that the inspection breaks even if the session held nothing else; empty if none.

        With `most` the search ends as soon as so many are found.
        """
        facts = self._facts
        offered, wanted = facts.sessions[session], facts.inspections[inspection]
        codes = {code for code, is_broken in site_rules(facts, offered, wanted).items() if is_broken}
        if not self.fits_alone(session, inspection):
            codes.add("H2")
        if not facts.is_open_to(session, inspection):
            codes.add("H11")
        if not self._schedule.visits.may_use(session):
            codes.add("H13")
        if most is None or len(codes) < most:
            codes.update(self._team_rules(session, inspection))
        return sorted(codes, key=lambda code: int(code[1:]))

    def fits_alone(self, session: int, inspection: int) -> bool:
        """Whether the session has time for the inspection when it is the only one (H2)."""
        if (session, inspection) not in self._fits:
            self._fits[session, inspection] = self._fits_alone(session, inspection)
        return self._fits[session, inspection]

    def _fits_alone(self, session: int, inspection: int) -> bool:
        offered, wanted = self._facts.sessions[session], self._facts.inspections[inspection]
        spans = start_spans(offered, wanted)
        if not spans:
            return False
        there = self._facts.travel.seconds(offered.base, wanted.place)
        back = self._facts.travel.seconds(wanted.place, offered.base)
        for first, last in spans:
            start = max(first, offered.start + there)
            if start <= last and start + wanted.duration + back <= offered.end:
                return True
        return False

    def _team_rules(self, session: int, inspection: int) -> list[str]:
        able = self._able_on(session)
        missing = self._missing(session, inspection, [one.call for one in able])
        if missing:
            return missing
        unready = self._unready(session, inspection, able)
        alone = [code for code in TEAM_RULES if not self._serves_despite({code}, session, inspection, able, unready)]
        if alone:
            return alone
        for count in range(2, len(TEAM_RULES) + 1):
            if not self._serves_despite(set(TEAM_RULES[:count]), session, inspection, able, unready):
                return [TEAM_RULES[count - 1]]
        return []

    def _able_on(self, session: int) -> list[_Able]:
        if session not in self._able:
            facts = self._facts
            teams = [team for team in range(len(facts.teams)) if facts.is_callable(session, team)]
            calls = self._schedule.crews.calls_of(session, teams)
            self._able[session] = [_Able(call, self._bars(session, call)) for call in calls]
        return self._able[session]

    def _bars(self, session: int, call: Call) -> frozenset[str]:
        facts, others = self._facts, ~(1 << session)
        rivals = facts.groups[call.group] if call.group is not None else ()
        bars = {
            "H12": not facts.may_call(session, call.team),
            "H13": facts.rules.consent == "given" and facts.needs_consent(session, call.team),
            "H10": bool(self._team_uses.get(facts.teams[call.team].team, 0) & facts.clash[session]),
            "H15": any(self._uses[rival] & others for rival in rivals if rival != call.team),
        }
        return frozenset(code for code, is_barred in bars.items() if is_barred)

    def _unready(self, session: int, inspection: int, able: list[_Able]) -> frozenset[str]:
        """Parties that H14 keeps from this site on this session."""
        ready = self._facts.inspections[inspection].ready
        if ready is None or not self._facts.needs_readiness(session) or not self._facts.is_new_on(session, inspection):
            return frozenset()
        return frozenset(one.call.party for one in able) - ready

    def _serves_despite(
        self, rules: set[str], session: int, inspection: int, able: list[_Able], unready: frozenset[str]
    ) -> bool:
        """Whether the teams that these rules leave can serve the inspection."""
        left = [
            one.call
            for one in able
            if not (one.barred_by & rules) and not ("H14" in rules and one.call.party in unready)
        ]
        return len(left) == len(able) or self._schedule.crews.can_serve(session, inspection, left)

    def _missing(self, session: int, inspection: int, calls: list[Call]) -> list[str]:
        """H7, H8 or H9 where no set of the teams that could come would do."""
        wanted = self._facts.inspections[inspection]
        covering = [call for call in calls if call.covers]
        codes = []
        if not wanted.required_agencies <= {call.party for call in covering}:
            codes.append("H7")
        if not wanted.required_participants <= frozenset().union(*(call.skills for call in covering)):
            codes.append("H9")
        if not codes and not self._schedule.crews.can_serve(session, inspection, calls):
            codes.append("H8")
        return codes

    def missing_parties(self, session: int, inspection: int) -> frozenset[str]:
        """Required agencies without a team that covers the session."""
        covering = {one.call.party for one in self._able_on(session) if one.call.covers}
        return self._facts.inspections[inspection].required_agencies - covering

    def codes(self, session: int, inspection: int, most: int | None = None) -> list[str]:
        """As `rules`; where none forbids it by itself, TAKEN if the session's operation leaves no room, else VALUE."""
        codes = self.rules(session, inspection, most)
        if codes:
            return codes
        held = self._schedule.operations[session]
        return ["VALUE" if held is None or self._has_room(session, inspection) else "TAKEN"]

    def _has_room(self, session: int, inspection: int) -> bool:
        held = self._schedule.operations[session]
        route = held.route if held else ()
        longer = ((*route[:place], inspection, *route[place:]) for place in range(len(route) + 1))
        return any(self._schedule.evaluated(session, one) is not None for one in longer)
