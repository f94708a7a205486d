"""Checks what a plan says of its changes by verifier and forms alone: names, costs of undoing, and who has what."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from samsyn_planning.domain.verifier.clashes import clashes
from samsyn_planning.domain.verifier.entities import Operation
from samsyn_planning.domain.verifier.objective import figures_of
from samsyn_planning.domain.verifier.operation_rules import broken_inside
from samsyn_planning.domain.verifier.plan_form import read_operations
from samsyn_planning.domain.verifier.problem_form import read_problem
from samsyn_planning.domain.verifier.reading import Node
from samsyn_planning.domain.verifier.replanning_rules import broken_promises
from samsyn_planning.domain.verifier.resolved import resolve
from samsyn_planning.domain.verifier.standing import standing_of

from tests.support.planning_forms import Form

STOCKHOLM = ZoneInfo("Europe/Stockholm")
COST = re.compile(r"vore det (-?[\d\u202f]+) poäng sämre")
ELSEWHERE = re.compile(r"Kontrollen (\S+) görs i stället i insatsen (\S+)\.")
LEFT_OUT = re.compile(r"Kontrollen (\S+): (.*)")
# What coordinators call it where a session, or none, follows another (events.md, "Ladder").
NAMES = {
    "later": "Åtgärd: uppskjuten.",
    "near": "Åtgärd: annat polispass vid samma tid.",
    "elsewhere": "Åtgärd: flyttad till ett annat pass.",
    "without": "Åtgärd: utan polis.",
    "gone": "Åtgärd: inställd.",
}


def wrong_changes(form: Form, plan: Form) -> list[str]:
    """What does not hold of the reasons in `changes`, in sentences; empty if every one is true."""
    checked = _Checked(form, plan)
    return [f"{change['operation']}: {said}" for change in plan["changes"] for said in checked.complaints(change)]


class _Checked:
    """A plan with its changes, and the problem that it answers."""

    def __init__(self, form: Form, plan: Form) -> None:
        self._problem = read_problem(form)
        self._standing = standing_of(self._problem)
        self._sessions = {session["id"]: session["start_at"] for session in form["sessions"]}
        self._published = {before.id: before for before in self._problem.published}
        self._planned = read_operations(Node(plan["operations"], "/operations"))
        self._home = {inspection: one.id for one in self._planned for inspection in one.inspections}
        self._objective = plan["objective"]
        self._left_out = {entry["inspection"]: entry["reasons"] for entry in plan["unplanned"]}

    def complaints(self, change: Form) -> Iterator[str]:
        """Give what is wrong with the reasons of one change."""
        said = {reason["code"]: reason["sv"] for reason in change["reasons"]}
        if change["from"] == change["to"]:
            return
        if not change["reasons"]:
            yield "has changed without a reason"
        before = self._published.get(change["operation"])
        if before is not None:
            yield from self._wrong_name(change, said.get("LADDER"))
            if (before.id in self._standing.hit) == ("GAIN" in said):
                yield "GAIN is for what is not hit, and only for that"
            elif "GAIN" in said:
                yield from self._wrong_gain(before, said["GAIN"])
        for reason in change["reasons"]:
            yield from self._wrong_place(reason["sv"])

    def _wrong_name(self, change: Form, told: str | None) -> Iterator[str]:
        """Give a name that is another than it should be; only those of a move or an end are checked."""
        expected = self._name(change)
        if expected is not None and told != expected:
            yield f"{change['kinds']} is called {told}, it should be: {expected}"

    def _name(self, change: Form) -> str | None:
        if change["to"] is None:
            waits = any(self._is_waiting(visit["id"]) for visit in change["from"]["inspections"])
            return NAMES["later" if waits else "gone"]
        if "without_police" in change["kinds"]:
            return NAMES["without"]
        if change["to"]["session"] == change["from"]["session"]:
            return None
        old, new = self._occasions(change)
        if new.date() > old.date():
            return NAMES["later"]
        is_near = new.date() == old.date() and abs((new - old).total_seconds()) <= 900
        return NAMES["near" if is_near else "elsewhere"]

    def _occasions(self, change: Form) -> tuple[datetime, datetime]:
        """When it was to be and when it is now: by session, by first inspection where the old session is not listed."""
        start_at, session = self._sessions.get(change["from"]["session"]), self._sessions[change["to"]["session"]]
        ends = (
            (start_at, session) if start_at else (change[end]["inspections"][0]["start_at"] for end in ("from", "to"))
        )
        old, new = (datetime.fromisoformat(moment).astimezone(STOCKHOLM) for moment in ends)
        return old, new

    def _is_waiting(self, inspection: str) -> bool:
        return inspection in self._problem.inspections and inspection not in self._home

    def _wrong_gain(self, before: Operation, said: str) -> Iterator[str]:
        others = [resolve(self._problem, one) for one in self._planned if one.session != before.session]
        back = [*others, resolve(self._problem, replace(before, needs_consent=frozenset()))]
        broken = [*broken_inside(self._problem, back[-1]), *clashes(self._problem, back)]
        broken += broken_promises(self._problem, self._standing, back)
        told = COST.search(said)
        if told is None:
            if not broken:
                yield f"could stand as it was, it is said that it cannot: {said}"
            return
        cost = self._objective - figures_of(self._problem, self._standing, back).objective
        if broken:
            yield f"could not stand as it was for {broken[0].sentence}"
        elif int(told[1].replace("\u202f", "")) != cost:
            yield f"putting it back costs {cost}: {said}"

    def _wrong_place(self, said: str) -> Iterator[str]:
        elsewhere, left_out = ELSEWHERE.fullmatch(said), LEFT_OUT.fullmatch(said)
        if elsewhere and self._home.get(elsewhere[1]) != elsewhere[2]:
            yield f"{elsewhere[1]} is in {self._home.get(elsewhere[1])}: {said}"
        if left_out and left_out[2] not in [why["sv"] for why in self._reasons(left_out[1])]:
            yield f"is not what `unplanned` says: {said}"

    def _reasons(self, inspection: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self._left_out.get(inspection, [])
        return found
