"""What the planner may not touch or place since it may be compromised: held as it stands, and planned nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from samsyn_planning.domain.facts import Operation
from samsyn_planning.domain.letting_go import of_these
from samsyn_planning.domain.planner import is_hit
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.underway import is_underway


def compromised_operations(snapshot: Snapshot) -> tuple[Operation, ...]:
    """Operations of now that may be compromised."""
    names = {one.id: one.code_name for one in snapshot.compromises}
    return tuple(o for o in snapshot.operations if names.get(o.id) == o.code_name)


def waiting(snapshot: Snapshot) -> frozenset[str]:
    """Those of them that have lost their occasion: none is sought for them, not even the one they had."""
    return frozenset(o.id for o in compromised_operations(snapshot) if not o.is_planned)


def with_stops(
    problem: dict[str, Any], snapshot: Snapshot, now: datetime, given_up: Collection[str] = ()
) -> dict[str, Any]:
    """The problem with compromised operations held, and what is at their sites listed only where it stands on them.

    One that is hit cannot stand, nor can one of `given_up`: its inspections are not listed either, and it waits. What
    those on the spot are at is theirs. The problem itself where nothing is compromised.
    """
    if not snapshot.compromises:
        return problem
    published = {row["id"] for row in (problem["published"] or {"operations": ()})["operations"]}
    planned = [o for o in compromised_operations(snapshot) if o.is_planned and o.id in published]
    held = [o for o in planned if o.id not in given_up and not is_hit(of_these(problem, {o.id}), o.id)]
    begun = [o for o in snapshot.operations if is_underway(o, now)]
    free = {visit.id for o in held for visit in o.visits}
    free |= {visit.id for o in begun for visit in o.visits if visit.id not in o.given_back}
    left_out = _at_stopped_sites(snapshot) - free
    return {
        **problem,
        "inspections": [row for row in problem["inspections"] if row["id"] not in left_out],
        "hold": sorted({*problem["hold"], *(o.id for o in held)}),
    }


def stopped_in(problem: Mapping[str, Any], snapshot: Snapshot) -> tuple[str, ...]:
    """Operations of which the problem leaves something out because it may be compromised."""
    if not snapshot.compromises:
        return ()
    left_out = _at_stopped_sites(snapshot) - {row["id"] for row in problem["inspections"]}
    return tuple(o.id for o in snapshot.operations if any(visit.id in left_out for visit in o.visits))


def _at_stopped_sites(snapshot: Snapshot) -> frozenset[str]:
    """Inspections that stood on a compromised operation, and every other of the same sites."""
    inspections = {own for one in snapshot.compromises for own in one.inspections}
    sites = {own for one in snapshot.compromises for own in one.sites}
    at_sites = {wanted.id for wanted in snapshot.wanted if wanted.proposal.site.site_id in sites}
    return frozenset(inspections | at_sites)
