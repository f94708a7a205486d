"""What agencies say in a run: the police's published disturbances in their order, and a day's work around them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from samsyn_contracts.bus import Headers, headers_of
from samsyn_contracts.capacity import (
    CapacityConsent,
    CapacityOffered,
    ConsentGiven,
    DisturbanceReported,
    PoliceCancelled,
)
from samsyn_contracts.envelope import Envelope, party_source
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.inspections import (
    InspectionProposed,
    InspectionWithdrawn,
    InterestDeclared,
    ReadinessDeclared,
    Site,
    TimeWindow,
)
from samsyn_contracts.message import Message, Position
from samsyn_demo.disturbances import Disturbance, read_disturbances
from samsyn_demo.places import CITY_OF_CENTRE, day_of, local

POLICE, AV, SKV, MIV = "polisen", "arbetsmiljoverket", "skatteverket", "migrationsverket"
PARTIES = (POLICE, AV, SKV, MIV)
CENTRES = ("akc-vast", "akc-stockholm")
CENTRE_OF = {city: centre for centre, city in CITY_OF_CENTRE.items()}
LEAD_DAYS, SESSION_HOURS, SITES_A_DAY, MOST_CAUSES = 9, 4, 2, 0.3
GAP = timedelta(days=30)
SEVERITIES = {"A": "heavy", "B": "serious"}


@dataclass(frozen=True)
class Saying:
    """An event ready to be said, by whom."""

    party: str
    envelope: Envelope
    message: Message

    @property
    def id(self) -> str:
        """The event's id."""
        return self.envelope.id

    @property
    def headers(self) -> Headers:
        """Its record headers."""
        return headers_of(self.envelope)


@dataclass(frozen=True)
class Step:
    """Up to when time has passed, and what is said then."""

    at: datetime
    sayings: Sequence[Saying]


