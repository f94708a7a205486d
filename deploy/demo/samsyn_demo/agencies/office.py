"""A simulated agency, or one department of it: offers teams, wants sites inspected, answers, prepares, goes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from samsyn_contracts.envelope import ALL_CENTRES

from samsyn_demo.agencies.behaviour import acknowledgement_after, answer_to, delay, is_ready_beforehand
from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Answered,
    Assessed,
    Booking,
    Deed,
    InterestTaken,
    OnTheDay,
    PartTakenBack,
    Prepared,
    Question,
    Received,
    ShiftOffered,
    ShiftWithdrawn,
    SiteWanted,
    SiteWithdrawn,
)
from samsyn_demo.agencies.diary import Diary
from samsyn_demo.agencies.field_day import CATEGORIES, Party, deeds_on_the_day, quarter_after
from samsyn_demo.agencies.peers import public_id, state_agencies_of
from samsyn_demo.records import TeamShift, WantedSite, World

# Others' sites are spoken of only after everybody has proposed theirs.
INTERESTS_AFTER = timedelta(hours=1)
READINESS_AFTER = timedelta(hours=2)
ASSESSMENTS_HOLD = timedelta(days=365)
SITE_IDENTITY = "site_identity"


class Office:
    """One agency (with `role`: that department of it) with what its worlds give it, one world a centre.

    `diary` holds what it has decided, each deed under its centre; `bookings`, `questions` and `received` what it was
    told: operations that it has a part in, what it was asked, and others' findings.
    """

    def __init__(self, agency: str, worlds: Sequence[World], role: str | None = None) -> None:
        self.agency = agency
        self.role = role
        self.party = f"{agency}/{role}" if role else agency
        self.bookings: dict[str, Booking] = {}
        self.questions: dict[str, Question] = {}
        self.received: dict[str, Received] = {}
        self.diary: Diary[Deed] = Diary(min(world.starts_at for world in worlds))
        self._peers = tuple(code for code in state_agencies_of(worlds) if code != agency)
        self._seeds = {world.centre: world.seed for world in worlds}
        self._shifts: dict[str, TeamShift] = {}
        self._sites: dict[str, WantedSite] = {}
        self._centres: dict[str, str] = {}
        self._prepared: set[str] = set()
        self._open: set[str] = set()
        self._newest: dict[str, Booking] = {}
        self._done: set[tuple[str, ...]] = set()
        self._plan_assessments(worlds)
        for world in worlds:
            self._plan_beginning(world)

    @property
    def shifts(self) -> Sequence[TeamShift]:
        """The team calendar."""
        return tuple(self._shifts.values())

    def parties_among(self, agencies: Sequence[str], *, speaks: bool) -> tuple[str, ...]:
        """Agencies that take part, as parties: the own one is this department where it speaks for the agency."""
        return tuple(self.party if code == self.agency and speaks else code for code in agencies)

    def ask(self, question: Question) -> None:
        """Receive a question; the same again is answered once."""
        shift = self._shifts.get(question.shift_id)
        if question.question_id in self.questions or shift is None:
            return
        self.questions[question.question_id] = question
        capacity_id = public_id(self.agency, self.role, question.shift_id)
        answer = answer_to(self._seed_of(shift), question.operation_id, capacity_id)
        answer_at = self.diary.now + answer.after
        if answer.kind == "silence" or answer_at >= question.start_at:
            return  # nobody answers a question about an operation that has begun
        self._open.add(question.question_id)
        self.diary.plan(answer_at, lambda: self._answer(question, shift, is_yes=answer.kind == "yes"))

    def book(self, booking: Booking) -> None:
        """Set the calendar for an operation; a booking without shifts frees them and ends open questions about it.

        Of an older version of the plan than the newest heard nothing is noted.
        """
        known = self._newest.get(booking.operation_id)
        if known is not None and (known.plan_version > booking.plan_version or known == booking):
            return
        before = self.bookings.get(booking.operation_id)
        self._newest[booking.operation_id] = booking
        if booking.shift_ids:
            self.bookings[booking.operation_id] = booking
        else:
            self.bookings.pop(booking.operation_id, None)
            self._open -= {q for q in self._open if self.questions[q].operation_id == booking.operation_id}
        shift = self._first_shift(booking) or (self._first_shift(before) if before else None)
        if shift is not None:
            self._plan_what_follows(booking, shift, is_change=before is not None and booking.is_change)

    def receive(self, received: Received) -> None:
        """Note what another agency has found, or that it is secret."""
        self.received[received.finding_id] = received

    def withdraw_shift(self, shift_id: str, reason: str = "illness") -> None:
        """Take a shift back."""
        shift = self._shifts[shift_id]
        self._write(ShiftWithdrawn(shift, reason), self._centres[shift_id])

    def withdraw_site(self, inspection_id: str, reason: str = "solved") -> None:
        """No longer want a site inspected."""
        self._write(SiteWithdrawn(self._sites[inspection_id], reason), self._centres[inspection_id])

    def take_back_part(self, operation_id: str, shift_id: str, reason: str = "illness") -> None:
        """Leave an operation."""
        self.bookings.pop(operation_id, None)
        self._write(PartTakenBack(operation_id, self._shifts[shift_id], reason), self._centres[shift_id])

    def _is_own(self, thing: TeamShift | WantedSite) -> bool:
        return thing.agency == self.agency and (self.role is None or thing.role == self.role)

    def _seed_of(self, shift: TeamShift) -> int:
        return self._seeds[self._centres[shift.shift_id]]

    def _first_shift(self, booking: Booking) -> TeamShift | None:
        return next((self._shifts[own] for own in booking.shift_ids if own in self._shifts), None)

    def _plan_assessments(self, worlds: Sequence[World]) -> None:
        """What the agency knows in its own fields, the other state agencies may have; nobody else."""
        if self.agency not in state_agencies_of(worlds):
            return
        until = max(world.ends_at for world in worlds) + ASSESSMENTS_HOLD
        categories = (*CATEGORIES.get(self.party, ()), SITE_IDENTITY)
        numbered = enumerate(((peer, category) for peer in self._peers for category in categories), start=1)
        for number, (peer, category) in numbered:
            document = f"{self.diary.now.year}-{number:03d}"
            purpose = "plan" if category == SITE_IDENTITY else "follow-up"
            assessed = Assessed(f"bedomning-{number:03d}", peer, category, purpose, document, until)
            self._plan_write(self.diary.now, assessed, ALL_CENTRES)

    def _plan_beginning(self, world: World) -> None:
        shifts = tuple(filter(self._is_own, world.shifts))
        for shift in shifts:
            self._shifts[shift.shift_id], self._centres[shift.shift_id] = shift, world.centre
            self._plan_write(world.starts_at, ShiftOffered(shift), world.centre)
        for own in filter(self._is_own, world.sites):
            self._sites[own.inspection_id], self._centres[own.inspection_id] = own, world.centre
            self._plan_write(world.starts_at, SiteWanted(own), world.centre)
        for site in world.sites if shifts else ():
            self._plan_interest(site, world)
            self._plan_readiness(site, world)

    def _plan_interest(self, site: WantedSite, world: World) -> None:
        level = dict(site.interests).get(self.agency)
        if level is not None:
            interest = InterestTaken(_inspection_id(site), level)
            self._plan_write(world.starts_at + INTERESTS_AFTER, interest, world.centre)

    def _plan_readiness(self, site: WantedSite, world: World) -> None:
        inspection_id = _inspection_id(site)
        if site.agency == self.agency or is_ready_beforehand(world.seed, self.party, inspection_id):
            due_at = world.starts_at + READINESS_AFTER
            self.diary.plan(due_at, partial(self._prepare, inspection_id, world.centre))

    def _plan_what_follows(self, booking: Booking, shift: TeamShift, *, is_change: bool) -> None:
        centre = self._centres[shift.shift_id]
        self._plan_preparing(booking, centre)
        if booking.state == "confirmed" or is_change:
            self._plan_acknowledgement(booking, centre)
        if booking.state == "confirmed":
            for due_at, deed in deeds_on_the_day(Party(self.party, self._seeds[centre], self._peers), booking):
                self.diary.plan(due_at, partial(self._do_on_the_day, booking, deed, centre))

    def _plan_preparing(self, booking: Booking, centre: str) -> None:
        now = self.diary.now
        # Who is booked late prepares faster: at the latest in half the time that is left.
        thinking = min(delay(self._seeds[centre], booking.operation_id), (booking.start_at - now) / 2)
        for visit in booking.visits if booking.shift_ids else ():
            if visit.inspection_id not in self._prepared:
                self.diary.plan(now + max(timedelta(0), thinking), partial(self._prepare, visit.inspection_id, centre))

    def _plan_acknowledgement(self, booking: Booking, centre: str) -> None:
        told = (booking.operation_id, str(booking.plan_version), booking.state)
        after = acknowledgement_after(self._seeds[centre], self.party, *told)
        if after is not None:
            due_at = quarter_after(self.diary.now + after)
            self.diary.plan(due_at, partial(self._acknowledge, booking, centre))

    def _acknowledge(self, booking: Booking, centre: str) -> None:
        if self._newest[booking.operation_id] == booking:  # else the newer one is seen instead
            seen = Acknowledged(booking.operation_id, booking.plan_version, booking.told_by)
            self._write(seen, centre)

    def _do_on_the_day(self, booking: Booking, deed: OnTheDay, centre: str) -> None:
        """Do it, unless the operation was moved, cancelled or left meanwhile, or it is done already."""
        done = (type(deed).__name__, booking.operation_id, getattr(deed, "inspection_id", ""))
        if self.bookings.get(booking.operation_id) == booking and done not in self._done:
            self._done.add(done)
            self._write(deed, centre)

    def _answer(self, question: Question, shift: TeamShift, *, is_yes: bool) -> None:
        if question.question_id not in self._open:
            return
        self._open.discard(question.question_id)
        centre = self._centres[shift.shift_id]
        if is_yes:
            for inspection_id in question.inspection_ids:
                self._prepare(inspection_id, centre)
        self._write(Answered(question, shift, is_yes), centre)

    def _prepare(self, inspection_id: str, centre: str) -> None:
        if inspection_id not in self._prepared:
            self._prepared.add(inspection_id)
            self._write(Prepared(inspection_id), centre)

    def _plan_write(self, due_at: datetime, deed: Deed, centre: str) -> None:
        self.diary.plan(due_at, lambda: self._write(deed, centre))

    def _write(self, deed: Deed, centre: str) -> None:
        self.diary.write(deed, centre)


def _inspection_id(site: WantedSite) -> str:
    return public_id(site.agency, site.role, site.inspection_id)
