"""Agencies at work: they offer, want, cancel, answer and repeat themselves, as the seed says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from samsyn_contracts import capacity, inspections, operations, periods, plans
from samsyn_contracts.bus import event_of, from_topic, headers_of, to_topic
from samsyn_contracts.envelope import Envelope, Event, party_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventAdmitted, EventRejected

from tests.simulation.bus import Bus, Record

STOCKHOLM = ZoneInfo("Europe/Stockholm")
POLICE, INSPECTORS, TAXES = "polisen", "arbetsmiljoverket", "skatteverket"
LATE, LEAVING = "forsakringskassan", "migrationsverket"
AGENCIES = (POLICE, INSPECTORS, TAXES, LATE, LEAVING)
CENTRES = ("akc-vast", "akc-nord")
MOST_SAID = 8
ADDRESS = "Hemliga gatan"


@dataclass
class Saying:
    """An event as its sender keeps it until it is answered."""

    event: Event
    due: float
    answer: str | None = None
    num_said: int = 0


@dataclass
class Agencies:
    """All parties at once; `now` is the true time, `later` a moment of the machines' time some seconds ahead."""

    bus: Bus
    random: Random
    now: Callable[[], datetime]
    machine_time: Callable[[], float]
    sayings: dict[str, Saying] = field(default_factory=dict)
    waiting: dict[str, Saying] = field(default_factory=dict)
    is_done: bool = False
    _heard: list[tuple[str, Event]] = field(default_factory=list)
    _sessions: dict[str, list[str]] = field(default_factory=dict)
    _ends: dict[str, datetime] = field(default_factory=dict)
    _cancelled: dict[str, tuple[str, str]] = field(default_factory=dict)
    _wanted: dict[str, list[str]] = field(default_factory=dict)
    _teams: dict[str, list[str]] = field(default_factory=dict)
    _standing: set[str] = field(default_factory=set)
    _wheels: dict[str, int] = field(default_factory=dict)
    _centres: dict[str, str] = field(default_factory=dict)
    _accepted: set[tuple[str, str]] = field(default_factory=set)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.bus.watchers.append(self._hear)

    def begin(self, centre: str) -> None:
        """What a centre has before it when the simulation begins."""
        for deed in (self._offer_session, self._offer_session, self._offer_team, *[self._propose] * 4):
            deed(centre)

    def work(self, centre: str) -> None:
        """A few hours at a centre."""
        for often, deed in (
            (0.40, self._offer_session),
            (0.15, self._offer_team),
            (0.30, self._propose),
            (0.08, self._cancel),
            (0.06, self._give_back),
            (0.03, self._withdraw),
            (0.02, self._switch),
            (0.06, self._turn_the_wheel),
            (0.10, self._pin),
            (0.08, self.speak_as_a_guest),
            (0.05, self._speak_badly),
        ):
            if self.random.random() < often:
                deed(centre)

    def take_back(self, thing: str) -> None:
        """Withdraw a thing at once, whatever counts on it."""
        id_ = self._gone(thing, self._centres[thing], 0.0)
        self._write(self.sayings[id_])

    def stir(self) -> None:
        """Say something at once that wakes whoever waits for facts."""
        self._propose(self.random.choice(CENTRES))
        self.speak()

    def _gone(self, thing: str, centre: str, after: float) -> str:
        party, _, number = thing.partition(":")
        gone: Message = capacity.CapacityWithdrawn(capacity_id=thing, reason_code="other")
        if number.startswith("I"):
            gone = inspections.InspectionWithdrawn(inspection_id=thing, reason_code="other")
        elif party == POLICE:
            gone = capacity.PoliceCancelled(capacity_id=thing, cause_code="disturbance")
        id_ = self.say(party, centre, gone, after)
        if party == POLICE:
            self._cancelled[thing] = (centre, id_)
        return id_

    def speak(self) -> None:
        """Say what is due, again where no answer has come, and now and then for no reason."""
        at = self.machine_time()
        for saying in list(self.waiting.values()):
            if saying.due <= at:
                saying.due = at + self.random.choice((3.0, 10.0, 30.0))
                self._write(saying)
        if self.sayings and self.random.random() < 0.03:
            self._write(self.random.choice(list(self.sayings.values())))
        heard, self._heard = self._heard, []
        for party, event in heard:
            self._answer(party, event)

    def has_accepted(self, party: str, operation_id: str, capacity_ids: Iterable[str]) -> bool:
        """Whether a party has ever said yes to an operation, or beforehand to any with one of its capacities."""
        is_standing = any(id_ in self._standing for id_ in capacity_ids if id_.startswith(f"{party}:"))
        return is_standing or (party, operation_id) in self._accepted

    def _write(self, saying: Saying) -> None:
        saying.num_said += 1
        event = saying.event
        topic = from_topic(event.envelope.party)
        self.bus.append(topic, event.message.body(), event.envelope.centre.encode(), headers_of(event.envelope))

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def say(self, party: str, centre: str, message: Message, after: float = 0.0) -> str:
        """Keep an event, to be said now or a little later; its id."""
        id_ = str(UUID(int=self.random.getrandbits(128), version=4))
        envelope = Envelope(
            id=id_,
            source=party_source(party),
            type=message.type_name(),
            time=self.now(),
            centre=centre,
            environment="test",
            sequence=self._number(),
        )
        if isinstance(message, operations.ParticipationAccepted | operations.PoliceCommitted):
            self._accepted.add((party, message.operation_id))
        if isinstance(message, capacity.CapacityOffered) and message.consent.mode == "standing":
            self._standing.add(message.capacity_id)
        self._centres.setdefault(message.subject or "", centre)
        saying = Saying(Event(envelope, message), self.machine_time() + after)
        self.sayings[id_] = self.waiting[id_] = saying
        return id_

    def _day(self, days: int, hour: int) -> datetime:
        """An hour of the day some days ahead, as people in Sweden count both."""
        day = (self.now().astimezone(STOCKHOLM) + timedelta(days=days)).date()
        return datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM)

    def _offer_session(self, centre: str) -> None:
        id_, start = (
            f"{POLICE}:P{self._number()}",
            self._day(self.random.choice((1, 2, 3, 4, 6, 9)), self.random.choice((7, 8, 12))),
        )
        told = {
            "capacity_id": id_,
            "unit": "local_police",
            "start_at": start,
            "end_at": start + timedelta(hours=self.random.choice((4, 8))),
            "staff": 4,
            "consent": {"mode": "standing"},
            "base": {"lat": 57.7, "lon": 11.97},
        }
        self._sessions.setdefault(centre, []).append(id_)
        self._ends[id_] = told["end_at"]  # type: ignore[assignment]
        self.say(POLICE, centre, capacity.CapacityOffered.model_validate(told), self._moment())
        if self.random.random() < 0.6:
            # Agreed beforehand, as most are: somebody can come along.
            self._offer_shift(centre, self.random.choice((INSPECTORS, TAXES)), f"lag-{self._number()}", start)

    def _offer_team(self, centre: str) -> None:
        party = self.random.choice((INSPECTORS, TAXES))
        team, shifts = f"lag-{self._number()}", self.random.randint(2, 5)
        for number in range(shifts):
            self._offer_shift(centre, party, team, self._day(1 + 2 * number + self.random.randint(0, 1), 7))

    def _offer_shift(self, centre: str, party: str, team: str, start: datetime) -> None:
        told = {
            "capacity_id": f"{party}:T{self._number()}",
            "unit": "team",
            "team": team,
            "start_at": start,
            "end_at": start + timedelta(hours=10),
            "staff": 2,
            "consent": {"mode": self.random.choice(("standing", "standing", "ask"))},
            "base": {"lat": 57.71, "lon": 11.98},
        }
        self._teams.setdefault(centre, []).append(str(told["capacity_id"]))
        self.say(party, centre, capacity.CapacityOffered.model_validate(told), self._moment())

    def _propose(self, centre: str) -> None:
        party, number = self.random.choice((INSPECTORS, TAXES)), self._number()
        id_ = f"{party}:I{number}"
        site = {
            "site_id": f"{party}:S{number}",
            "municipality": "1480",
            "industry": "4121",
            "position": {"lat": 57.7 + number % 50 / 1000, "lon": 11.97},
            "address": f"{ADDRESS} {number}",
        }
        told = {
            "inspection_id": id_,
            "site": site,
            "indications": ["undeclared_work"],
            "police_need": self.random.choice(("required", "required", "wanted")),
            "value": self.random.randint(20, 100),
            "programme": "akrim",
            "duration_minutes": 60,
            "time_windows": [{"from_at": self._day(1, 6), "until_at": self._day(self.random.randint(7, 20), 20)}],
        }
        self._wanted.setdefault(centre, []).append(id_)
        self.say(party, centre, inspections.InspectionProposed.model_validate(told), self._moment())
        for agency in (INSPECTORS, TAXES):
            ready = {"inspection_id": id_, "agency": agency, "ready": True}
            self.say(agency, centre, inspections.ReadinessDeclared.model_validate(ready), self._moment() + 0.5)

    def _cancel(self, centre: str) -> None:
        """A disturbance takes a session, or all that lie next."""
        known = [one for one in self._sessions.get(centre, ()) if one not in self._cancelled]
        ahead = sorted((one for one in known if self._ends[one] > self.now()), key=self._ends.__getitem__)
        num_lost = self.random.choice((1, 1, 1, 3))
        for session in ahead[:num_lost]:
            self._gone(session, centre, self._moment())

    def _give_back(self, centre: str) -> None:
        lost = [one for one, (where, _) in self._cancelled.items() if where == centre]
        if lost:
            session = self.random.choice(lost)
            _, cancelled = self._cancelled.pop(session)
            retracted = capacity.PoliceCancellationRetracted(capacity_id=session, cancelled_event=cancelled)
            back = retracted if self.random.random() < 0.5 else capacity.PoliceRestored(capacity_id=session)
            self.say(POLICE, centre, back, self._moment())

    def _withdraw(self, centre: str) -> None:
        things = [*self._teams.get(centre, ()), *self._wanted.get(centre, ())]
        if things:
            self._gone(self.random.choice(things), centre, self._moment())

    def _switch(self, centre: str) -> None:
        mode = self.random.choice(("auto", "auto", "propose", "off"))
        told = {"centre": centre, "mode": mode, "by_function": "coordinator", "reason_code": "drill"}
        self.say(centre, centre, capacity.AutomationModeChanged.model_validate(told), self._moment())

    def _turn_the_wheel(self, centre: str) -> None:
        """A new version of the wheel: the days around today, each a period that freezes a day before it begins."""
        version = self._wheels[centre] = self._wheels.get(centre, 0) + 1
        days = [self._day(days, 7) for days in range(-1, 6)]
        told = [
            {
                "period_id": f"{day:%Y-%m-%d}",
                "from_day": f"{day:%Y-%m-%d}",
                "until_day": f"{day:%Y-%m-%d}",
                "freeze_at": day - timedelta(days=1),
            }
            for day in days
        ]
        wheel = {"wheel_id": f"{centre}:wheel", "year": days[0].year, "version": version, "periods": told}
        self.say(centre, centre, periods.AnnualWheelPublished.model_validate(wheel), self._moment())

    def _pin(self, centre: str) -> None:
        """The centre pins an operation, or lets go of it; it may be over, or never have been."""
        sessions = self._sessions.get(centre)
        if sessions:
            kind = self.random.choice((plans.OperationPinned, plans.OperationPinned, plans.OperationUnpinned))
            told = {"operation_id": f"op:{self.random.choice(sessions)}", "centre": centre}
            more = {"by_function": "coordinator", "reason_code": "drill"}
            self.say(centre, centre, kind.model_validate({**told, **more}), self._moment())

    def speak_as_a_guest(self, centre: str) -> None:
        """An agency that joins or leaves speaks, most of all about midnight, when it is a member or is none."""
        party = self.random.choice((LATE, LEAVING))
        wanted = self._wanted.get(centre) or [f"{TAXES}:I0"]
        told = {"inspection_id": self.random.choice(wanted), "agency": party, "interest": "low"}
        self.say(party, centre, inspections.InterestDeclared.model_validate(told))

    def _speak_badly(self, centre: str) -> None:
        """What no adapter should say: another's name, another body under an id, no JSON, no headers."""
        if not self.sayings:
            return
        event = self.random.choice(list(self.sayings.values())).event
        envelope, headers = event.envelope, headers_of(event.envelope)
        body, other = event.message.body(), self.random.choice(AGENCIES)
        bad: Sequence[tuple[str, bytes | None, Any]] = (
            (other if other != envelope.party else centre, body, headers),
            (envelope.party, body.replace(b"}", b',"x":"y"}', 1), headers),
            (envelope.party, b"{", headers),
            (envelope.party, body, []),
            (envelope.party, None, headers),
        )
        party, value, told = self.random.choice(bad)
        self.bus.append(from_topic(party), value, centre.encode(), told)

    def _moment(self) -> float:
        return self.random.choice((0.0, 0.0, 0.01, 0.1, 0.5))

    def _hear(self, record: Record) -> None:
        for party in (*AGENCIES, *CENTRES):
            if record.topic == to_topic(party):
                self._heard.append((party, event_of(record.headers, record.value)))

    def _answer(self, party: str, event: Event) -> None:
        message, centre = event.message, event.envelope.centre
        if isinstance(message, EventAdmitted | EventRejected):
            self._note_answer(message)
        elif self.is_done:
            return
        elif isinstance(message, operations.ParticipationRequested):
            self._reply(party, centre, message.operation_id, message.capacity_id, message.slot.session_id)
        elif isinstance(message, operations.PoliceRequested):
            told = {"operation_id": message.operation_id, "capacity_id": message.capacity_id, "unit": "local_police"}
            if self.random.random() < 0.95:
                self.say(party, centre, operations.PoliceCommitted.model_validate(told), self._moment())
        elif isinstance(message, plans.ReplanProposed) and self.random.random() < 0.8:
            kind = plans.ReplanApproved if self.random.random() < 0.7 else plans.ReplanRejected
            decided = {"replan_id": message.replan_id, "centre": centre, "by_function": "coordinator"}
            more = {"reason_code": "other"} if kind is plans.ReplanRejected else {}
            self.say(party, centre, kind.model_validate({**decided, **more}), self._moment())

    def _note_answer(self, message: EventAdmitted | EventRejected) -> None:
        id_ = message.admitted_id if isinstance(message, EventAdmitted) else message.rejected_id
        saying = self.waiting.pop(id_, None)
        if saying is not None:
            saying.answer = type(message).__name__
        known = self.sayings.get(id_)
        if (
            isinstance(message, EventRejected)
            and message.replayable
            and known is not None
            and known.num_said < MOST_SAID
        ):
            known.due = self.machine_time() + 1.0
            self.waiting[id_] = known

    def _reply(self, party: str, centre: str, operation_id: str, capacity_id: str, session_id: str) -> None:
        told = {"operation_id": operation_id, "capacity_id": capacity_id}
        drawn = self.random.random()
        if drawn < 0.85:
            accepted = {**told, "session_id": session_id}
            self.say(party, centre, operations.ParticipationAccepted.model_validate(accepted), self._moment())
        elif drawn < 0.95:
            declined = {**told, "session_id": session_id, "reason_code": "other"}
            self.say(party, centre, operations.ParticipationDeclined.model_validate(declined), self._moment())
