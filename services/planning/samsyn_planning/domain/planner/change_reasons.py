"""Says of each change what happened, by what name, what moved from when to when, and which loss is behind it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from samsyn_planning.domain.ladder import called, ladder_step
from samsyn_planning.domain.planner.changes import Change, is_as_published, own_causes
from samsyn_planning.domain.planner.facts import Facts, Former
from samsyn_planning.domain.planner.form_rules import UNLISTED
from samsyn_planning.domain.planner.gains import Gains
from samsyn_planning.domain.planner.schedule import Operation
from samsyn_planning.domain.planner.words import RULES, Names, Said, listed, name_of, named, plainly, reason, when
from samsyn_planning.domain.said import local

Reasons = list[dict[str, str]]

# Of how many inspections that go back it is told why, and by how many of their reasons.
MOST_EXPLAINED, MOST_OF_EACH = 6, 3


class ChangeReasons:
    """Writes the reasons of changes."""

    def __init__(
        self, facts: Facts, names: Names, changes: list[Change], gains: Gains, left_out: Callable[[int], Reasons]
    ) -> None:
        self._facts = facts
        self._names = names
        self._gains = gains
        self._left_out = left_out
        self._party = {team.id: team.agency for team in facts.problem.team_sessions}
        self._home = {i: change.id for change in changes if change.operation for i in change.operation.route}
        self._was = {i: former for former in facts.formers for i in sorted(former.inspections)}

    def of(self, change: Change, kinds: Sequence[str], causes: list[str]) -> Reasons:
        """The reasons of one change, none where nothing differs."""
        if is_as_published(self._facts, change):
            return []
        former = change.former
        reasons = self._hits(former) if former else []
        if former is None:
            return reasons + self._started(change)
        reasons += self._step(change, former, kinds)
        if change.operation is None:
            reasons += self._ended(former)
        else:
            reasons += self._session(change, former) + self._inspections(change, former) + self._times(change, former)
            reasons += self._teams(change, former)
        return reasons if former.is_hit else [*reasons, self._gains.of(change, causes)]

    def _step(self, change: Change, former: Former, kinds: Sequence[str]) -> Reasons:
        """The name that coordinators have for what happens."""
        if change.session is None or change.operation is None:
            step = "cancelled" if all(i in self._home for i in former.inspections) else "postponed"
        else:
            step = ladder_step(kinds, *self._occasions(former, change.session, change.operation))
        return [] if step == "unchanged" else [reason("LADDER", *called(step))]

    def _occasions(self, former: Former, session: int, held: Operation) -> tuple[datetime, datetime]:
        """When it was to be and when it is now: the sessions' starts, the first inspections' if its session is gone."""
        own_id = former.operation.session
        was = next((one.start for one in self._facts.problem.sessions if one.id == own_id), None)
        if was is None:
            return local(former.start), local(held.starts[0])
        return local(was), local(self._facts.sessions[session].start)

    def _hits(self, former: Former) -> Reasons:
        lost, at = self._facts.problem.lost, when(former.start)
        reasons = []
        for loss in own_causes(self._facts, former):
            why = named(lost[loss], self._names) if lost[loss] else None
            what = self._loss(former, loss, at)
            because = Said(f" ({why.sv})", f" ({why.en})") if why else Said("", "")
            reasons.append(reason("LOST", f"{what.sv}{because.sv}.", f"{what.en}{because.en}."))
        if not reasons and former.is_lost:
            reasons.append(reason("LOST", f"Passet {at.sv} finns inte längre.", f"The session {at.en} is gone."))
        elif not reasons:
            reasons += [self._broken(code, at) for code in former.broken]
        return reasons

    def _broken(self, code: str, at: Said) -> dict[str, str]:
        rule = RULES[code]
        shown = "LOST" if code == UNLISTED else code
        sv = f"Insatsen {at.sv} kan inte vara som den var: {rule.sv}."
        return reason(shown, sv, f"The operation {at.en} cannot stay as it was: {rule.en}.")

    def _loss(self, former: Former, loss: str, at: Said) -> Said:
        if loss == former.operation.session:
            return Said(f"Polisen kan inte komma {at.sv}", f"The police cannot come {at.en}")
        if loss in former.operation.teams:
            party = self._team(loss)
            return Said(f"{party.sv} kan inte komma {at.sv}", f"{party.en} cannot come {at.en}")
        return Said(f"Kontrollen {loss} är återtagen", f"Inspection {loss} has been withdrawn")

    def _team(self, team: str) -> Said:
        return name_of(self._party[team], self._names) if team in self._party else Said(f"Lag {team}", f"Team {team}")

    def _ended(self, former: Former) -> Reasons:
        elsewhere = [i for i in sorted(former.inspections) if i in self._home]
        waiting = [i for i in sorted(former.inspections) if i not in self._home]
        reasons = self._taken_elsewhere(elsewhere)
        if waiting and elsewhere:
            reasons += self._sent_back(waiting)
        elif waiting:
            sites = self._sites(waiting)
            sv = f"Insatsen har ingen ny tid; tillbaka till objektlistan: {sites.sv}."
            reasons.append(reason("DROPPED", sv, f"The operation has no new time; back to the backlog: {sites.en}."))
            reasons += self._why_left_out(waiting)
        return reasons

    def _taken_elsewhere(self, inspections: list[int]) -> Reasons:
        reasons = []
        for inspection in inspections:
            site, home = self._facts.inspections[inspection].id, named(self._home[inspection], self._names)
            sv, en = (
                f"Kontrollen {site} görs i stället i insatsen {home.sv}.",
                f"Inspection {site} joins operation {home.en}.",
            )
            reasons.append(reason("MOVED", sv, en))
        return reasons

    def _started(self, change: Change) -> Reasons:
        if change.session is None or change.operation is None:
            return []
        at, sites = when(self._facts.sessions[change.session].start), self._sites(change.operation.route)
        reasons = [reason("NEW", f"Ny insats {at.sv}: {sites.sv}.", f"New operation {at.en}: {sites.en}.")]
        return reasons + self._origins(change.operation.route, None)

    def _session(self, change: Change, former: Former) -> Reasons:
        if change.session is None:
            return []
        offered = self._facts.sessions[change.session]
        old, new = when(former.start), when(offered.start)
        reasons = []
        if offered.id != former.operation.session:
            sv = f"Insatsen flyttas från {old.sv} till {new.sv}."
            reasons.append(reason("MOVED", sv, f"The operation moves from {old.en} to {new.en}."))
        if former.is_lost and not offered.police:
            sv = f"Insatsen {new.sv} görs utan polis; kontrollerna kräver inte polis."
            en = f"The operation {new.en} goes on without police; its inspections do not require them."
            reasons.append(reason("WITHOUT_POLICE", sv, en))
        return reasons

    def _inspections(self, change: Change, former: Former) -> Reasons:
        held = frozenset(change.operation.route if change.operation else ())
        gone, come = sorted(former.inspections - held), sorted(held - former.inspections)
        reasons = self._taken_elsewhere([i for i in gone if i in self._home])
        waiting = [i for i in gone if i not in self._home]
        if waiting:
            reasons += self._sent_back(waiting)
        return reasons + self._origins(come, former)

    def _sent_back(self, inspections: list[int]) -> Reasons:
        sites = self._sites(inspections)
        sv = f"Går tillbaka till objektlistan: {sites.sv}."
        said = reason("SHRUNK", sv, f"Back to the backlog: {sites.en}.")
        return [said, *self._why_left_out(inspections)]

    def _why_left_out(self, inspections: list[int]) -> Reasons:
        """What stands between each and the sessions that are left, as the plan's own list tells it."""
        return [
            reason(why["code"], f"Kontrollen {site}: {why['sv']}", f"Inspection {site}: {why['en']}")
            for site, inspection in ((self._facts.inspections[i].id, i) for i in inspections[:MOST_EXPLAINED])
            for why in self._left_out(inspection)[:MOST_OF_EACH]
        ]

    def _origins(self, inspections: Iterable[int], own: Former | None) -> Reasons:
        reasons = []
        for inspection in inspections:
            site, was = self._facts.inspections[inspection].id, self._was.get(inspection)
            if was is None and own is not None:
                sv, en = f"Kontrollen {site} tas in från objektlistan.", f"Inspection {site} is taken from the backlog."
                reasons.append(reason("GROWN", sv, en))
            elif was is not None:
                at = when(was.start)
                operation = named(was.operation.id, self._names)
                sv = f"Kontrollen {site} tas över från insatsen {operation.sv} {at.sv}."
                en = f"Inspection {site} is taken over from operation {operation.en} {at.en}."
                reasons.append(reason("GROWN" if own else "MOVED", sv, en))
        return reasons

    def _times(self, change: Change, former: Former) -> Reasons:
        held = change.operation
        if held is None or change.session is None:
            return []
        if self._facts.sessions[change.session].id != former.operation.session:
            return []
        starts = {self._facts.inspections[i].id: t for i, t in zip(held.route, held.starts, strict=True)}
        reasons = []
        for visit in former.operation.visits:
            if starts.get(visit.inspection, visit.start) != visit.start:
                old, new = when(visit.start), when(starts[visit.inspection])
                sv = f"Kontrollen {visit.inspection} börjar {new.sv} i stället för {old.sv}."
                en = f"Inspection {visit.inspection} starts {new.en} instead of {old.en}."
                reasons.append(reason("TIME", sv, en))
        return reasons

    def _teams(self, change: Change, former: Former) -> Reasons:
        teams = {self._facts.teams[team].id for team in (change.operation.teams if change.operation else ())}
        come, gone = sorted(teams - set(former.operation.teams)), sorted(set(former.operation.teams) - teams)
        reasons = []
        if come:
            party = listed(self._team(team) for team in come)
            reasons.append(reason("TEAM", f"Kommer med: {party.sv}.", f"Joins: {party.en}."))
        if gone:
            party = listed(self._team(team) for team in gone)
            reasons.append(reason("TEAM", f"Deltar inte längre: {party.sv}.", f"No longer takes part: {party.en}."))
        return reasons

    def _sites(self, inspections: Iterable[int]) -> Said:
        return plainly(self._facts.inspections[inspection].id for inspection in inspections)
