"""What the agencies of the bench say: a mix of facts that planning keeps or refuses without making a plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from samsyn_contracts.bus import Headers, from_topic, headers_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Envelope, party_source

PARTIES = ("polisen", "skatteverket", "arbetsmiljoverket", "migrationsverket")
CENTRES = ("akc-vast", "akc-stockholm", "akc-syd")
AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
NUM_TEAMS = 40
Facts = dict[str, Any]


@dataclass(frozen=True)
class SaidRecord:
    """A record ready to be sent; planning answers EventRejected to those that are `refused`."""

    topic: str
    id: str
    name: str
    refused: bool
    headers: Headers
    body: bytes


class Sayings:
    """What is said next: nothing is said twice, and time goes on, so that no team is offered twice for the same day."""

    def __init__(self) -> None:
        self._num_said = 0

    def next(self, num: int) -> list[SaidRecord]:
        """That many records of all parties, centres and kinds in turn."""
        first, self._num_said = self._num_said, self._num_said + num
        return [_said(number) for number in range(first, first + num)]


def _said(number: int) -> SaidRecord:
    turn, place = divmod(number, len(MIX))
    party = PARTIES[turn % len(PARTIES)]
    name = "DisturbanceReported" if (party, MIX[place]) == ("polisen", "AdapterHeartbeat") else MIX[place]
    centre = CENTRES[turn // len(PARTIES) % len(CENTRES)]
    id_ = f"bench-{number}"
    kind = "capacity" if name.startswith("Capacity") else "inspection" if name in _OF_INSPECTIONS else "other"
    thing = f"{party}:{kind}-{turn}-{MIX[:place].count(name)}"
    body = json.dumps(_FACTS[name](party, thing, turn)).encode()
    message_class = MESSAGES[f"se.samsyn.{name}.v1"]
    message_class.model_validate_json(body)  # a record that is refused for its form would measure nothing
    envelope = Envelope(
        id=id_,
        source=party_source(party),
        type=message_class.type_name(),
        time=AT,
        centre=centre,
        environment="test",
        sequence=number,
    )
    return SaidRecord(from_topic(party), id_, name, name == "CapacityWithdrawn", headers_of(envelope), body)


def _offered(party: str, thing: str, turn: int) -> Facts:
    start_at = AT + timedelta(days=1 + turn // NUM_TEAMS)
    shift = {"start_at": start_at.isoformat(), "end_at": (start_at + timedelta(hours=8)).isoformat()}
    told = {"capacity_id": thing, "staff": 4, "consent": {"mode": "ask"}, **shift}
    if party == "polisen":
        return {**told, "unit": "local_police", "base": {"lat": 57.7, "lon": 11.97}}
    return {**told, "unit": "team", "team": _team(thing, turn)}


def _team(thing: str, turn: int) -> str:
    """One of the teams: it comes again after NUM_TEAMS turns, on the next day."""
    return f"team-{thing.rpartition('-')[2]}-{turn % NUM_TEAMS}"


def _withdrawn(_party: str, thing: str, _turn: int) -> Facts:
    return {"capacity_id": f"{thing}-never-offered", "reason_code": "other"}


def _proposed(party: str, thing: str, turn: int) -> Facts:
    return {
        "inspection_id": thing,
        "site": {
            "site_id": f"{party}:site-{turn}",
            "municipality": "1480",
            "industry": "5610",
            "position": {"lat": 57.7 + turn % 100 / 1000, "lon": 11.97},
            "address": "Storgatan 1",
            "name": f"Exempelbolaget {turn} AB",
            "organisation_number": "402100-0000",
        },
        "indications": ["undeclared_work"],
        "police_need": "wanted",
        "value": 100,
        "programme": "akrim",
        "duration_minutes": 60,
        "time_windows": [{"from_at": AT.isoformat(), "until_at": (AT + timedelta(days=28)).isoformat()}],
    }


def _ready(party: str, thing: str, _turn: int) -> Facts:
    return {"inspection_id": thing, "agency": party, "ready": True}


def _interested(party: str, thing: str, _turn: int) -> Facts:
    return {"inspection_id": thing, "agency": party, "interest": "high"}


def _disturbed(_party: str, thing: str, _turn: int) -> Facts:
    return {"disturbance_id": thing, "kind": "accident", "severity": "other", "municipality": "1480"}


def _alive(_party: str, thing: str, _turn: int) -> Facts:
    return {"adapter_id": thing, "version": "0.1.0"}


# Ten in a row: what is declared of an inspection follows its proposal, from the same party and so in order.
MIX = (
    *("CapacityOffered", "InspectionProposed", "ReadinessDeclared", "CapacityOffered", "InterestDeclared"),
    *("InspectionProposed", "ReadinessDeclared", "CapacityOffered", "CapacityWithdrawn", "AdapterHeartbeat"),
)
_OF_INSPECTIONS = ("InspectionProposed", "ReadinessDeclared", "InterestDeclared")
_FACTS: Mapping[str, Callable[[str, str, int], Facts]] = {
    "CapacityOffered": _offered,
    "CapacityWithdrawn": _withdrawn,
    "InspectionProposed": _proposed,
    "ReadinessDeclared": _ready,
    "InterestDeclared": _interested,
    "AdapterHeartbeat": _alive,
    "DisturbanceReported": _disturbed,
}
