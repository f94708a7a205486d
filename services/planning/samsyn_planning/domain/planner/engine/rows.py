"""The rows of the master, the same for its linear and its integer form, and what each variable adds to them.

A session holds at most one column, an inspection is in at most one; for each class of teams that a session calls
exactly one of its team sessions comes (an equality, which keeps the linear bound tight); sessions between which a team
cannot rest share it (cliques of H10); of an alternatives group one team session is used (H15).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from samsyn_planning.domain.planner.engine.columns import Column
from samsyn_planning.domain.planner.engine.cuts import Triple, holds_two
from samsyn_planning.domain.planner.engine.tables import Option
from samsyn_planning.domain.planner.facts import Facts

Entries = list[tuple[int, float]]


class Alternative(NamedTuple):
    """A team session of an alternatives group: its options, its row of the group, and a tie row for each option."""

    options: list[int]
    group_row: int
    ties: list[int]


class Rows:
    """Numbers the rows: `upper[row]` is the limit, `is_equal[row]` tells the equalities (all with limit 0)."""

    def __init__(
        self, facts: Facts, options: list[Option], inspections: Iterable[int], sessions: Sequence[int]
    ) -> None:
        self.options = options
        self.upper: list[float] = []
        self.is_equal: list[bool] = []
        self.sessions = {session: self._row(1.0) for session in sessions}
        self.inspections = {inspection: self._row(1.0) for inspection in sorted(inspections)}
        self.classes = {row: self._row(0.0, is_equal=True) for row in sorted({o.row for o in self.options})}
        self.option_at = {(o.session, o.team): place for place, o in enumerate(self.options)}
        self._shared: list[list[int]] = [[] for _ in self.options]
        self.cliques: dict[int, list[int]] = {}
        self.cuts: dict[Triple, int] = {}
        self.alternatives: list[Alternative] = []
        self._add_cliques(facts)
        self._add_alternatives(facts)

    def _add_cliques(self, facts: Facts) -> None:
        by_team: dict[str, list[int]] = {}
        for place, option in enumerate(self.options):
            by_team.setdefault(facts.teams[option.team].team, []).append(place)
        for places in by_team.values():
            for clique in _cliques(facts, self.options, places):
                row = self._row(1.0)
                self.cliques[row] = clique
                for place in clique:
                    self._shared[place].append(row)

    def _add_alternatives(self, facts: Facts) -> None:
        by_group: dict[str, dict[int, list[int]]] = {}
        for place, option in enumerate(self.options):
            group = facts.teams[option.team].group
            if group is not None:
                by_group.setdefault(group, {}).setdefault(option.team, []).append(place)
        for choices in by_group.values():
            if len(choices) > 1:
                row = self._row(1.0)
                for places in choices.values():
                    ties = [self._row(0.0) for _ in places]
                    self.alternatives.append(Alternative(places, row, ties))
                    for place, tie in zip(places, ties, strict=True):
                        self._shared[place].append(tie)

    def _row(self, upper: float, is_equal: bool = False) -> int:
        self.upper.append(upper)
        self.is_equal.append(is_equal)
        return len(self.upper) - 1

    def add_cut(self, triple: Triple) -> None:
        """Number a row for the cut, the last of all; columns that have it in them must be told."""
        self.cuts[triple] = self._row(1.0)

    def of_option(self, place: int) -> Entries:
        """What calling the option adds to the rows."""
        return [(self.classes[self.options[place].row], -1.0), *((row, 1.0) for row in self._shared[place])]

    def shared(self, place: int) -> list[int]:
        """The rows that the option shares with others: cliques and ties."""
        return self._shared[place]

    def of_column(self, column: Column) -> Entries | None:
        """What the column adds to the rows, None where its teams are not to be had."""
        entries = [(self.sessions[column.session], 1.0)]
        entries += [(self.inspections[inspection], 1.0) for inspection in column.route]
        entries += [(self.classes[row], 1.0) for row in column.classes]
        entries += [(row, 1.0) for triple, row in self.cuts.items() if holds_two(column.route, triple)]
        for team in column.teams:
            place = self.option_at.get((column.session, team))
            if place is None:
                return None
            entries += [(row, 1.0) for row in self._shared[place]]
        return entries


def _cliques(facts: Facts, options: Sequence[Option], places: list[int]) -> list[list[int]]:
    """Cliques that cover each pair of sessions between which the team cannot be shared."""
    at: dict[int, list[int]] = {}
    for place in places:
        at.setdefault(options[place].session, []).append(place)
    sessions = sorted(at, key=lambda s: (facts.sessions[s].start, s))
    uncovered = {(a, b) for x, a in enumerate(sessions) for b in sessions[x + 1 :] if facts.clash[a] >> b & 1}
    found: list[list[int]] = []
    for first in sessions:
        while True:
            pair = next(((a, b) for a, b in sorted(uncovered) if a == first), None)
            if pair is None:
                break
            clique = list(pair)
            for other in sessions:
                if other not in clique and all(facts.clash[other] >> member & 1 for member in clique):
                    clique.append(other)
            uncovered -= {(a, b) for a in clique for b in clique}
            found.append([place for session in clique for place in at[session]])
    return found
