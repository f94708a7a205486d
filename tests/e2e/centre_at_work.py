"""A centre with police sessions, teams and wanted sites of its own, said by the parties that own them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from samsyn_contracts.bus import ADMITTED, PLANNING
from samsyn_contracts.capacity import AutomationModeChanged, CapacityConsent, CapacityOffered, PoliceCancelled
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.inspections import InspectionProposed, InterestDeclared, ReadinessDeclared, Site, TimeWindow
from samsyn_contracts.message import Message, Position
from samsyn_contracts.operations import OperationConfirmed, OperationScheduled
from samsyn_contracts.plans import PlanPublished

from tests.support.samsyn import Party, Samsyn
from tests.support.trail import DEADLINE_SECONDS, Heard, Said

AV, SKV, POLICE = "arbetsmiljoverket", "skatteverket", "polisen"
# The first plan is made this long before the day: later than any freeze, and than the time for readiness.
LEAD = timedelta(days=8)
SETTLED = timedelta(minutes=11)
BEFORE_START = timedelta(hours=3)
SESSION, HOUR = timedelta(hours=4), timedelta(hours=1)
FRIDAY = 4


@dataclass
class CentreAtWork:
    """One centre for one test; `friday_at` is when its sessions start, ids carry a tag that no other test has."""

    samsyn: Samsyn
    code: str
    friday_at: datetime
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    since: int = 0

    def party(self, code: str) -> Party:
        """A party speaking about this centre."""
        return self.samsyn.party(code, self.code)

    @property
    def police(self) -> Party:
        """The police."""
        return self.party(POLICE)

    @property
    def centre(self) -> Party:
        """The centre itself, as a party."""
        return self.party(self.code)

    async def tell(self, *messages: Message) -> list[Envelope]:
        """Each message said by the party that owns what it speaks of; waits until all are admitted."""
        return list(await asyncio.gather(*(self.party(m.owner or "").tell(m) for m in messages)))

    async def settle(self) -> None:
        """Let the time pass after which new facts are planned."""
        await self.samsyn.pass_time(self.samsyn.now_at + SETTLED, self.code)

    async def pass_time(self, until: datetime) -> None:
        """Drive the clock, for this centre."""
        await self.samsyn.pass_time(until, self.code)

    def published(self) -> list[Said[PlanPublished]]:
        """Every plan version of this centre that planning has said since the test began."""
        return [s for s in self.samsyn.trail.of(PlanPublished, PLANNING, self.since) if s.message.centre == self.code]

    async def plan_after(self, cause_id: str, seconds: float = DEADLINE_SECONDS) -> Said[PlanPublished]:
        """Wait for the plan version that answers an event."""

        def answers(record: Heard) -> bool:
            if (record.topic, record.name, record.centre) != (PLANNING, "PlanPublished", self.code):
                return False
            return isinstance(record.message, PlanPublished) and cause_id in record.message.cause_event_ids

        told = f"PlanPublished because of {cause_id}"
        record = await self.samsyn.trail.first(answers, told, self.since, seconds)
        assert isinstance(record.message, PlanPublished)
        return Said(record.message, record)

    def admitted(self, event_id: str) -> Heard:
        """The record on the topic of what was admitted; the event must have been admitted already."""
        return next(r for r in self.samsyn.trail.records if r.topic == ADMITTED and r.id == event_id)

    def loss(self, session: CapacityOffered) -> PoliceCancelled:
        """The police lose a whole session."""
        return PoliceCancelled(capacity_id=session.capacity_id, cause_code="shooting")

    async def cancel(self, session: CapacityOffered, **attributes: Any) -> Envelope:
        """The police say so, and know that it is kept."""
        return await self.police.tell(self.loss(session), **attributes)

    async def switch(self, mode: str) -> Envelope:
        """The centre decides what happens by itself."""
        told = {"centre": self.code, "mode": mode, "by_function": "coordinator", "reason_code": "exercise"}
        return (await self.tell(AutomationModeChanged.model_validate(told)))[0]

    async def a_spare_session(self) -> CapacityOffered:
        """A session half an hour after the others, offered when the plan stands, and planned for already: not used."""
        spare = self.session("spare", late=HOUR / 2)
        await self.tell(spare)
        await self.settle()
        return spare

    def operation(self, session: CapacityOffered) -> str:
        """The id of the operation that planning makes on a session."""
        return f"op:{session.capacity_id}"

    def scheduled(self, session: CapacityOffered) -> Said[OperationScheduled]:
        """How the operation on a session was scheduled."""
        said = self.samsyn.trail.of(OperationScheduled, PLANNING, self.since)
        return next(s for s in said if s.message.operation_id == self.operation(session))

    def confirmed(self, session: CapacityOffered) -> list[Said[OperationConfirmed]]:
        """How the operation on a session was confirmed, each time."""
        said = self.samsyn.trail.of(OperationConfirmed, PLANNING, self.since)
        return [s for s in said if s.message.operation_id == self.operation(session)]

    def session(self, name: str, late: timedelta = timedelta(0), area: str = "a", **more: Any) -> CapacityOffered:
        """A police session on the Friday, or so much later, that takes inspections of its area."""
        told = {
            "capacity_id": f"{POLICE}:{self.tag}-{name}",
            "unit": "local_police",
            "start_at": self.friday_at + late,
            "end_at": self.friday_at + late + SESSION,
            "staff": 4,
            "consent": CapacityConsent(mode="standing"),
            "base": Position(lat=57.70, lon=11.97),
            "areas": (area,),
        }
        return CapacityOffered.model_validate(told | more)

    def team(self, name: str, agency: str, late: timedelta = timedelta(0), **more: Any) -> CapacityOffered:
        """A team's shift on the Friday, from an hour before the sessions to two hours after them."""
        told = {
            "capacity_id": f"{agency}:{self.tag}-team-{name}",
            "unit": "team",
            "team": f"team-{agency}-{self.tag}-{name}"[:50],
            "start_at": self.friday_at + late - HOUR,
            "end_at": self.friday_at + late + SESSION + 2 * HOUR,
            "staff": 2,
            "consent": CapacityConsent(mode="standing"),
        }
        return CapacityOffered.model_validate(told | more)

    def inspection(self, name: str, agency: str, area: str = "a", **more: Any) -> InspectionProposed:
        """A wanted inspection of an area, on the Friday or the day after; the agency that wants it must be there."""
        window = TimeWindow(from_at=self.friday_at - HOUR, until_at=self.friday_at + timedelta(days=1))
        told = {
            "inspection_id": f"{agency}:{self.tag}-wish-{name}",
            "site": self.site(name, agency),
            "indications": ("unregistered_work",),
            "police_need": "required",
            "value": 500,
            "programme": "a-krim",
            "duration_minutes": 60,
            "time_windows": (window,),
            "required_agencies": (agency,),
            "area": area,
        }
        return InspectionProposed.model_validate(told | more)

    def site(self, name: str, agency: str) -> Site:
        """A site with an invented name and an organisation number that begins with 4."""
        return Site(
            site_id=f"{agency}:{self.tag}-{name}-site",
            municipality="1480",
            industry="5610",
            position=Position(lat=57.71, lon=11.99),
            address="Provgatan 1",
            name=f"Provkrogen {name} {self.tag} AB",
            organisation_number="402000-1234",
        )

    def readiness(
        self, inspections: Sequence[InspectionProposed], agencies: Sequence[str]
    ) -> tuple[ReadinessDeclared, ...]:
        """Each agency is ready for each inspection."""
        return tuple(
            ReadinessDeclared(inspection_id=wanted.inspection_id, agency=agency, ready=True)
            for wanted in inspections
            for agency in agencies
        )

    def interest(self, wanted: InspectionProposed, agency: str) -> InterestDeclared:
        """An agency wants very much to take part."""
        return InterestDeclared(inspection_id=wanted.inspection_id, agency=agency, interest="high")


