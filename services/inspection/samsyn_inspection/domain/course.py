"""The course of an operation: everything agencies said of it, judged in the order of admission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from samsyn_contracts.carrying_out import OperationStarted
from samsyn_contracts.site_information import ParticipantCheckedIn

from samsyn_inspection.domain.day import CheckIn, Day, after, begun, ended, over
from samsyn_inspection.domain.judging import Scene, judge
from samsyn_inspection.domain.plans import Plan
from samsyn_inspection.domain.statements import Heard, Held, Taken, Verdict


@dataclass(frozen=True)
class Course:
    """What became of each statement, in their order, and the day that they make; no day before it has begun.

    `check_ins` tells who has come, by agency: before it begins, too.
    """

    verdicts: tuple[Verdict, ...]
    day: Day | None
    check_ins: tuple[CheckIn, ...] = ()

    @property
    def num_held(self) -> int:
        """How many statements wait."""
        return sum(isinstance(verdict, Held) for verdict in self.verdicts)


def course(plans: Sequence[Plan], heard: Sequence[Heard], until: datetime | None) -> Course:
    """The course by all that is known, when the centre's time is `until` (None before the first tick).

    An end waits for every statement before it that waits: it would say who has handed in and what is left.
    """
    walk = _Walk(plans, until)
    for one in heard:
        walk.pass_time(one.at)
        walk.hear(one)
    if until is not None:
        walk.pass_time(until)
    return Course(tuple(walk.verdicts), walk.day, walk.check_ins)


class _Walk:
    """Goes through the statements one by one."""

    def __init__(self, plans: Sequence[Plan], until: datetime | None) -> None:
        self._plans, self._until = plans, until
        self._waiting: list[Heard] = []
        self._sequences: dict[tuple[str, str, str], int] = {}
        self.verdicts: list[Verdict] = []
        self.day: Day | None = None
        self._check_ins: dict[str, CheckIn] = {}

    @property
    def check_ins(self) -> tuple[CheckIn, ...]:
        """Who has come, by agency."""
        return tuple(self._check_ins[agency] for agency in sorted(self._check_ins))

    def pass_time(self, until: datetime) -> None:
        """End the day if its deadline has come."""
        day = self.day
        if day is not None and day.ending is None and until >= day.deadline and not self._waiting:
            self.day = over(day)

    def hear(self, heard: Heard) -> None:
        """Judge a statement and let it have its effect."""
        verdict = judge(heard, Scene(self._plans, self.day, self._waiting, self._sequences, self._until))
        self.verdicts.append(verdict)
        if isinstance(verdict, Held):
            self._waiting.append(heard)
        if isinstance(verdict, Taken):
            self._take(heard, verdict.plan)

    def _take(self, heard: Heard, plan: Plan) -> None:
        if heard.envelope.sequence is not None:
            self._sequences[heard.family] = heard.envelope.sequence
        if isinstance(heard.message, ParticipantCheckedIn):
            self._check_ins[heard.party] = CheckIn(heard.party, heard.happened_at, heard.message.head_count)
        if self.day is not None:
            self.day = after(self.day, heard, plan)
            self._end_if_handed_in(self.day, heard)
        elif isinstance(heard.message, OperationStarted):
            self.day = begun(heard, heard.message, plan, self.check_ins)

    def _end_if_handed_in(self, day: Day, by: Heard) -> None:
        if day.ending is None and day.is_handed_in and not self._waiting:
            self.day = ended(day, by)
