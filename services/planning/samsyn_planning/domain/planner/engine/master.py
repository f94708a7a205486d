"""The master: which columns and teams together bring most, as a linear problem that grows and as an integer one."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

from samsyn_planning.domain.planner.engine.columns import Column
from samsyn_planning.domain.planner.engine.cuts import Triple, holds_two
from samsyn_planning.domain.planner.engine.prices import NEVER, Prices
from samsyn_planning.domain.planner.engine.rows import Rows
from samsyn_planning.domain.planner.engine.tables import Floats, Ints, Tables

# A basis is kept from one solve to the next only where neither presolve nor scaling touches the matrix.
LINEAR = "use_preprocessing: false use_scaling: false"
# What costs SCIP more than it saves on these problems, or would swallow Ctrl-C; and a proof to the last point, where
# ortools would stop it a ten-thousandth below.
LEFT_OUT = ("alns", "clique", "crossover", "feaspump", "gins", "locks", "mpec", "ofins", "rens", "rins", "undercover")
INTEGER = "\n".join(
    (
        "misc/catchctrlc = FALSE",
        "limits/gap = 0",
        "limits/absgap = 0.999",
        "separating/maxroundsroot = 0",
        "separating/maxrounds = 0",
        "propagating/probing/maxprerounds = 0",
        "presolving/maxrestarts = 0",
        "lp/pricing = s",
        *(f"heuristics/{name}/freq = -1" for name in LEFT_OUT),
    )
)


class LinearError(RuntimeError):
    """The linear master has no optimum: what was fixed together does not go together."""


class Chosen(NamedTuple):
    """Columns, each with its team sessions; `points` over the idle plan, `bound` of what these columns can bring."""

    columns: list[tuple[Column, tuple[int, ...]]]
    points: int
    bound: float
    nodes: int


class Pool:
    """All columns known, each set of inspections and teams of a session once, in its best form."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.columns: list[Column] = []
        self._at: dict[tuple[int, frozenset[int], tuple[int, ...], tuple[int, ...]], int] = {}

    def add(self, column: Column) -> int | None:
        """The column's place where it is new or better than the one known, else None."""
        if self._rows.of_column(column) is None:
            return None
        key = (column.session, frozenset(column.route), column.classes, column.teams)
        known = self._at.get(key)
        if known is not None and self.columns[known].points >= column.points:
            return None
        self._at[key] = len(self.columns)
        self.columns.append(column)
        return len(self.columns) - 1