async def centre_at_work(samsyn: Samsyn, code: str) -> CentreAtWork:
    """A centre whose sessions start at nine (in summer) on a Friday at least eight days from now; it knows the time."""
    await samsyn.pass_time(samsyn.now_at + timedelta(minutes=1), code)
    at_seven = (samsyn.now_at + LEAD).replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(days=1)
    friday_at = at_seven + timedelta(days=(FRIDAY - at_seven.weekday()) % 7)
    return CentreAtWork(samsyn, code, friday_at, since=len(samsyn.trail.records))


@dataclass(frozen=True)
class Friday:
    """A published plan: one operation that is going to lose its police, one beside it, and sites for both."""

    centre: CentreAtWork
    lost: CapacityOffered
    beside: CapacityOffered
    inspections: tuple[InspectionProposed, ...]


async def a_confirmed_friday(centre: CentreAtWork) -> Friday:
    """Two operations on the Friday, both confirmed; it is three hours before they start."""
    lost, beside = centre.session("lost"), centre.session("beside", area="b")
    teams = [centre.team("1", AV), centre.team("1", SKV), centre.team("2", AV), centre.team("2", SKV)]
    wanted = (
        centre.inspection("1", AV),
        centre.inspection("1", SKV),
        centre.inspection("2", AV, area="b"),
        centre.inspection("2", SKV, area="b"),
    )
    await centre.tell(lost, beside, *teams, *wanted)
    await centre.samsyn.quiet()
    await centre.tell(*centre.readiness(wanted, (AV, SKV)))
    await centre.settle()
    await centre.pass_time(centre.friday_at - BEFORE_START)
    assert len(centre.confirmed(lost)) == 1
    assert len(centre.confirmed(beside)) == 1
    return Friday(centre, lost, beside, wanted)
