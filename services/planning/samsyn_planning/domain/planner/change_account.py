"""Writes what changed against the published plan as `changes` in the form `samsyn-plan/1`."""

from collections.abc import Callable
from typing import Any

from samsyn_planning.domain.planner.change_reasons import ChangeReasons, Reasons
from samsyn_planning.domain.planner.changes import (
    Causes,
    changes_of,
    kinds_of,
    notice_seconds,
    planned_form,
    published_form,
)
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.gains import Gains
from samsyn_planning.domain.planner.schedule import Operation
from samsyn_planning.domain.planner.words import Names


def told_changes(
    facts: Facts,
    operations: list[Operation | None],
    ids: dict[int, str],
    names: Names,
    left_out: Callable[[int], Reasons],
) -> list[dict[str, Any]]:
    """Every published operation and every new one; `left_out` gives the reasons of an inspection that is unplanned."""
    changes = changes_of(facts, operations, ids)
    planned = frozenset(inspection for held in operations if held for inspection in held.route)
    reasons = ChangeReasons(facts, names, changes, Gains(facts, operations, ids, names), left_out)
    traced = Causes(facts, changes)
    forms = []
    for change in changes:
        kinds, causes = kinds_of(facts, change, planned), traced.of(change)
        before, held, session = change.former, change.operation, change.session
        forms.append(
            {
                "operation": change.id,
                "kinds": kinds,
                "from": published_form(facts, before) if before else None,
                "to": planned_form(facts, session, held) if held and session is not None else None,
                "causes": causes,
                "reasons": reasons.of(change, kinds, causes),
                "notice_seconds": notice_seconds(facts, change),
            }
        )
    return forms
