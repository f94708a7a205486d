"""What must hold after every step, judged from outside: by what was committed, sent, read and said."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING
from samsyn_contracts.register import Register

from tests.simulation.agencies import ADDRESS, STOCKHOLM, Agencies
from tests.simulation.bus import Bus, Place, Record
from tests.simulation.plans import PlanWatch
from tests.simulation.postgres.server import Server
from tests.simulation.postgres.tables import View
from tests.simulation.records import LedgerWatch, SpotWatch, Tables

Identity = tuple[str, str, str, bytes]
Views = Mapping[str, View]
ANSWERS = ("EventAdmitted", "EventRejected")
OF_PERIODS = ("PlanningPeriodOpened", "PlanningPeriodFrozen")


@dataclass
class Promises:
    """The watch over one run; what is broken is told once and for all."""

    bus: Bus
    agencies: Agencies
    register: Register
    servers: Mapping[str, Server]
    now: Callable[[], datetime]
    violations: list[str] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)
    log: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    poison: set[tuple[str, Place, int]] = field(default_factory=set)
    letters: set[tuple[str, Place, int]] = field(default_factory=set)
    _kept: set[tuple[str, str]] = field(default_factory=set)
    _published: set[tuple[str, str, str]] = field(default_factory=set)
    _expected: dict[tuple[str, str], list[Identity]] = field(default_factory=lambda: defaultdict(list))
    _periods: set[tuple[str, str, str]] = field(default_factory=set)
    _promised: set[tuple[str, str, Identity]] = field(default_factory=set)
    _sent: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _seen: set[tuple[str, str, Identity]] = field(default_factory=set)
    _rows: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _times: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.spot = SpotWatch(self.agencies, self.servers["inspection"], self.ask)
        self.ledger = LedgerWatch(self.bus, self.servers["reporting"], self.ask)
        self.plans = PlanWatch(self.agencies, self.servers["planning"], self.violate, self.spot.is_over)
        self.bus.watchers.append(self._on_record)
        for service, server in self.servers.items():
            server.watchers.append(self._on_outbox(service, server))
        self.servers["exchange"].watchers.insert(0, self._on_exchange)
        self.servers["planning"].watchers.append(self.plans.on_commit)
        self.servers["inspection"].watchers.append(self.spot.on_commit)
        self.servers["reporting"].watchers.append(self.ledger.on_commit)

    def violate(self, sentence: str) -> None:
        """Note that a promise is broken."""
        if len(self.violations) < 20:
            self.violations.append(f"{self.now().isoformat(timespec='seconds')} {sentence}")

    def ask(self, what: str, holds: bool, sentence: str) -> None:
        """Count a promise that was checked, and note it where it is broken."""
        self.checked[what] += 1
        if not holds:
            self.violate(f"{what}: {sentence}")

    def on_offsets(self, service: str, place: Place, position: int) -> None:
        """Nobody acknowledges what is not committed."""
        row = self.servers[service].tables["position"].rows.get(place)
        taken = 0 if row is None else row["next_offset"]
        self.ask("acknowledged is committed", taken >= position, f"{service} acknowledged {place} up to {position}")

    def is_member(self, party: str, centre: str, at: datetime) -> bool:
        """Whether a party takes part in a centre on the day that people in Sweden have then."""
        return party == centre or self.register.by_code[party].is_member(centre, at.astimezone(STOCKHOLM).date())

    def _on_exchange(self, views: Views) -> None:
        if "message_log" not in views:
            return
        for row in views["message_log"].changes.values():
            if row is None:
                self.violate("nothing lost: an event is gone from the message log")
                continue
            centre, key, party = row["centre"], (row["source"], row["id"]), row["source"].rpartition(":")[2]
            in_order = row["number"] == len(self.log[centre]) + 1
            self.ask("the log has no gap", in_order, f"{centre} goes on with {row['number']}")
            self.log[centre].append(key)
            self._kept.add(key)
            was = self.is_member(party, centre, row["received_at"])
            self.ask("heard only as a member", was, f"{party} was heard at {centre} at {row['received_at']}")

    def _on_outbox(self, service: str, server: Server) -> Callable[[Views], None]:
        def on_commit(views: Views) -> None:
            if "outbox" not in views:
                return
            for (number,), row in sorted(views["outbox"].changes.items()):
                if row is None:
                    self.violate(f"nothing lost: {service}'s outbox row {number} is gone")
                elif number not in self._rows[service]:
                    self._rows[service].add(number)
                    self._on_said(service, row)
                elif row["sent_at"] is not None:
                    said = (row["topic"], row["key"], _identity(json.loads(row["headers"]), row["body"]))
                    self.ask("marked sent is sent", said in self._seen, f"{service}'s row {number} was never sent")

        return on_commit

    def _on_said(self, service: str, row: dict[str, Any]) -> None:
        headers, topic, key = json.loads(row["headers"]), row["topic"], row["key"]
        told, identity = dict(headers), _identity(headers, row["body"])
        if (topic, key, identity) not in self._promised:
            self._promised.add((topic, key, identity))
            self._expected[topic, key].append(identity)
        kind = told.get("ce_type", "").split(".")[-2:-1]
        if topic == ADMITTED:
            once = (told["ce_source"], told["ce_id"], told.get("replay_for", "") and told["ce_causationid"])
            self.ask("published once", once not in self._published, f"{once} is published again")
            self._published.add(once)
        elif topic == PLANNING and kind[0] in OF_PERIODS:
            self._on_period(kind[0], json.loads(row["body"]))
        elif topic == INSPECTION:
            self.spot.on_said(kind[0], told, json.loads(row["body"]))
        elif topic.startswith("samsyn.to."):
            self._on_told(topic.split(".")[2], kind[0], key, told, row["body"])

    def _on_period(self, kind: str, told: Mapping[str, Any]) -> None:
        """Each period has its deadlines in every version of a wheel: it opens once, and freezes once."""
        period = (kind, told["wheel_id"], told["period_id"])
        self.ask("periods are told once", period not in self._periods, f"{period} is told again")
        self._periods.add(period)

    def _on_told(self, party: str, kind: str, centre: str, told: Mapping[str, str], body: bytes) -> None:
        facts = json.loads(body)
        if kind == "EventAdmitted":
            is_kept = (f"urn:samsyn:{party}", facts["admitted_id"]) in self._kept
            self.ask("admitted is kept", is_kept, f"{party} was promised {facts['admitted_id']}")
        elif kind == "EventRejected" and told["ce_source"].endswith(":exchange"):
            self._on_refused(party, centre, facts, datetime.fromisoformat(told["ce_time"]))
        elif kind not in ANSWERS and centre != "_all":
            # Its day is that of the exchange's time, which may be later than what it tells.
            at = self.servers["exchange"].tables["clock"].rows[1,]["now_at"]
            self.ask("only members hear", self.is_member(party, centre, at), f"{party} hears {kind} of {centre}")
            is_another = told["ce_source"] != f"urn:samsyn:{party}"
            self.ask("nobody hears itself", is_another, f"{party} is told of its own {kind}")
        if ADDRESS.encode() in body:
            capacities = [one["capacity_id"] for one in facts.get("participants", ())]
            has_part = self.agencies.has_accepted(party, facts.get("operation_id", ""), capacities)
            self.ask("only who accepted sees the site", has_part, f"{party} sees the site in {kind}")

    def _on_refused(self, party: str, centre: str, facts: Mapping[str, Any], at: datetime) -> None:
        if any(reason["code"] == "not_member" for reason in facts["reasons"]) and centre in self.register.centres:
            self.ask("members are heard", not self.is_member(party, centre, at), f"{party} is refused by {centre}")

    def _on_record(self, record: Record) -> None:
        if record.topic.startswith("samsyn.from.") or record.offset in self._poisoned(record):
            return
        key, identity = (record.key or b"").decode(), _identity_of(record)
        if record.topic.startswith("samsyn.dlq."):
            self._on_letter(record)
        if (record.topic, key, identity) in self._seen:
            self.checked["sent again after a fault"] += 1
            return
        self._seen.add((record.topic, key, identity))
        if key in self.register.centres:
            number, expected = self._sent[record.topic, key], self._expected[record.topic, key]
            self._sent[record.topic, key] += 1
            is_next = number < len(expected) and expected[number] == identity
            self.ask("sent in order", is_next, f"{record.topic} for {key}: {record.header('ce_type')} is not the next")
        if record.topic == ADMITTED and record.header("ce_type") == "se.samsyn.TimePassed.v1":
            self._on_time(key, json.loads(record.value or b"")["until"])
        if record.topic == PLANNING:
            self.plans.on_record(record)

    def _on_time(self, centre: str, until: str) -> None:
        before, self._times[centre] = self._times.get(centre, until), until
        is_later = datetime.fromisoformat(before) <= datetime.fromisoformat(until)
        self.ask("time never goes back", is_later, f"{centre} was told {before}, then {until}")

    def _on_letter(self, record: Record) -> None:
        letter = json.loads(record.value or b"")
        what = (record.topic.split(".")[2], (letter["topic"], letter["partition"]), letter["offset"])
        self.ask("only poison is set aside", what in self.poison, f"{what} is no poison: {letter['reason']}")
        self.letters.add(what)

    def _poisoned(self, record: Record) -> set[int]:
        place = (record.topic, record.partition)
        return {offset for _, where, offset in self.poison if where == place}

    def unfinished(self) -> list[str]:
        """What is not as it must be once all is healed and quiet."""
        published = {(source, id_) for source, id_, again in self._published if not again}
        lost = [key for keys in self.log.values() for key in keys if key not in published]
        unsent = {name: self.unsent(name) for name in self.servers}
        findings: dict[str, list[Any]] = {
            "admitted and not published": lost,
            "not sent": [name for name, number in unsent.items() if number],
            "never answered": [id_ for id_, one in self.agencies.waiting.items() if one.answer is None],
            "not read": list(self.bus.lag().items()),
            "poison not set aside": sorted(self.poison - self.letters),
            "without effect": self.plans.without_effect(self.log),
            "not the last word": self.plans.not_the_last_word(),
            **self.spot.unfinished(),
        }
        return [f"{what}: {found[:3]}" for what, found in findings.items() if found]

    def otherwise_than(self, standing: Tables, rebuilt: Server) -> list[str]:
        """What the ledger had otherwise than the log: than it was made anew from it, and than its events are."""
        miscounted = self.ledger.miscounted(standing, {(*place, offset) for _, place, offset in self.poison})
        return [f"ledger and log: {one}" for one in (*self.ledger.otherwise_than(standing, rebuilt), *miscounted)]

    def unsent(self, service: str) -> int:
        """How many rows of a service's outbox wait."""
        table = self.servers[service].tables["outbox"]
        return len(table.found(("sent_at",), [(None,)]))


def _identity(headers: list[list[str]], body: bytes) -> Identity:
    told = dict(headers)
    return (told.get("ce_id", ""), told.get("ce_type", ""), told.get("replay_for", ""), body)


def _identity_of(record: Record) -> Identity:
    return (record.header("ce_id"), record.header("ce_type"), record.header("replay_for"), record.value or b"")
