"""Writes a schedule as a plan in the form `samsyn-plan/1`, with changes and reasons."""

import json
from math import floor, isfinite
from typing import Any

from samsyn_planning.domain.planner.change_account import told_changes
from samsyn_planning.domain.planner.changes import visits_form
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.identity import operation_ids
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.schedule import Prices, Schedule
from samsyn_planning.domain.planner.scoring import figures
from samsyn_planning.domain.planner.unplanned import Unplanned
from samsyn_planning.domain.planner.words import Names

SCHEMA = "samsyn-plan/1"


def plan_form(
    schedule: Schedule, budget: Budget, prices: Prices, names: Names, bound: float | None = None
) -> dict[str, Any]:
    """The finished plan; unplanned inspections with a price also get their cost of inclusion.

    `bound` is what no plan exceeds, None where that is not known.
    """
    facts = schedule.facts
    ids = operation_ids(facts, schedule.operations)
    value, disruption = figures(facts, schedule.operations)
    unplanned = Unplanned(schedule, prices, names)
    return {
        "schema": SCHEMA,
        "operations": _operations(facts, schedule, ids),
        "objective": value - disruption,
        "value": value,
        "disruption": disruption,
        **_proof(value - disruption, bound),
        "work": {"steps": budget.steps},
        "unplanned": unplanned.entries(),
        "changes": told_changes(facts, schedule.operations, ids, names, unplanned.reasons),
        "truncated": budget.truncated,
    }


def _proof(objective: int, bound: float | None) -> dict[str, Any]:
    """Bound, gap and proof. Objectives are whole points, so that a bound may be rounded down to them."""
    if bound is None or not isfinite(bound):
        return {"bound": None, "gap": None, "proven": False}
    whole = max(objective, floor(bound + 1e-6))
    return {"bound": whole, "gap": (whole - objective) / max(1, abs(whole)), "proven": whole == objective}


def _operations(facts: Facts, schedule: Schedule, ids: dict[int, str]) -> list[dict[str, Any]]:
    forms = []
    for session in sorted(ids, key=lambda index: (facts.sessions[index].start, ids[index])):
        held = schedule.operations[session]
        if held is None:
            continue
        teams = sorted(facts.teams[team].id for team in held.teams)
        asked = [facts.teams[team].id for team in held.teams if facts.needs_consent(session, team)]
        if facts.needs_consent(session, None):
            asked.append(facts.sessions[session].id)
        forms.append(
            {
                "id": ids[session],
                "session": facts.sessions[session].id,
                "inspections": visits_form(facts, held),
                "teams": teams,
                "needs_consent": sorted(asked),
            }
        )
    return forms


def plan_bytes(plan: dict[str, Any]) -> bytes:
    """The plan as a file: UTF-8, sorted keys, indent 1, final newline."""
    return (json.dumps(plan, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
