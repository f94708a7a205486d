"""What must hold of the record of each operation and of the ledger's facts, judged by what agencies have said."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from samsyn_contracts.bus import ADMITTED, INSPECTION
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_inspection.handlers import HANDLERS
from samsyn_inspection.handlers import on_stated as says_from_the_spot
from samsyn_reporting.store import TABLES

from tests.simulation.agencies import Agencies
from tests.simulation.bus import Bus, Place
from tests.simulation.postgres.server import Server
from tests.simulation.postgres.tables import View

Views = Mapping[str, View]
Tables = Mapping[str, Mapping[tuple[Any, ...], dict[str, Any]]]
Ask = Callable[[str, bool, str], None]
FROM_THE_SPOT = {kind.type_name() for kind, handler in HANDLERS.items() if handler is says_from_the_spot}
FACT_TABLES = tuple(str(table.__tablename__) for table in TABLES.values())
# By what it is known that inspection says the same thing again.
SAID_ONCE = {"OperationCompleted": "operation_id", "EventRejected": "rejected_id", "FindingPlaced": "finding_id"}
# What each kind of event leaves in the ledger's tables: a row of its own.
COUNTED = {
    "offer": (ADMITTED, "CapacityOffered"),
    "proposal": (ADMITTED, "InspectionProposed"),
    "start": (ADMITTED, "OperationStarted"),
    "hand_in": (ADMITTED, "InspectionCompleted"),
    "finding": (ADMITTED, "FindingRecorded"),
    "ending": (INSPECTION, "OperationCompleted"),
}


@dataclass
class SpotWatch:
    """The watch over inspection's database and over what it says."""

    agencies: Agencies
    server: Server
    ask: Ask
    endings: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    _said_as: dict[tuple[str, str], str] = field(default_factory=dict)
    _taken: set[tuple[str, str]] = field(default_factory=set)
    _heard: dict[tuple[Any, ...], tuple[str, str]] = field(default_factory=dict)
    _broken_off: set[str] = field(default_factory=set)

    def on_commit(self, views: Views) -> None:
        """A transaction of inspection's is committed."""
        new = {key for key in views["inbox"].changes if key not in self._taken} if "inbox" in views else set()
        self._taken |= new
        told = [key for key in new if self._is_from_the_spot(key)]
        noted = 0
        for key, row in views["heard"].changes.items() if "heard" in views else ():
            kept = (row["envelope"], row["body"]) if row is not None else ("", "")
            noted += key not in self._heard
            if '"cause_code"' in kept[1]:
                self._broken_off.add(key[0])
            self.ask("statements stay as said", self._heard.setdefault(key, kept) == kept, f"{key} is another")
        if told or noted:
            sentence = f"{len(told)} statements are {noted} rows: {sorted(told)[:3]}"
            self.ask("statements are noted once", noted == len(told), sentence)

    def on_said(self, kind: str, told: Mapping[str, str], facts: dict[str, Any]) -> None:
        """Inspection says something for the first time under this id, or with this body."""
        if kind not in SAID_ONCE:
            return
        what = facts[SAID_ONCE[kind]]
        if kind == "EventRejected":
            self.refused[what] += 1
            what += f"#{self.refused[what]}"
        known = self._said_as.setdefault((kind, what), told["ce_id"])
        self.ask("inspection says all once", known == told["ce_id"], f"{kind} of {what}: {known} and {told['ce_id']}")
        if kind == "OperationCompleted":
            self.endings[what] = facts

    def is_over(self, operation_id: str) -> bool:
        """Whether an operation is over, or those on the spot have put some of it back on the list."""
        return operation_id in self.endings or operation_id in self._broken_off

    def unfinished(self) -> dict[str, list[Any]]:
        """What is not as it must be once all is healed and quiet."""
        rows, counted = self.server.rows("heard"), self._counted()
        started = {operation_id for operation_id, kind in counted if kind == "OperationStarted"}
        lost = [id_ for id_, one in self.agencies.sayings.items() if self._is_lost(id_, one.answer)]
        return {
            "not noted": lost,
            "held for ever": [(row["operation_id"], row["number"]) for row in rows if row["is_held"]],
            "never over": sorted(started - self.endings.keys()),
            "over and never begun": sorted(self.endings.keys() - started),
            "counted otherwise than handed in": [
                operation_id
                for operation_id, ending in sorted(self.endings.items())
                if set(ending["done_inspection_ids"]) != counted[operation_id, "InspectionCompleted"]
            ],
        }

    def _counted(self) -> Mapping[tuple[str, str], set[str]]:
        """What stands in the statements that were not refused: by operation and kind, inspections or parties."""
        left, found = Counter(self.refused), defaultdict[tuple[str, str], set[str]](set)
        for row in sorted(self.server.rows("heard"), key=lambda row: int(row["number"])):
            envelope, body = Envelope.model_validate(json.loads(row["envelope"])), json.loads(row["body"])
            if left[envelope.id]:
                left[envelope.id] -= 1
                continue
            kind = envelope.type.split(".")[-2]
            found[row["operation_id"], kind].add(body.get("inspection_id", envelope.party))
        return found

    def _is_from_the_spot(self, key: tuple[str, str]) -> bool:
        saying = self.agencies.sayings.get(key[1].partition("#")[0])
        return saying is not None and saying.event.envelope.type in FROM_THE_SPOT

    def _is_lost(self, id_: str, answer: str | None) -> bool:
        message: Message = self.agencies.sayings[id_].event.message
        key = (self.agencies.sayings[id_].event.envelope.source, id_)
        return answer == "EventAdmitted" and message.type_name() in FROM_THE_SPOT and key not in self._taken


