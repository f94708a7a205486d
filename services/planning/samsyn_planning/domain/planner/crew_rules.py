"""Which rules about teams keep every crew from serving (H7-H10, H12-H15), by trying which would do if lifted."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from samsyn_planning.domain.planner.codes import BIT, SEVERAL
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.schedule import Operation

# The rules that bar single teams; H7, H8 and H9 say what makes a crew.
BARS = (BIT["H12"], BIT["H13"], BIT["H14"], BIT["H10"], BIT["H15"])


class Wants(NamedTuple):
    """What inspections ask of a crew; `ready` are the only parties allowed (H14), None where all are."""

    required: frozenset[str]
    participants: frozenset[str]
    ready: frozenset[str] | None


class Able(NamedTuple):
    """A team that could come to a session by its hours, and the rules that bar it there today (H14 aside)."""

    party: str
    covers: bool
    counts: bool
    skills: frozenset[str]
    group: str | None
    bars: int


class CrewRules:
    """Asks of a session and of what is wanted there which rules stand between them, on one finished plan."""

    def __init__(self, facts: Facts, operations: Sequence[Operation | None]) -> None:
        self._facts = facts
        self._able: dict[int, list[Able]] = {}
        self._known: dict[tuple[int, Wants], int] = {}
        self._serves: dict[tuple[int, Wants, int], bool] = {}
        self._late = facts.problem.no_new_team_before
        self._uses: dict[int, int] = {}
        self._team_uses: dict[str, int] = {}
        for session, held in enumerate(operations):
            for team in held.teams if held else ():
                name = facts.teams[team].team
                self._uses[team] = self._uses.get(team, 0) | 1 << session
                self._team_uses[name] = self._team_uses.get(name, 0) | 1 << session
        order = sorted(range(len(facts.teams)), key=lambda team: facts.teams[team].start)
        self._by_start = [(facts.teams[team].start, facts.teams[team].end, team) for team in order]

    def wants(self, session: int, inspections: Iterable[int]) -> Wants:
        """What these inspections together would ask of a crew on the session."""
        required: frozenset[str] = frozenset()
        participants: frozenset[str] = frozenset()
        ready: frozenset[str] | None = None
        is_near = self._facts.needs_readiness(session)
        for inspection in inspections:
            wanted = self._facts.inspections[inspection]
            required |= wanted.required_agencies
            participants |= wanted.required_participants
            if is_near and wanted.ready is not None and self._facts.is_new_on(session, inspection):
                ready = wanted.ready if ready is None else ready & wanted.ready
        return Wants(required, participants, ready)

    def missing_parties(self, session: int, wants: Wants) -> frozenset[str]:
        """Required agencies without a team that covers the session."""
        return wants.required - {able.party for able in self.able(session) if able.covers}

    def bits(self, session: int, wants: Wants) -> int:
        """The rules without which a crew could come, each needed; with SEVERAL where others would do instead."""
        key = (session, wants)
        if key not in self._known:
            self._known[key] = 0 if self.serves(session, wants) else self._blamed(session, wants)
        return self._known[key]

    def _blamed(self, session: int, wants: Wants) -> int:
        """First what no crew could meet even were every team free (H7-H9), then what bars the teams that could."""
        makeup = self._least(session, wants, self._makeup(session, wants), sum(BARS))
        # Where the session itself waits for consent, that of its teams is no further rule.
        is_asked = self._facts.rules.consent == "given" and self._facts.needs_consent(session, None)
        lifted = makeup & ~SEVERAL | (BIT["H13"] if is_asked else 0)
        return makeup | self._least(session, wants, self._bars(session, wants), lifted)

    def _makeup(self, session: int, wants: Wants) -> list[int]:
        """The rules on what makes a crew that could be broken here at all."""
        could = {"H7": bool(self.missing_parties(session, wants)), "H9": bool(wants.participants), "H8": True}
        return [BIT[code] for code, is_possible in could.items() if is_possible]

    def _bars(self, session: int, wants: Wants) -> list[int]:
        """The rules that bar any team here, in the order in which they are blamed where one or another would do."""
        able = self.able(session)
        present = BIT["H12"] if self._is_late(session) else 0
        for one in able:
            present |= one.bars
        present |= BIT["H14"] if wants.ready is not None else 0
        present |= BIT["H15"] if _has_rivals(able) else 0
        return [bit for bit in BARS if present & bit]

    def _is_late(self, session: int) -> bool:
        return self._late is not None and self._facts.sessions[session].start < self._late

    def _least(self, session: int, wants: Wants, rules: Sequence[int], lifted: int) -> int:
        """The fewest of these rules that must be lifted beside `lifted`; with SEVERAL where others would do instead."""
        if self.serves(session, wants, lifted):
            return 0
        needed = sum(bit for bit in rules if not self.serves(session, wants, lifted | sum(rules) & ~bit))
        if self.serves(session, wants, lifted | needed):
            return needed
        others = [bit for bit in rules if not bit & needed]
        for size in range(1, len(others) + 1):
            for some in combinations(others, size):
                if self.serves(session, wants, lifted | needed | sum(some)):
                    return needed | sum(some) | SEVERAL
        return needed | SEVERAL

    def serves(self, session: int, wants: Wants, lifted: int = 0) -> bool:
        """Whether some crew would be lawful if these rules were lifted."""
        key = (session, wants, lifted)
        if key not in self._serves:
            self._serves[key] = self._is_served(session, wants, lifted)
        return self._serves[key]

    def _is_served(self, session: int, wants: Wants, lifted: int) -> bool:
        able = self.able(session)
        if lifted & BIT["H7"]:
            able = [*able, *self._sent_for(session, wants, lifted)]
        ready = None if lifted & BIT["H14"] else wants.ready
        usable = [one for one in able if not one.bars & ~lifted and (ready is None or one.party in ready)]
        is_bounded = not lifted & BIT["H8"]
        asked = Asked(
            required=wants.required,
            participants=frozenset() if lifted & BIT["H9"] else wants.participants,
            least=self._facts.min_agencies(session) if is_bounded else 0,
            most=self._facts.rules.max_agencies if is_bounded else len(usable),
            once=is_bounded,
            one_of_a_group=not lifted & BIT["H15"],
        )
        return has_crew(usable, asked)

    def _sent_for(self, session: int, wants: Wants, lifted: int) -> list[Able]:
        """One more team of each missing party, there all the time, as H7 would have it; it is called late, too."""
        never = frozenset[str]() if lifted & BIT["H8"] else self._facts.rules.never_on_site
        facts, bars = self._facts, BIT["H12"] if self._is_late(session) else 0
        return [
            Able(party, True, party not in facts.rules.not_an_agency, frozenset(), None, bars)
            for party in sorted(self.missing_parties(session, wants) - never)
        ]

    def able(self, session: int) -> list[Able]:
        """The teams that could come by their hours and may be on site."""
        if session not in self._able:
            self._able[session] = [self._one(session, team) for team in self._callable(session)]
        return self._able[session]

    def _callable(self, session: int) -> list[int]:
        offered, rules = self._facts.sessions[session], self._facts.rules
        latest, earliest = offered.start + rules.late_join, offered.end - rules.early_leave
        found = [team for start, end, team in self._by_start if start <= latest and end >= earliest]
        return sorted(team for team in found if self._facts.is_callable(session, team))

    def _one(self, session: int, team: int) -> Able:
        facts, called, bars = self._facts, self._facts.teams[team], 0
        if self._late is not None and not facts.may_call(session, team):
            bars |= BIT["H12"]
        if facts.rules.consent == "given" and facts.needs_consent(session, team):
            bars |= BIT["H13"]
        if self._team_uses.get(called.team, 0) & facts.clash[session]:
            bars |= BIT["H10"]
        rivals = facts.groups[called.group] if called.group is not None else ()
        if any(self._uses.get(rival, 0) & ~(1 << session) for rival in rivals if rival != team):
            bars |= BIT["H15"]
        return Able(
            party=called.agency,
            covers=facts.covers(session, team),
            counts=called.agency not in facts.rules.not_an_agency,
            skills=called.skills,
            group=called.group,
            bars=bars,
        )


class Asked(NamedTuple):
    """What makes a crew lawful: who and what must be there, how many, and whether parties and groups come once."""

    required: frozenset[str]
    participants: frozenset[str]
    least: int
    most: int
    once: bool
    one_of_a_group: bool


def has_crew(usable: Sequence[Able], asked: Asked) -> bool:
    """Whether some of these teams are a lawful crew."""
    if asked.participants or (asked.one_of_a_group and _has_rivals(usable)):
        return _grows(usable, asked, [])
    if not asked.required <= {able.party for able in usable if able.covers}:
        return False
    counted = {able.party for able in usable if able.counts}
    still = max(0, asked.least - len(asked.required & counted))
    return len(counted) >= asked.least and len(asked.required) + still <= asked.most


def _has_rivals(usable: Sequence[Able]) -> bool:
    groups = [able.group for able in usable if able.group is not None]
    return len(groups) > len(set(groups))


def _grows(usable: Sequence[Able], asked: Asked, crew: list[Able]) -> bool:
    """Whether the crew can be made lawful by adding teams: first who is required, then skills, then enough of them."""
    if len(crew) > asked.most:
        return False
    covering = [able for able in crew if able.covers]
    parties = asked.required - {able.party for able in covering}
    skills = asked.participants - frozenset().union(*(able.skills for able in covering))
    if parties:
        options = [able for able in usable if able.covers and able.party == min(parties)]
    elif skills:
        options = [able for able in usable if able.covers and min(skills) in able.skills]
    elif len({able.party for able in crew if able.counts}) < asked.least:
        options = [able for able in usable if able.counts]
    else:
        return True
    return any(_grows(usable, asked, [*crew, able]) for able in dict.fromkeys(options) if _may_join(able, crew, asked))


def _may_join(able: Able, crew: list[Able], asked: Asked) -> bool:
    if asked.once and any(able.party == member.party for member in crew):
        return False
    return not asked.one_of_a_group or able.group is None or all(able.group != member.group for member in crew)
