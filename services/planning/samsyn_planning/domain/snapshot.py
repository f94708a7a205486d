"""All that planning knows of one centre at one facts version, read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pydantic import ConfigDict
from samsyn_contracts.register import cause_names

from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.facts import (
    Capacity,
    Centre,
    Consent,
    Disturbance,
    Operation,
    Participation,
    Pin,
    Proposal,
    Value,
    Wanted,
    Wheel,
)
from samsyn_planning.domain.officers import OfficerSlot


class Snapshot(Value):
    """Frozen view of a centre; lists are sorted by id.

    `done_this_year` is read where fairness is weighed, `disturbances` of late where the risk of cancellation is.
    """

    model_config = ConfigDict(frozen=True, ignored_types=(cached_property,))

    centre: Centre
    capacities: tuple[Capacity, ...]
    wanted: tuple[Wanted, ...]
    operations: tuple[Operation, ...]
    participations: tuple[Participation, ...]
    consents: tuple[Consent, ...]
    proposals: tuple[Proposal, ...]
    pins: tuple[Pin, ...] = ()
    wheels: tuple[Wheel, ...] = ()
    done_this_year: tuple[Wanted, ...] = ()
    disturbances: tuple[Disturbance, ...] = ()
    compromises: tuple[Compromise, ...] = ()
    officer_slots: tuple[OfficerSlot, ...] = ()

    @cached_property
    def capacity_by_id(self) -> Mapping[str, Capacity]:
        """Capacities by id."""
        return {c.id: c for c in self.capacities}

    @cached_property
    def wanted_by_id(self) -> Mapping[str, Wanted]:
        """Wanted inspections by id."""
        return {w.id: w for w in self.wanted}

    @cached_property
    def part_by_key(self) -> Mapping[tuple[str, str], Participation]:
        """Participations by operation and capacity."""
        return {(p.operation_id, p.capacity_id): p for p in self.participations}

    def parts_of(self, operation_id: str) -> tuple[Participation, ...]:
        """Everybody's part in an operation."""
        return tuple(p for p in self.participations if p.operation_id == operation_id)

    @cached_property
    def refused_capacities(self) -> frozenset[str]:
        """Capacities whose owner said no, withdrew or stayed silent: not asked for again; the owner offers another."""
        return frozenset(p.capacity_id for p in self.participations if p.status in ("declined", "withdrawn", "silent"))

    def names(self) -> dict[str, tuple[str, str]]:
        """What the planner's reasons call the events behind changes, and operations, in Swedish and English."""
        named = {operation.id: (operation.code_name, operation.code_name) for operation in self.operations}
        for cause in self.centre.causes:
            named[cause.event_id] = cause_names().get(cause.cause_code, (cause.cause_code, cause.cause_code))
        named.update({"no_reply": cause_names()["no_reply"], "unknown": cause_names()["not_stated"]})
        return named | {event: cause_names()[code] for event, code in self._earlier_losses().items()}

    def _earlier_losses(self) -> dict[str, str]:
        lost = {c.loss_event: c.loss.cause_code for c in self.capacities if c.loss_event and c.loss}
        return {event: code if code in cause_names() else "other" for event, code in lost.items()}

    @cached_property
    def refusal_events(self) -> Mapping[str, str]:
        """The events by which owners refused capacities; silence has none."""
        refused = self.refused_capacities
        return {p.capacity_id: p.answered_by for p in self.participations if p.answered_by and p.capacity_id in refused}
