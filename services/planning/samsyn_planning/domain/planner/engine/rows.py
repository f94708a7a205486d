"""The rows of the master, the same for its linear and its integer form, and what each variable adds to them.

A session holds at most one column, an inspection is in at most one; for each class of teams that a session calls
exactly one of its team sessions comes (an equality, which keeps the linear bound tight); sessions between which a team
cannot rest share it (cliques of H10); of an alternatives group one team session is used (H15).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.columns import Column
from samsyn_planning.domain.planner.engine.cuts import NOBODY, Charges, Triple, holds_two
from samsyn_planning.domain.planner.engine.tables import Floats, Option
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
        self.first_option = {option.row: option for option in reversed(options)}
        self._sole = _sole_options(options)
        self._kinds = {row: ("inspection", inspection) for inspection, row in self.inspections.items()}
        self._kinds |= {row: ("session", session) for session, row in self.sessions.items()}
        self._kinds |= {row: ("team", place) for place, row in enumerate(self.cliques)}
        self._members: dict[Column, frozenset[int]] = {}

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

    def classes_of(self, column: Column) -> tuple[int, ...]:
        """The class rows of the column, or of the teams that it names."""
        if not column.teams:
            return column.classes
        return tuple(self.options[self.option_at[column.session, team]].row for team in column.teams)

    def members(self, column: Column) -> frozenset[int]:
        """The column's rows of inspections, its session and the shared teams of those classes that have one team."""
        known = self._members.get(column)
        if known is None:
            rows = {self.sessions[column.session], *(self.inspections[inspection] for inspection in column.route)}
            places = [self._sole[row] for row in self.classes_of(column) if row in self._sole]
            for place in places:
                rows.update(row for row in self._shared[place] if row in self.cliques)
            known = self._members[column] = frozenset(rows)
        return known

    def charges(self, prices: Floats, num_classes: int) -> Charges:
        """The cuts that cost something at these prices, by the order of the cuts."""
        cuts = [(triple, price) for triple, price in zip(self.cuts, prices, strict=True) if price > 0]
        inspections = np.full((len(cuts), 3), NOBODY, np.int64)
        session = np.full(len(cuts), NOBODY, np.int64)
        calls = np.zeros((len(cuts), num_classes), np.int64)
        for cut, (triple, _) in enumerate(cuts):
            for place, row in enumerate(triple):
                kind, at = self._kinds[row]
                if kind == "inspection":
                    inspections[cut, place] = at
                elif kind == "session":
                    session[cut] = at
                else:
                    for option in self.cliques[row]:
                        if self.options[option].row in self._sole:
                            calls[cut, self.options[option].row] += 1
        return Charges(inspections, session, calls, np.array([price for _, price in cuts], np.float64))

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
        if self.cuts:
            members = self.members(column)
            entries += [(row, 1.0) for triple, row in self.cuts.items() if holds_two(members, triple)]
        for team in column.teams:
            place = self.option_at.get((column.session, team))
            if place is None:
                return None
            entries += [(row, 1.0) for row in self._shared[place]]
        return entries


def _sole_options(options: Sequence[Option]) -> dict[int, int]:
    """Class rows with one option alone, and its place."""
    places: dict[int, list[int]] = {}
    for place, option in enumerate(options):
        places.setdefault(option.row, []).append(place)
    return {row: own[0] for row, own in places.items() if len(own) == 1}


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
