"""What planning says of an operation: each word of it gives the operation as it then was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from samsyn_contracts.message import Slot
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)

from samsyn_inspection.domain.periods import HAND_IN_WITHIN

Said = Literal["scheduled", "confirmed", "rescheduled", "postponed", "cancelled"]
Told = OperationScheduled | OperationConfirmed | OperationRescheduled | OperationPostponed | OperationCancelled
WITHOUT_AN_OCCASION: tuple[Said, ...] = ("postponed", "cancelled")


@dataclass(frozen=True)
class Part:
    """A capacity's part in an operation; the police's own part has the session as capacity."""

    agency: str
    capacity_id: str
    status: Literal["invited", "accepted"]


@dataclass(frozen=True)
class Plan:
    """An operation as one word of planning's gave it; `route` holds its inspections in their order.

    Without an occasion it keeps the session, parts and route it had. `is_confirmed`: it takes place.
    `has_been_confirmed`: it was to take place since it was last scheduled, so somebody may be on the spot.
    """

    version: int
    said: Said
    is_confirmed: bool
    has_been_confirmed: bool
    code_name: str
    session_id: str
    start_at: datetime
    end_at: datetime
    parts: tuple[Part, ...]
    route: tuple[str, ...]

    @property
    def police(self) -> str:
        """The agency whose session it is, whether or not it comes."""
        return self.session_id.partition(":")[0]

    @property
    def accepted(self) -> tuple[str, ...]:
        """The agencies that take part, sorted."""
        return tuple(sorted({part.agency for part in self.parts if part.status == "accepted"}))

    @property
    def teams(self) -> tuple[str, ...]:
        """The agencies that take part with more than the police session itself, sorted."""
        own = {part.agency for part in self.parts if part.status == "accepted" and part.capacity_id != self.session_id}
        return tuple(sorted(own))


def planned(plans: Sequence[Plan], told: Iterable[Told]) -> tuple[Plan, ...]:
    """The plans after further words, in the order given; a word of an older version than the newest changes nothing."""
    after = tuple(plans)
    for message in told:
        known = after[-1] if after else None
        if known is None or message.plan_version >= known.version:
            after = (*after, *_as_told(known, message))
    return after


def is_known(plans: Sequence[Plan], version: int) -> bool:
    """Whether the operation is known at a version or a later one."""
    return bool(plans) and plans[-1].version >= version


def plan_to_start_by(plans: Sequence[Plan], version: int, until: datetime | None) -> Plan | None:
    """The plan that one who heard a version may start by: the first from it on that takes place; None while unknown."""
    return _first(plans, version, until, lambda plan: plan.is_confirmed)


def plan_to_act_by(plans: Sequence[Plan], version: int, until: datetime | None) -> Plan | None:
    """The plan that holds for what one who heard a version does on the spot; None while unknown."""
    return _first(plans, version, until, lambda plan: plan.has_been_confirmed)


def _first(plans: Sequence[Plan], version: int, until: datetime | None, holds: Callable[[Plan], bool]) -> Plan | None:
    """Each version by planning's last word at it, for who takes part is settled by that alone."""
    last_words = {plan.version: plan for plan in plans if plan.version >= version}
    for plan in last_words.values():
        if not _is_settled(plan, plans[-1], until):
            return None
        if holds(plan):
            return plan
    return None


def _is_settled(plan: Plan, newest: Plan, until: datetime | None) -> bool:
    """Whether planning can say nothing more at the plan's version: a confirmation is the only word that may follow."""
    is_too_late = until is not None and until >= plan.end_at + HAND_IN_WITHIN
    return newest.version > plan.version or plan.said not in ("scheduled", "rescheduled") or is_too_late


def _as_told(known: Plan | None, message: Told) -> tuple[Plan, ...]:
    match message:
        case OperationScheduled():
            return (_placed(message, message.slot, "scheduled"),)
        case OperationConfirmed():
            placed = _placed(message, message.slot, "confirmed")
            return (replace(placed, is_confirmed=True, has_been_confirmed=True),)
        case OperationRescheduled():
            return (_moved(known, _placed(message, message.to_slot, "rescheduled")),)
        case OperationPostponed():
            return _displaced(known, message, "postponed")
        case OperationCancelled():
            return _displaced(known, message, "cancelled")


def _placed(message: OperationScheduled | OperationConfirmed | OperationRescheduled, slot: Slot, said: Said) -> Plan:
    return Plan(
        version=message.plan_version,
        said=said,
        is_confirmed=False,
        has_been_confirmed=False,
        code_name=message.code_name,
        session_id=slot.session_id,
        start_at=slot.start_at,
        end_at=slot.end_at,
        parts=tuple(Part(part.agency, part.capacity_id, part.status) for part in message.participants),
        route=tuple(inspection.inspection_id for inspection in message.inspections),
    )


def _moved(known: Plan | None, placed: Plan) -> Plan:
    """A rescheduled operation that was to take place still is."""
    if known is None:
        return placed
    return replace(placed, is_confirmed=known.is_confirmed, has_been_confirmed=known.has_been_confirmed)


def _displaced(known: Plan | None, message: OperationPostponed | OperationCancelled, said: Said) -> tuple[Plan, ...]:
    if known is None:
        return ()
    return (replace(known, version=message.plan_version, said=said, is_confirmed=False),)