class Linear:
    """The linear master; each solve starts from the basis of the last."""

    def __init__(self, rows: Rows, tables: Tables, pool: Pool) -> None:
        self._rows, self._tables, self._pool = rows, tables, pool
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(LINEAR)
        self._parameters = pywraplp.MPSolverParameters()
        self._parameters.SetIntegerParam(
            pywraplp.MPSolverParameters.INCREMENTALITY, pywraplp.MPSolverParameters.INCREMENTALITY_ON
        )
        self._constraints, self._objective = _start(self._solver, rows)
        _add_calls(self._solver, rows, self._constraints, self._objective, is_integer=False)
        self._variables: list[pywraplp.Variable] = []
        self.iterations = 0

    def take_in(self) -> None:
        """Add the pool's columns that are not here yet."""
        for column in self._pool.columns[len(self._variables) :]:
            variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
            _enter(variable, self._rows.of_column(column) or (), column.points, self._constraints, self._objective)
            self._variables.append(variable)

    def cut(self, triples: Sequence[Triple]) -> None:
        """Add cuts, and what the columns here have in them."""
        for triple in triples:
            # Rows are numbered in the order of the constraints, and nothing else adds any once the master is there.
            self._rows.add_cut(triple)
            constraint = self._solver.Constraint(-self._solver.infinity(), 1.0)
            self._constraints.append(constraint)
            for column, variable in zip(self._pool.columns, self._variables, strict=False):
                if holds_two(self._rows.members(column), triple):
                    constraint.SetCoefficient(variable, 1.0)

    def solve(self) -> Prices:
        """The prices at the linear optimum over the columns known."""
        status = self._solver.Solve(self._parameters)
        if status != pywraplp.Solver.OPTIMAL:
            raise LinearError(f"the linear master ended with status {status}")
        self.iterations += self._solver.iterations()
        dual = [constraint.dual_value() for constraint in self._constraints]
        return self._prices(
            [max(0.0, price) if not equal else price for price, equal in zip(dual, self._rows.is_equal, strict=True)]
        )

    def _prices(self, dual: list[float]) -> Prices:
        rows, tables = self._rows, self._tables
        inspections = np.full(len(tables.place), 0.0)
        for inspection, row in rows.inspections.items():
            inspections[inspection] = dual[row]
        sessions = np.zeros(len(tables.start))
        for session, row in rows.sessions.items():
            sessions[session] = dual[row]
        # A class costs what its cheapest team session costs: the highest price that no call would gain by.
        classes = np.full(max(1, len(tables.class_party)), NEVER)
        calls = np.zeros(len(rows.options))
        for place, option in enumerate(rows.options):
            calls[place] = sum(dual[row] for row in rows.shared(place))
            classes[option.row] = min(classes[option.row], calls[place] - option.points)
        cuts = rows.charges(np.array([dual[row] for row in rows.cuts.values()], np.float64), len(classes))
        shared = sum(dual[row] for row in rows.cliques) + float(cuts.price.sum())
        groups = {alternative.group_row for alternative in rows.alternatives}
        shared += sum(dual[row] for row in groups)
        for alternative in rows.alternatives:
            tied = sum(dual[tie] for tie in alternative.ties)
            shared += max(0.0, tied - dual[alternative.group_row])
        return Prices(inspections, classes, sessions, calls, cuts, shared, self._objective.Value())

    @property
    def objective(self) -> float:
        """The value of the last linear optimum."""
        return float(self._objective.Value())

    def fix(self, places: Sequence[int]) -> None:
        """Take these columns wholly from now on."""
        for place in places:
            self._variables[place].SetLb(1.0)

    def release(self, places: Sequence[int]) -> None:
        """Fix these columns no longer."""
        for place in places:
            self._variables[place].SetLb(0.0)

    def bar(self, place: int) -> None:
        """Take none of this column from now on."""
        self._variables[place].SetUb(0.0)

    def admit(self, place: int) -> None:
        """Bar this column no longer."""
        self._variables[place].SetUb(self._solver.infinity())

    def values(self) -> list[float]:
        """How much of each column the linear optimum takes."""
        return [variable.solution_value() for variable in self._variables]


def reduced(columns: Sequence[Column], prices: Prices, rows: Rows) -> Floats:
    """What the columns bring over their prices."""
    session = np.array([column.session for column in columns], np.int64)
    route = _padded([column.route for column in columns])
    classes = _padded([rows.classes_of(column) for column in columns])
    called = _padded([column.classes for column in columns])
    gain = np.array([column.points for column in columns], np.float64) - prices.sessions[session]
    gain -= np.append(prices.inspections, 0.0)[route].sum(axis=1) + np.append(prices.classes, 0.0)[called].sum(axis=1)
    gain -= prices.cuts.of(session, route, classes)
    for place, column in enumerate(columns):
        gain[place] -= sum(prices.calls[rows.option_at[column.session, team]] for team in column.teams)
    return gain


def _padded(tuples: Sequence[tuple[int, ...]]) -> Ints:
    """As rows of one length, -1 beyond the end."""
    table = np.full((len(tuples), max(map(len, tuples), default=0)), -1, np.int64)
    for place, own in enumerate(tuples):
        table[place, : len(own)] = own
    return table