@dataclass
class LedgerWatch:
    """The watch over reporting's tables."""

    bus: Bus
    server: Server
    ask: Ask
    _num_records: dict[Place, int] = field(default_factory=dict)
    _facts: dict[tuple[Any, ...], tuple[str, dict[str, Any]]] = field(default_factory=dict)
    _taken: set[tuple[str, str]] = field(default_factory=set)

    def on_commit(self, views: Views) -> None:
        """A transaction of reporting's is committed."""
        self._taken |= views["inbox"].changes.keys() if "inbox" in views else set()
        for table in FACT_TABLES:
            for key, row in views[table].changes.items() if table in views else ():
                is_same = row is not None and self._facts.setdefault(key, (table, row)) == (table, row)
                self.ask("facts stay as told", is_same, f"{table} {key} is another, or told twice")
                self.ask("facts come from events", key in self._taken, f"{table} {key} is no event that was taken in")

    def standing(self) -> Tables:
        """The tables as they stand; the log's length with them, for the log goes on."""
        self._num_records = {place: len(records) for place, records in self.bus.logs.items()}
        return _tables(self.server)

    def otherwise_than(self, standing: Tables, rebuilt: Server) -> list[str]:
        """Tables that were not what a rebuild from the log gives."""
        anew = _tables(rebuilt)
        return [name for name, rows in standing.items() if rows != anew[name]]

    def miscounted(self, standing: Tables, poison: Collection[tuple[str, int, int]]) -> list[str]:
        """Tables that had another number of rows than the log had events of their kind."""
        ids = defaultdict[tuple[str, str], set[str]](set)
        for place, num_records in self._num_records.items():
            for record in self.bus.logs[place][:num_records] if place[0] in (ADMITTED, INSPECTION) else ():
                if (*place, record.offset) not in poison:
                    ids[place[0], record.header("ce_type").split(".")[-2]].add(record.header("ce_id"))
        told = {table: (len(standing[table]), len(ids[what])) for table, what in COUNTED.items()}
        return [f"{table} {rows} of {events}" for table, (rows, events) in told.items() if rows != events]


def _tables(server: Server) -> Tables:
    return {name: dict(server.tables[name].rows) for name in (*FACT_TABLES, "heard")}
