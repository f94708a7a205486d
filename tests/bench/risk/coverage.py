"""Which areas are visited with and without the weight of risk, in generated problems of three centres."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from samsyn_demo.places import municipalities
from samsyn_planning.domain.cancellation_risk import Start, above_the_least, areas, risk_permille
from samsyn_planning.domain.generator import generate
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.verifier import verify

Form = dict[str, Any]
Risks = Callable[[Mapping[str, Start]], Mapping[str, int]]
CENTRES = ("akc-vast", "akc-stockholm", "akc-syd")
SIZE, FIRST_SEED, SECONDS = "S", 600, 5.0
# At this weight a site costs the value that is lost on average.
WEIGHT = 100
FEWEST_LISTED = 20


def as_they_are(starts: Mapping[str, Start]) -> Mapping[str, int]:
    """Each session's own risk, which compares areas too: what Samsyn does not do."""
    return {own_id: risk_permille(start) for own_id, start in starts.items()}


def within_one_area(starts: Mapping[str, Start]) -> Mapping[str, int]:
    """Above the least of the same area: what planning does."""
    return above_the_least(starts.items())


WAYS: Mapping[str, Risks | None] = {"without": None, "in area": within_one_area, "absolute": as_they_are}


@dataclass(slots=True)
class Covered:
    """Sites of an area: how many were wanted, and how many each way planned."""

    num_listed: int = 0
    num_planned: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WAYS, 0))

    def share(self, way: str) -> float:
        """Planned of those wanted, in per cent."""
        return 100 * self.num_planned[way] / self.num_listed


@dataclass(slots=True)
class Outcome:
    """All problems of a centre: sites by area, and by way value planned and value kept on average."""

    by_area: dict[str, Covered] = field(default_factory=dict)
    planned: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WAYS, 0.0))
    kept: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WAYS, 0.0))
    num_unproven: int = 0


def told_coverage(num_seeds: int) -> Iterator[str]:
    """The report, a centre at a time."""
    yield f"{num_seeds} problems of size {SIZE} a centre, weight {WEIGHT}; sites planned of those wanted, per cent"
    for centre in CENTRES:
        outcome = Outcome()
        for seed in range(FIRST_SEED, FIRST_SEED + num_seeds):
            _plan_each_way(generate(SIZE, seed, centre), outcome)
        yield from _told(centre, outcome)


def _plan_each_way(problem: Form, outcome: Outcome) -> None:
    starts = {row["id"]: _start(row) for row in problem["sessions"]}
    for row in problem["inspections"]:
        outcome.by_area.setdefault(row["area"], Covered()).num_listed += 1
    for way, risks in WAYS.items():
        asked = _weighed(problem, None if risks is None else risks(starts))
        plan = solve(asked, Limit(seconds=SECONDS, work=None))
        if refused := verify(asked, plan).violations:
            raise ValueError(f"the verifier refuses a plan: {refused[0].sentence}")
        outcome.num_unproven += not plan["proven"]
        _note(way, problem, plan, as_they_are(starts), outcome)


def _note(way: str, problem: Form, plan: Form, risks: Mapping[str, int], outcome: Outcome) -> None:
    listed = {row["id"]: row for row in problem["inspections"]}
    for operation in plan["operations"]:
        for visit in operation["inspections"]:
            site = listed[visit["id"]]
            outcome.by_area[site["area"]].num_planned[way] += 1
            outcome.planned[way] += site["value"]
            outcome.kept[way] += site["value"] * (1 - risks[operation["session"]] / 1000)


def _weighed(problem: Form, risks: Mapping[str, int] | None) -> Form:
    weights = {**problem["weights"], "risk": 0 if risks is None else WEIGHT}
    sessions = [{**row, "cancel_permille": (risks or {}).get(row["id"], 0)} for row in problem["sessions"]]
    return {**problem, "weights": weights, "sessions": sessions}


def _start(row: Form) -> Start:
    return Start(row["base"]["lat"], row["base"]["lon"], datetime.fromisoformat(row["start_at"]))


def _told(centre: str, outcome: Outcome) -> Iterator[str]:
    yield f"\n{centre}: {outcome.num_unproven} plans not proven"
    yield f"  {'area':<18} {'risk':>6} {'wanted':>7}" + "".join(f"{way:>10}" for way in WAYS)
    ranked = sorted(outcome.by_area, key=_mean_risk)
    for code in (code for code in ranked if outcome.by_area[code].num_listed >= FEWEST_LISTED):
        yield _row(municipalities()[code].name, _mean_risk(code), outcome.by_area[code])
    half = len(ranked) // 2
    for name, some in (("the calmer half", ranked[:half]), ("the other half", ranked[half:]), ("all", ranked)):
        rows = [outcome.by_area[code] for code in some]
        yield _row(name, sum(map(_mean_risk, some)) / len(some), _together(rows))
    for name, values in (("value planned", outcome.planned), ("value kept on average", outcome.kept)):
        yield f"  {name:<33}" + "".join(f"{values[way]:>10,.0f}" for way in WAYS)


def _row(name: str, risk: float, covered: Covered) -> str:
    shares = "".join(f"{covered.share(way):>10.1f}" for way in WAYS)
    return f"  {name:<18} {risk / 10:>4.1f} % {covered.num_listed:>7}{shares}"


def _together(rows: list[Covered]) -> Covered:
    planned = {way: sum(row.num_planned[way] for row in rows) for way in WAYS}
    return Covered(sum(row.num_listed for row in rows), planned)


def _mean_risk(code: str) -> float:
    permille = areas()[code].permille
    return sum(permille) / len(permille)