@dataclass
class Stream:
    """Steps for ever, from a day that the seed chooses; the same seed gives the same steps."""

    seed: int
    tag: str
    nights: Sequence[date] = ()
    is_now: bool = False
    _sessions: dict[str, list[CapacityOffered]] = field(default_factory=dict)
    _sequence: int = 0

    def __post_init__(self) -> None:
        self._dice = Random(f"stream:{self.seed}")

    def steps(self) -> Iterator[Step]:
        """A step per disturbance; before the first one of a day, what the agencies plan for a day ahead."""
        told, _ = read_disturbances()
        ours = [one for one in told if CENTRE_OF.get(one.municipality.centre_city) in CENTRES]
        for night in () if self.is_now else self.nights:
            days = {night, night + timedelta(days=1)}
            yield from self._of([one for one in ours if day_of(one.occurred_at) in days])
        latest = [one for one in ours if not self.nights or day_of(one.occurred_at) > max(self.nights) + GAP]
        start = self._dice.randrange(len(latest) // 2)
        yield from self._of(latest[start:])

    def _of(self, disturbances: Sequence[Disturbance]) -> Iterator[Step]:
        """Steps of some disturbances that follow each other; in real time they happen now, one day after the other."""
        days: dict[date, date] = {}
        for one in disturbances:
            day = day_of(one.occurred_at)
            if day not in days:
                days[day] = day_of(datetime.now(UTC)) + timedelta(days=len(days)) if self.is_now else day
                yield from self._ahead(self._at(one), days[day], is_first=len(days) == 1)
            yield Step(self._at(one), self._disturbed(one))

    def _at(self, told: Disturbance) -> datetime:
        return datetime.now(UTC) if self.is_now else told.occurred_at

    def _ahead(self, at: datetime, day: date, *, is_first: bool) -> Iterator[Step]:
        """What is planned for the day that is so far ahead; on the first day for all days until then."""
        for number in range(1 if is_first else LEAD_DAYS, LEAD_DAYS + 1):
            wanted = day + timedelta(days=number)
            sayings = [one for centre in CENTRES for one in self._day(at, wanted, centre)]
            yield Step(at, sayings)

    def _day(self, at: datetime, day: date, centre: str) -> Iterator[Saying]:
        """A police session, two teams, sites, and what is declared of them; now and then a figure corrected."""
        start_at, name = local(day, 9), f"{self.tag}-{centre[4:]}-{day:%y%m%d}"
        session = self._session(name, start_at, staff=self._dice.randint(3, 6))
        self._sessions.setdefault(centre, []).append(session)
        yield self.saying(POLICE, centre, at, session)
        for agency in (AV, SKV):
            yield self.saying(agency, centre, at, self._team(name, agency, start_at))
        if self._dice.random() < 0.3:
            corrected = session.model_copy(update={"staff": session.staff + 1})
            yield self.saying(POLICE, centre, at, corrected)
        for number in range(SITES_A_DAY):
            agency = (AV, SKV)[number % 2]
            wanted = self._wanted(f"{name}-{number}", agency, start_at)
            yield self.saying(agency, centre, at, wanted)
            for other in (AV, SKV):
                ready = ReadinessDeclared(inspection_id=wanted.inspection_id, agency=other, ready=True)
                yield self.saying(other, centre, at, ready)
            keen = InterestDeclared(inspection_id=wanted.inspection_id, agency=MIV, interest="low")
            yield self.saying(MIV, centre, at, keen)
            yield self.saying(agency, centre, at, self._finding(wanted, session, agency))
            if self._dice.random() < 0.1:
                gone = InspectionWithdrawn(inspection_id=wanted.inspection_id, reason_code="solved")
                yield self.saying(agency, centre, at, gone)
        if self._dice.random() < 0.3:
            told = {"consent_id": f"{AV}:consent-{name}", "given_by_function": "coordinator", "covers": ("time",)}
            yield self.saying(AV, centre, at, ConsentGiven.model_validate({**told, "valid_until": start_at}))

    def _disturbed(self, told: Disturbance) -> Sequence[Saying]:
        """The disturbance itself and, if it is heavy or the dice say so, the next session that it takes."""
        centre, at = CENTRE_OF[told.municipality.centre_city], self._at(told)
        report = {
            "disturbance_id": f"{POLICE}:{self.tag}-{told.disturbance_id}",
            "kind": told.kind,
            "severity": SEVERITIES[told.klass],
            "municipality": told.municipality.code,
            "verified": True,
        }
        disturbance = DisturbanceReported.model_validate(report)
        sayings = [self.saying(POLICE, centre, at, disturbance)]
        sessions = self._sessions.get(centre, [])
        while sessions and sessions[0].start_at <= at:
            sessions.pop(0)
        if sessions and (told.klass == "A" or self._dice.random() < MOST_CAUSES):
            lost = sessions.pop(self._dice.randrange(min(3, len(sessions))))
            cancelled = {"capacity_id": lost.capacity_id, "cause_code": told.kind}
            more = {"disturbance_id": disturbance.disturbance_id}
            sayings.append(self.saying(POLICE, centre, at, PoliceCancelled.model_validate(cancelled | more)))
        return sayings

    def saying(self, party: str, centre: str, at: datetime, message: Message) -> Saying:
        """A message in an envelope of its own."""
        self._sequence += 1
        id_ = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.tag}:{self._sequence}")
        told = {"id": f"faults-{id_}", "source": party_source(party), "type": message.type_name()}
        about = {"time": at, "centre": centre, "environment": "test", "sequence": self._sequence}
        return Saying(party, Envelope.model_validate(told | about), message)

    def _session(self, name: str, start_at: datetime, staff: int) -> CapacityOffered:
        told: dict[str, Any] = {"capacity_id": f"{POLICE}:{name}", "unit": "local_police", "staff": staff}
        where = {"base": Position(lat=57.70, lon=11.97), "areas": ("a",), "consent": CapacityConsent(mode="standing")}
        return CapacityOffered.model_validate({**told, **where, **_lasting(start_at, 0)})

    def _team(self, name: str, agency: str, start_at: datetime) -> CapacityOffered:
        told = {"capacity_id": f"{agency}:{name}", "unit": "team", "team": f"t-{name}"[:50].lower(), "staff": 2}
        return CapacityOffered.model_validate(
            {**told, "consent": CapacityConsent(mode="standing"), **_lasting(start_at, 1)}
        )

    def _wanted(self, name: str, agency: str, start_at: datetime) -> InspectionProposed:
        window = TimeWindow(from_at=start_at, until_at=start_at + timedelta(days=2))
        site = Site(
            site_id=f"{agency}:site-{name}",
            municipality="1480",
            industry="5610",
            position=Position(lat=57.71, lon=11.99),
            name=f"Provkrogen {name} AB",
            organisation_number="402000-1234",
        )
        told = {
            "inspection_id": f"{agency}:wish-{name}",
            "site": site,
            "indications": ("unregistered_work",),
            "police_need": "required",
            "value": self._dice.randint(100, 900),
            "programme": "a-krim",
            "duration_minutes": 60,
            "time_windows": (window,),
            "required_agencies": (agency,),
            "area": "a",
        }
        return InspectionProposed.model_validate(told)

    def _finding(self, wanted: InspectionProposed, session: CapacityOffered, agency: str) -> FindingRecorded:
        """Said of the operation that may come to be: it waits for its day, or is refused for good."""
        told = {
            "finding_id": f"{agency}:finding-{wanted.inspection_id.partition(':')[2]}",
            "operation_id": f"op:{session.capacity_id}",
            "inspection_id": wanted.inspection_id,
            "plan_version": 1,
            "category": "work_environment",
            "subject_kind": "organisation",
            "payload_ref": f"contents:{agency}:{uuid.uuid5(uuid.NAMESPACE_URL, wanted.inspection_id)}",
        }
        return FindingRecorded.model_validate(told)


def _lasting(start_at: datetime, hours_around: int) -> dict[str, datetime]:
    around = timedelta(hours=hours_around)
    return {"start_at": start_at - around, "end_at": start_at + timedelta(hours=SESSION_HOURS) + around}
