"""Which rules about teams keep every crew from serving (H7-H10, H12-H15), by trying which would do if lifted."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from samsyn_planning.domain.planner.able_teams import ALL_BARS, BARS, Able, AbleTeams, Pool
from samsyn_planning.domain.planner.codes import BIT, SEVERAL
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.schedule import Operation


class Wants(NamedTuple):
    """What inspections ask of a crew; `ready` are the only parties allowed (H14), None where all are."""

    required: frozenset[str]
    participants: frozenset[str]
    ready: frozenset[str] | None


class CrewRules:
    """Asks of a session and of what is wanted there which rules stand between them, on one finished plan."""

    def __init__(self, facts: Facts, operations: Sequence[Operation | None]) -> None:
        self._facts = facts
        self._teams = AbleTeams(facts, operations)
        self._known: dict[tuple[int, Wants], int] = {}

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
        return wants.required - self._teams.of(session).covering

    def bits(self, session: int, wants: Wants) -> int:
        """The rules without which a crew could come, each needed; with SEVERAL where others would do instead."""
        key = (session, wants)
        if key not in self._known:
            self._known[key] = 0 if self.serves(session, wants) else self._blamed(session, wants)
        return self._known[key]

    def _blamed(self, session: int, wants: Wants) -> int:
        """First what no crew could meet even were every team free (H7-H9), then what bars the teams that could."""
        makeup = self._least(session, wants, self._makeup(session, wants), ALL_BARS)
        # Where the session itself waits for consent, that of its teams is no further rule.
        is_asked = self._facts.rules.consent == "given" and self._facts.needs_consent(session, None)
        lifted = makeup & ~SEVERAL | (BIT["H13"] if is_asked else 0)
        return makeup | self._least(session, wants, self._bars(session, wants), lifted)

    def _makeup(self, session: int, wants: Wants) -> list[int]:
        """The rules on what makes a crew that could be broken here at all."""
        could = {"H7": bool(self.missing_parties(session, wants)), "H9": bool(wants.participants), "H8": True}
        return [BIT[code] for code, is_possible in could.items() if is_possible]

    def _bars(self, session: int, wants: Wants) -> list[int]:
        """The rules that bar any team here."""
        pool = self._teams.of(session)
        present = pool.bars | (0 if wants.ready is None else BIT["H14"]) | (BIT["H15"] if pool.has_rivals else 0)
        return [bit for bit in BARS if present & bit]

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
        pool = self._teams.of(session)
        if wants.participants or pool.has_rivals:
            return self._is_composed(session, pool, wants, lifted)
        # Where neither skills nor alternatives matter, parties are all that there is to choose.
        free = pool.free(lifted)
        covering, counted = free.covering, free.counted
        sent = self._sent_for(session, wants, lifted)
        if sent:
            covering, counted = covering | sent, counted | (sent - self._facts.rules.not_an_agency)
        if wants.ready is not None and not lifted & BIT["H14"]:
            covering, counted = covering & wants.ready, counted & wants.ready
        if not wants.required <= covering:
            return False
        least = self._facts.min_agencies(session)
        still = max(0, least - len(wants.required & counted))
        is_enough = len(counted) >= least and len(wants.required) + still <= self._facts.rules.max_agencies
        return is_enough or bool(lifted & BIT["H8"])

    def _is_composed(self, session: int, pool: Pool, wants: Wants, lifted: int) -> bool:
        uncounted = self._facts.rules.not_an_agency
        sent = [
            Able(party, True, party not in uncounted, frozenset(), None, 0)
            for party in sorted(self._sent_for(session, wants, lifted))
        ]
        ready = None if lifted & BIT["H14"] else wants.ready
        usable = [one for one in (*pool.free(lifted).able, *sent) if ready is None or one.party in ready]
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

    def _sent_for(self, session: int, wants: Wants, lifted: int) -> frozenset[str]:
        """Missing parties that send one more team, there all the time, as H7 would have it; it is called late, too."""
        if not lifted & BIT["H7"] or self._teams.of(session).late & ~lifted:
            return frozenset()
        missing = self.missing_parties(session, wants)
        return missing if lifted & BIT["H8"] else missing - self._facts.rules.never_on_site


class Asked(NamedTuple):
    """What makes a crew lawful: who and what must be there, how many, and whether parties and groups come once."""

    required: frozenset[str]
    participants: frozenset[str]
    least: int
    most: int
    once: bool
    one_of_a_group: bool


def has_crew(usable: Sequence[Able], asked: Asked, crew: tuple[Able, ...] = ()) -> bool:
    """Whether some teams, `crew` among them, are a lawful crew: who is required first, then skills, then enough."""
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
    joining = [able for able in dict.fromkeys(options) if _may_join(able, crew, asked)]
    return any(has_crew(usable, asked, (*crew, able)) for able in joining)


def _may_join(able: Able, crew: tuple[Able, ...], asked: Asked) -> bool:
    if asked.once and any(able.party == member.party for member in crew):
        return False
    return not asked.one_of_a_group or able.group is None or all(able.group != member.group for member in crew)
