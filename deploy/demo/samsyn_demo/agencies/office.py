"""A simulated agency: offers its teams, wants sites inspected, answers, prepares; in no system's codes yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from samsyn_demo.agencies.behaviour import answer_to, delay, is_ready_beforehand
from samsyn_demo.agencies.diary import Diary
from samsyn_demo.records import TeamShift, WantedSite, World

# Others' sites are spoken of only after everybody has proposed theirs.
INTERESTS_AFTER = timedelta(hours=1)
READINESS_AFTER = timedelta(hours=2)


@dataclass(frozen=True)
class ShiftOffered:
    """A team's shift is offered."""

    shift: TeamShift


@dataclass(frozen=True)
class ShiftWithdrawn:
    """A shift offered is taken back."""

    shift: TeamShift
    reason: str


@dataclass(frozen=True)
class SiteWanted:
    """A site shall be inspected."""

    site: WantedSite


@dataclass(frozen=True)
class SiteWithdrawn:
    """A site need not be inspected any more."""

    site: WantedSite
    reason: str


@dataclass(frozen=True)
class InterestTaken:
    """The agency wants to take part in an inspection; `level` is "low", "medium" or "high"."""

    inspection_id: str
    level: str
    role: str | None


@dataclass(frozen=True)
class Prepared:
    """The agency is ready for an inspection."""

    inspection_id: str
    role: str | None


@dataclass(frozen=True)
class Question:
    """Whether a shift takes part in an operation; `question_id` is the event that asks."""

    question_id: str
    operation_id: str
    shift_id: str
    session_id: str
    start_at: datetime
    inspection_ids: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """A question is answered: yes, or no for a reason."""

    question: Question
    shift: TeamShift
    is_yes: bool
    reason: str = "no_resources"


@dataclass(frozen=True)
class PartTakenBack:
    """The agency cannot take part after all."""

    operation_id: str
    shift: TeamShift
    reason: str


Deed = ShiftOffered | ShiftWithdrawn | SiteWanted | SiteWithdrawn | InterestTaken | Prepared | Answered | PartTakenBack


@dataclass(frozen=True)
class Booking:
    """What stands in the calendar for an operation."""

    operation_id: str
    state: str
    shift_ids: tuple[str, ...]
    start_at: datetime
    inspection_ids: tuple[str, ...]


class Office:
    """One agency with what the world gives it; `diary` holds what it has decided."""

    def __init__(self, agency: str, world: World) -> None:
        self.agency = agency
        self.centre = world.centre
        self.bookings: dict[str, Booking] = {}
        self.questions: dict[str, Question] = {}
        self.diary: Diary[Deed] = Diary(world.starts_at)
        self._seed = world.seed
        self._shifts = {shift.shift_id: shift for shift in world.shifts if shift.agency == agency}
        self._sites = {site.inspection_id: site for site in world.sites if site.agency == agency}
        self._prepared: set[tuple[str, str | None]] = set()
        self._open: set[str] = set()
        self._plan_beginning(world)

    @property
    def shifts(self) -> Sequence[TeamShift]:
        """The team calendar."""
        return tuple(self._shifts.values())

    def ask(self, question: Question) -> None:
        """Receive a question; the same again is answered once."""
        shift = self._shifts.get(question.shift_id)
        if question.question_id in self.questions or shift is None:
            return
        self.questions[question.question_id] = question
        answer = answer_to(self._seed, question.operation_id, f"{self.agency}:{question.shift_id}")
        answer_at = self.diary.now + answer.after
        if answer.kind == "silence" or answer_at >= question.start_at:
            return  # nobody answers a question about an operation that has begun
        self._open.add(question.question_id)
        self.diary.plan(answer_at, lambda: self._answer(question, shift, is_yes=answer.kind == "yes"))

    def book(self, booking: Booking) -> None:
        """Set the calendar for an operation; a booking without shifts frees them and ends open questions about it."""
        if not booking.shift_ids:
            self.bookings.pop(booking.operation_id, None)
            self._open -= {q for q in self._open if self.questions[q].operation_id == booking.operation_id}
            return
        self.bookings[booking.operation_id] = booking
        for shift_id in booking.shift_ids:
            self._plan_preparing(booking, self._shifts.get(shift_id))

    def withdraw_shift(self, shift_id: str, reason: str = "illness") -> None:
        """Take a shift back."""
        self.diary.write(ShiftWithdrawn(self._shifts[shift_id], reason))

    def withdraw_site(self, inspection_id: str, reason: str = "solved") -> None:
        """No longer want a site inspected."""
        self.diary.write(SiteWithdrawn(self._sites[inspection_id], reason))

    def take_back_part(self, operation_id: str, shift_id: str, reason: str = "illness") -> None:
        """Leave an operation."""
        self.diary.write(PartTakenBack(operation_id, self._shifts[shift_id], reason))

    def _plan_beginning(self, world: World) -> None:
        for shift in self._shifts.values():
            self._plan_write(world.starts_at, ShiftOffered(shift))
        for site in self._sites.values():
            self._plan_write(world.starts_at, SiteWanted(site))
        for role in sorted({shift.role for shift in self._shifts.values()}, key=str):
            for site in world.sites:
                self._plan_interest(world.starts_at + INTERESTS_AFTER, site, role)
                self._plan_readiness(world.starts_at + READINESS_AFTER, site, role)

    def _plan_interest(self, due_at: datetime, site: WantedSite, role: str | None) -> None:
        level = dict(site.interests).get(self.agency)
        if level is not None:
            self._plan_write(due_at, InterestTaken(_inspection_id(site), level, role))

    def _plan_readiness(self, due_at: datetime, site: WantedSite, role: str | None) -> None:
        party = f"{self.agency}/{role}" if role else self.agency
        if site.agency == self.agency or is_ready_beforehand(self._seed, party, _inspection_id(site)):
            self.diary.plan(due_at, lambda: self._prepare(_inspection_id(site), role))

    def _plan_write(self, due_at: datetime, deed: Deed) -> None:
        self.diary.plan(due_at, lambda: self._write(deed))

    def _plan_preparing(self, booking: Booking, shift: TeamShift | None) -> None:
        missing = [i for i in booking.inspection_ids if shift and (i, shift.role) not in self._prepared]
        if shift is None or not missing:
            return
        now = self.diary.now
        # Who is booked late prepares faster: at the latest in half the time that is left.
        due_at = now + max(timedelta(0), min(delay(self._seed, booking.operation_id), (booking.start_at - now) / 2))
        for inspection_id in missing:
            self.diary.plan(due_at, partial(self._prepare, inspection_id, shift.role))

    def _answer(self, question: Question, shift: TeamShift, *, is_yes: bool) -> None:
        if question.question_id not in self._open:
            return
        self._open.discard(question.question_id)
        if is_yes:
            for inspection_id in question.inspection_ids:
                self._prepare(inspection_id, shift.role)
        self._write(Answered(question, shift, is_yes))

    def _prepare(self, inspection_id: str, role: str | None) -> None:
        if (inspection_id, role) not in self._prepared:
            self._prepared.add((inspection_id, role))
            self._write(Prepared(inspection_id, role))

    def _write(self, deed: Deed) -> None:
        self.diary.write(deed)


def _inspection_id(site: WantedSite) -> str:
    return f"{site.agency}:{site.inspection_id}"
