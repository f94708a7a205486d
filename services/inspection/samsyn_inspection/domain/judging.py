"""Whether a statement has its effect, is refused, or waits for what it depends on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from samsyn_contracts.carrying_out import InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.rejection import RejectionCode
from samsyn_contracts.site_information import ParticipantCheckedIn

from samsyn_inspection.domain.day import Day
from samsyn_inspection.domain.periods import FINDINGS_WITHIN, HAND_IN_WITHIN, STARTS_EARLIEST
from samsyn_inspection.domain.plans import Plan, is_known, plan_to_act_by, plan_to_start_by
from samsyn_inspection.domain.statements import HELD, Heard, Held, Refused, Taken, Verdict


@dataclass(frozen=True)
class Scene:
    """What a statement is judged by: planning's words, what those on the spot have said before, and what waits."""

    plans: Sequence[Plan]
    day: Day | None
    waiting: Sequence[Heard]
    sequences: Mapping[tuple[str, str, str], int]
    until: datetime | None

    @property
    def may_have_started(self) -> bool:
        """Whether a start waits."""
        return any(isinstance(heard.message, OperationStarted) for heard in self.waiting)

    def refused_once_nothing_waits(self, code: RejectionCode, pointer: str) -> Refused | Held:
        """A refusal because of what was said before: what waits may take that back, or end the operation before it."""
        return HELD if self.waiting else Refused(code, pointer)


def judge(heard: Heard, scene: Scene) -> Verdict:
    """What becomes of a statement.

    It has its effect as soon as nothing that may still come can speak against it, and is refused only when nothing
    can speak for it: so the order in which planning and agencies are heard makes no difference. What one agency says
    has its effect in the order it said it: behind a statement that waits, its next ones wait too.
    """
    if heard.expired is not None:
        return Refused("unknown_id", heard.expired)
    if any(other.party == heard.party for other in scene.waiting):
        return HELD
    if isinstance(heard.message, OperationStarted | ParticipantCheckedIn):
        return _coming(heard, scene)
    return _deed(heard, scene)


def _coming(heard: Heard, scene: Scene) -> Verdict:
    """Who comes, or begins, may do so before the operation has begun."""
    plan = plan_to_start_by(scene.plans, heard.message.plan_version, scene.until)
    return HELD if plan is None else _checked(heard, plan, scene, _OF_COMING)


def _deed(heard: Heard, scene: Scene) -> Verdict:
    if not is_known(scene.plans, heard.message.plan_version):
        return HELD
    if scene.day is None:
        return HELD if scene.may_have_started else Refused("not_started", "/operation_id")
    plan = plan_to_act_by(scene.plans, heard.message.plan_version, scene.until)
    return HELD if plan is None else _checked(heard, plan, scene, _OF_A_DEED)


Check = Callable[[Heard, Plan, Scene], Refused | Held | None]


def _checked(heard: Heard, plan: Plan, scene: Scene, checks: Sequence[Check]) -> Verdict:
    found = (check(heard, plan, scene) for check in checks)
    return next((verdict for verdict in found if verdict is not None), Taken(plan))


def _is_from_a_part(heard: Heard, plan: Plan, _scene: Scene) -> Refused | None:
    return None if heard.party in plan.accepted else Refused("not_participant", "/operation_id")


def _is_newest(heard: Heard, _plan: Plan, scene: Scene) -> Refused | Held | None:
    known, sequence = scene.sequences.get(heard.family), heard.envelope.sequence
    if known is None or sequence is None or sequence > known:
        return None
    return scene.refused_once_nothing_waits("superseded", "/headers/ce_sequence")


def _is_on_the_route(heard: Heard, plan: Plan, _scene: Scene) -> Refused | None:
    message = heard.message
    if isinstance(message, InspectionSuspended):
        is_there = not set(plan.route).isdisjoint(message.remaining_inspection_ids)
        return None if is_there else Refused("unknown_id", "/remaining_inspection_ids")
    if isinstance(message, _OF_THE_WHOLE) or message.inspection_id in plan.route:
        return None
    return Refused("unknown_id", "/inspection_id")


def _is_not_past(heard: Heard, plan: Plan, scene: Scene) -> Refused | Held | None:
    past = Refused("already_past", "/operation_id")
    if scene.day is None:
        is_past = heard.at >= plan.end_at + HAND_IN_WITHIN
        return None if not is_past else HELD if scene.may_have_started else past
    ending = scene.day.ending
    if ending is None:
        return None
    is_written_in_time = isinstance(heard.message, FindingRecorded) and heard.at <= ending.at + FINDINGS_WITHIN
    return None if is_written_in_time else past


def _is_not_too_early(heard: Heard, plan: Plan, _scene: Scene) -> Refused | None:
    is_too_early = heard.happened_at < plan.start_at - STARTS_EARLIEST
    return Refused("too_early", "/headers/ce_time") if is_too_early else None


def _agrees(heard: Heard, _plan: Plan, scene: Scene) -> Refused | Held | None:
    """Another agency's start is harmless if it says the same; the one that began may correct itself."""
    day, message = scene.day, heard.message
    if day is None or not isinstance(message, OperationStarted) or heard.party == day.start.party:
        return None
    if message.police_present == day.police_present:
        return None
    return scene.refused_once_nothing_waits("already_decided", "/police_present")


def _leaves_nothing_waiting(heard: Heard, _plan: Plan, scene: Scene) -> Held | None:
    """An operation is not given up over the head of what was said before."""
    return HELD if isinstance(heard.message, OperationAborted) and scene.waiting else None


_OF_THE_WHOLE = (OperationAborted, OperationStarted, ParticipantCheckedIn)
_OF_COMING: tuple[Check, ...] = (_is_from_a_part, _is_newest, _is_not_past, _is_not_too_early, _agrees)
_OF_A_DEED: tuple[Check, ...] = (_is_from_a_part, _is_newest, _is_on_the_route, _is_not_past, _leaves_nothing_waiting)
