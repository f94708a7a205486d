"""Says why an operation that was not hit was changed all the same: who gained, and what putting it back would cost."""

from collections.abc import Iterable, Sequence

from samsyn_planning.domain.planner.changes import Change
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.put_back import PutBack, put_back
from samsyn_planning.domain.planner.schedule import Operation
from samsyn_planning.domain.planner.words import Names, Said, listed, name_of, named, plainly, points, reason


class Gains:
    """Writes one reason per such change; each is true of the plan as it is, and checked by putting back."""

    def __init__(self, facts: Facts, operations: Sequence[Operation | None], ids: dict[int, str], names: Names) -> None:
        self._facts = facts
        self._operations = operations
        self._ids = ids
        self._names = names

    def of(self, change: Change, causes: Iterable[str]) -> dict[str, str]:
        """The reason, for a published operation that is not hit and changed."""
        worse = self._worse(put_back(self._facts, self._operations, change))
        gained, because = self._gained(change), self._because(causes)
        return reason("GAIN", f"{worse.sv}{gained.sv}{because.sv}.", f"{worse.en}{gained.en}{because.en}.")

    def _worse(self, back: PutBack) -> Said:
        if back.cost is not None:
            cost = points(back.cost)
            sv = f"Med resten av planen som den är vore det {cost.sv} sämre att låta insatsen vara som den var"
            return Said(sv, f"With the rest of the plan as it is, leaving the operation as it was would cost {cost.en}")
        in_the_way = listed([*self._inspections(back), *self._teams(back)])
        sv = f"Insatsen kan inte vara som den var med resten av planen som den är: {in_the_way.sv}"
        return Said(sv, f"The operation cannot stay as it was with the rest of the plan as it is: {in_the_way.en}")

    def _inspections(self, back: PutBack) -> list[Said]:
        found = []
        for inspection, session in back.inspections:
            site, home = self._facts.inspections[inspection].id, named(self._ids[session], self._names)
            sv = f"kontrollen {site} görs i insatsen {home.sv}"
            found.append(Said(sv, f"inspection {site} is in operation {home.en}"))
        return found

    def _teams(self, back: PutBack) -> list[Said]:
        found = []
        for team, session in back.teams:
            party, home = self._party(team), named(self._ids[session], self._names)
            sv = f"laget från {party.sv} behövs i insatsen {home.sv}"
            found.append(Said(sv, f"the team of {party.en} is needed in operation {home.en}"))
        return found

    def _party(self, team: int) -> Said:
        return name_of(self._facts.teams[team].agency, self._names)

    def _gained(self, change: Change) -> Said:
        """The inspections and teams that the operation has now and had not."""
        former, held = change.former, change.operation
        if former is None or held is None:
            return Said("", "")
        sites = sorted(self._facts.inspections[one].id for one in set(held.route) - former.inspections)
        parties = dict.fromkeys(self._party(team) for team in sorted(set(held.teams) - former.teams))
        come = [*(Said(f"kontrollen {site}", f"inspection {site}") for site in sites), *parties]
        if not come:
            return Said("", "")
        who = listed(come)
        return Said(f"; plats har fått {who.sv}", f"; room was made for {who.en}")

    def _because(self, causes: Iterable[str]) -> Said:
        losses = [self._facts.problem.lost.get(loss) or loss for loss in causes]
        because = plainly(losses, self._names)
        return Said(f" (följer av: {because.sv})", f" (follows from: {because.en})") if losses else Said("", "")