def choose(
    rows: Rows,
    columns: Sequence[Column],
    hint: Iterable[tuple[int, tuple[int, ...]]],
    node_limit: int,
    seconds: float | None,
) -> Chosen | None:
    """The best of these columns together, by SCIP; None where nothing is found.

    `hint` gives places in `columns` of a solution known already, with its teams. The search ends after `node_limit`
    nodes, or so many seconds.
    """
    solver = pywraplp.Solver.CreateSolver("SCIP")
    constraints, objective = _start(solver, rows)
    calls = _add_calls(solver, rows, constraints, objective, is_integer=True)
    variables = []
    for column in columns:
        variable = solver.BoolVar("")
        _enter(variable, rows.of_column(column) or (), column.points, constraints, objective)
        variables.append(variable)
    solver.SetSolverSpecificParametersAsString(f"limits/nodes = {node_limit}\n{INTEGER}\n")
    if seconds is not None:
        solver.SetTimeLimit(max(1, int(1000 * seconds)))
    hinted = dict(hint)
    if hinted:
        solver.SetHint([*variables, *calls], _values(rows, columns, hinted))
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    chosen = _taken(rows, columns, variables, calls)
    return Chosen(chosen, round(objective.Value()), objective.BestBound(), solver.nodes())


def _values(rows: Rows, columns: Sequence[Column], hinted: dict[int, tuple[int, ...]]) -> list[float]:
    """What the variables of columns and calls are in a solution known already."""
    coming = {(columns[place].session, team) for place, teams in hinted.items() for team in teams}
    values = [1.0 if place in hinted else 0.0 for place in range(len(columns))]
    return [*values, *(1.0 if (o.session, o.team) in coming else 0.0 for o in rows.options)]


def _taken(
    rows: Rows, columns: Sequence[Column], variables: list[pywraplp.Variable], calls: list[pywraplp.Variable]
) -> list[tuple[Column, tuple[int, ...]]]:
    """The columns that the solution takes, each with the team sessions that come."""
    coming: dict[int, list[int]] = {}
    for option, call in zip(rows.options, calls, strict=True):
        if call.solution_value() > 0.5:
            coming.setdefault(option.session, []).append(option.team)
    chosen = []
    for column, variable in zip(columns, variables, strict=True):
        if variable.solution_value() > 0.5:
            teams = column.teams or tuple(sorted(coming.get(column.session, ())))
            chosen.append((column, teams))
    return chosen


def _start(solver: pywraplp.Solver, rows: Rows) -> tuple[list[pywraplp.Constraint], pywraplp.Objective]:
    far = solver.infinity()
    constraints = [
        solver.Constraint(0.0 if equal else -far, upper) for upper, equal in zip(rows.upper, rows.is_equal, strict=True)
    ]
    objective = solver.Objective()
    objective.SetMaximization()
    return constraints, objective


def _enter(
    variable: pywraplp.Variable,
    entries: Iterable[tuple[int, float]],
    points: int,
    constraints: list[pywraplp.Constraint],
    objective: pywraplp.Objective,
) -> None:
    for row, weight in entries:
        constraints[row].SetCoefficient(variable, weight)
    objective.SetCoefficient(variable, float(points))


def _add_calls(
    solver: pywraplp.Solver,
    rows: Rows,
    constraints: list[pywraplp.Constraint],
    objective: pywraplp.Objective,
    is_integer: bool,
) -> list[pywraplp.Variable]:
    calls = []
    for place, option in enumerate(rows.options):
        call = solver.BoolVar("") if is_integer else solver.NumVar(0.0, solver.infinity(), "")
        _enter(call, rows.of_option(place), option.points, constraints, objective)
        calls.append(call)
    for alternative in rows.alternatives:
        taken = solver.BoolVar("") if is_integer else solver.NumVar(0.0, solver.infinity(), "")
        constraints[alternative.group_row].SetCoefficient(taken, 1.0)
        for tie in alternative.ties:
            constraints[tie].SetCoefficient(taken, -1.0)
    return calls
