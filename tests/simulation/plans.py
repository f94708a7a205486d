"""What must hold of every plan, judged by what the parties have said and planning has taken in."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from samsyn_contracts.capacity import CapacityWithdrawn, PoliceCancelled
from samsyn_contracts.envelope import Event
from samsyn_contracts.inspections import InspectionWithdrawn
from samsyn_planning.handlers import HANDLERS

from tests.simulation.agencies import Agencies
from tests.simulation.bus import Record
from tests.simulation.postgres.server import Server
from tests.simulation.postgres.tables import View

Views = Mapping[str, View]
# What stood before a loss that was a mistake stands again: then the plan before is that one.
RESTORING = ("PoliceCancellationRetracted", "PoliceRestored")
GONE = CapacityWithdrawn | InspectionWithdrawn


@dataclass
class PlanWatch:
    """The watch over planning's database and over what it publishes."""

    agencies: Agencies
    server: Server
    violate: Callable[[str], None]
    is_over: Callable[[str], bool]
    num_plans: int = 0
    num_facts: int = 0
    _taken: set[tuple[str, str]] = field(default_factory=set)
    _refused: frozenset[str] = frozenset()
    _about: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    _planned: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _versions: dict[str, tuple[int, str]] = field(default_factory=dict)
    _facts: dict[str, int] = field(default_factory=dict)
    _told: dict[str, int] = field(default_factory=dict)

    def on_commit(self, views: Views) -> None:
        """A transaction of planning's is committed."""
        new = [key for key in views["inbox"].changes if key not in self._taken] if "inbox" in views else []
        refused = set(_refused(views))
        for key in new:
            self._taken.add(key)
            # Said again after a refusal as too early, an event has another key than the first time.
            id_, _, again = key[1].partition("#")
            self._refused = self._refused | {id_} if id_ in refused else self._refused - {id_}
            saying = self.agencies.sayings.get(id_)
            if saying is not None and not again:
                self._about[saying.event.message.subject or ""].append(saying.event)
        for row in _rows(views, "centre"):
            self._on_facts(json.loads(row["value"]), len(new))
        for row in _rows(views, "plan_version"):
            self._on_plan(row)

    def on_record(self, record: Record) -> None:
        """Planning said something for the first time."""
        if record.header("ce_type") == "se.samsyn.PlanPublished.v1":
            told = json.loads(record.value or b"")
            last = self._told.get(told["centre"], 0)
            self._told[told["centre"]] = told["plan_version"]
            if told["plan_version"] != last + 1:
                self.violate(f"versions rise by one: {told['centre']} told {told['plan_version']} after {last}")

    def without_effect(self, log: Mapping[str, list[tuple[str, str]]]) -> list[str]:
        """Admitted events that planning should have taken in and has not."""
        types = {cls.type_name() for cls in HANDLERS}
        found = []
        for key in (key for keys in log.values() for key in keys):
            saying = self.agencies.sayings.get(key[1])
            if saying is not None and saying.event.envelope.type in types and key not in self._taken:
                found.append(f"{type(saying.event.message).__name__} {key[1]}")
        return found

    def not_the_last_word(self) -> list[str]:
        """Things that planning keeps otherwise than their owner last said."""
        found = []
        for table, mark in (("capacity", "gone_by"), ("wanted", "withdrawn_by")):
            for row in self.server.rows(table):
                value = json.loads(row["value"])
                last = self._last(value["id"])
                is_gone = last is not None and isinstance(last.message, GONE)
                if is_gone and last is not None and value[mark] != last.envelope.id:
                    found.append(value["id"])
        return found

    def _on_facts(self, centre: dict[str, Any], num_new: int) -> None:
        code, version = centre["code"], centre["facts_version"]
        raised = version - self._facts.get(code, 0)
        self._facts[code] = version
        self.num_facts += max(raised, 0)
        if not 0 <= raised <= num_new:
            self.violate(f"no effect twice: {code} has {raised} new facts by {num_new} new events")

    def _on_plan(self, row: dict[str, Any]) -> None:
        self.num_plans += 1
        centre, version = row["centre"], row["version"]
        last, hash_ = self._versions.get(centre, (0, ""))
        self._versions[centre] = (version, row["hash"])
        if version != last + 1 or row["hash_prev"] != hash_:
            self.violate(f"versions rise by one: {centre} has {version} after {last}")
        plan, problem = json.loads(row["plan"]), json.loads(row["problem"])
        self._on_base(row, problem)
        sessions = {session["id"]: session for session in problem["sessions"]}
        for operation in plan["operations"]:
            self._on_operation(centre, version, operation, sessions[operation["session"]])
        self._on_bookings(centre, version, plan["operations"])

    def _on_base(self, row: dict[str, Any], problem: dict[str, Any]) -> None:
        """A plan is made over the one before: it was asked with every operation of it that has not begun."""
        centre, now_at = row["centre"], self._now(row["centre"])
        known = {operation["id"] for operation in (problem.get("published") or {"operations": ()})["operations"]}
        forgotten = [id_ for id_, start_at in self._planned.get(centre, {}).items() if start_at > now_at]
        restores = any(cause["kind"] in RESTORING for cause in json.loads(row["causes"]))
        # Those on the spot begin before planning's time has come to it, and what they put back is planned anew.
        missing = sorted(id_ for id_ in forgotten if id_ not in known and not self.is_over(id_))
        if missing and not restores:
            self.violate(f"no stale plan: {centre} {row['version']} does not know of {missing} of the plan before")
        starts = {session["id"]: datetime.fromisoformat(session["start_at"]) for session in problem["sessions"]}
        operations = json.loads(row["plan"])["operations"]
        self._planned[centre] = {operation["id"]: starts[operation["session"]] for operation in operations}

    def _on_operation(self, centre: str, version: int, operation: dict[str, Any], session: dict[str, Any]) -> None:
        now_at = self._now(centre)
        if datetime.fromisoformat(session["start_at"]) <= now_at:
            return  # what has begun is not taken back by a plan
        lost = self._last(session["id"])
        if session.get("police", True) and lost is not None and isinstance(lost.message, PoliceCancelled):
            self.violate(f"no stale plan: {centre} {version} uses {session['id']}, cancelled by {lost.envelope.id}")
        late = json.loads(self.server.tables["capacity"].rows[session["id"],]["value"]).get("late")
        if session.get("police", True) and late and _is_before(session["start_at"], late["from_at"]):
            self.violate(f"no stale plan: {centre} {version} begins {session['id']} before {late['said_by']} lets it")
        used = [*operation["teams"], *(visit["id"] for visit in operation["inspections"])]
        for thing in used:
            last = self._last(thing)
            if last is not None and isinstance(last.message, GONE):
                self.violate(f"no stale plan: {centre} {version} uses {thing}, withdrawn by {last.envelope.id}")

    def _on_bookings(self, centre: str, version: int, operations: Iterable[dict[str, Any]]) -> None:
        sessions: dict[str, str] = {}
        visits: dict[str, str] = {}
        teams: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in operations:
            if sessions.setdefault(one["session"], one["id"]) != one["id"]:
                self.violate(f"no double booking: {centre} {version} has {one['session']} twice")
            for visit in one["inspections"]:
                if visits.setdefault(visit["id"], one["id"]) != one["id"]:
                    self.violate(f"no double booking: {centre} {version} has {visit['id']} twice")
            for team in one["teams"]:
                span = (one["inspections"][0]["start_at"], one["inspections"][-1]["end_at"])
                if any(span[0] < end and start < span[1] for start, end in teams[team]):
                    self.violate(f"no double booking: {centre} {version} has {team} in two places")
                teams[team].append(span)

    def _now(self, centre: str) -> datetime:
        return datetime.fromisoformat(json.loads(self.server.tables["centre"].rows[centre,]["value"])["now_at"])

    def _last(self, thing: str) -> Event | None:
        """What its owner last said of a thing, as far as planning has taken it in and not refused it."""
        heard = [event for event in self._about.get(thing, ()) if event.envelope.id not in self._refused]
        return max(heard, key=lambda event: event.envelope.sequence or 0, default=None)


def _is_before(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) < datetime.fromisoformat(other)


def _rows(views: Views, table: str) -> Iterable[dict[str, Any]]:
    return (row for row in views[table].changes.values() if row is not None) if table in views else ()


def _refused(views: Views) -> Iterable[str]:
    """Ids of events that planning refuses in this transaction."""
    for row in _rows(views, "outbox"):
        if row["sent_at"] is None and '"se.samsyn.EventRejected.v1"' in row["headers"]:
            yield json.loads(row["body"])["rejected_id"]
