"""What is held and cannot all stand, because two of it clash, is let go: pins first, so that there is always a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from samsyn_contracts.message import Reason

from samsyn_planning.domain.facts import Value
from samsyn_planning.domain.planner import FrozenClashError, frozen_clash
from samsyn_planning.domain.said import Said

Holding = Literal["pinned", "hold", "freeze_until"]
# In the order in which they give way: a centre's wish, then a promise of the day, then the nearest days.
GIVES_WAY: tuple[Holding, ...] = ("pinned", "hold", "freeze_until")
HELD: Mapping[Holding, Said] = {
    "pinned": Said("Insatsen var låst", "The operation was pinned"),
    "hold": Said("Insatsen har redan fått en ny tid i dag", "The operation was given another time today already"),
    "freeze_until": Said("Insatsen ligger nära i tiden och skulle stå fast", "The operation is near and was to stand"),
}
CLASHES = {
    "H1": Said("båda använder samma pass eller kontroll", "both use the same session or inspection"),
    "H10": Said("laget hinner inte med båda och sin vila", "the team cannot do both and have its rest"),
    "H15": Said("bara ett av lagets alternativ kan användas", "only one of the team's alternatives can be used"),
}


class LetGo(Value):
    """An operation that the problem does not hold, by what it was held, and the rule by which it clashes beside whom.

    `beside` is the code name of the operation that stands.
    """

    operation_id: str
    beside: str
    rule: str
    held_by: Holding

    @property
    def reason(self) -> Reason:
        """Why it is not held, for everybody who takes part."""
        held, clash = HELD[self.held_by], CLASHES[self.rule]
        sv = f"{held.sv}, men kan inte vara som den var bredvid {self.beside}: {clash.sv}."
        en = f"{held.en}, but cannot be as it was beside {self.beside}: {clash.en}."
        return Reason(code="LET_GO", sv=sv, en=en)


class Posed(Value):
    """A problem in which nothing that is held clashes, and what it therefore does not hold."""

    problem: dict[str, Any]
    let_go: tuple[LetGo, ...] = ()

    @property
    def against(self) -> tuple[str, ...]:
        """Why nothing but the old plan without the lost may follow: more than pins had to give way; empty if not."""
        more = [one for one in self.let_go if one.held_by != "pinned"]
        return tuple(f"held: {one.operation_id} clashes with {one.beside} by {one.rule}" for one in more)


def without_clashes(problem: dict[str, Any], code_names: Mapping[str, str]) -> Posed:
    """Let go, one at a time, of what is held and clashes; the problem itself where nothing does.

    Of two that clash the one goes that is held most loosely (`GIVES_WAY`), and of two held alike the later.
    """
    let_go: list[LetGo] = []
    while (clash := _clash(problem)) is not None:
        held_by, begins_at, going = max((_holding(problem, own) for own in clash.operations), key=_order)
        (beside,) = {*clash.operations} - {going}
        name = code_names.get(beside, beside)
        let_go.append(LetGo(operation_id=going, beside=name, rule=clash.rule, held_by=held_by))
        problem = _without(problem, going, begins_at if held_by == "freeze_until" else problem["freeze_until"])
    return Posed(problem=problem, let_go=tuple(let_go))


def of_these(problem: Mapping[str, Any], ids: Collection[str]) -> dict[str, Any]:
    """The problem of some published operations alone, with what they use."""
    chosen = [o for o in problem["published"]["operations"] if o["id"] in ids]
    uses = {used for o in chosen for used in (o["session"], *o["teams"], *(visit["id"] for visit in o["inspections"]))}
    lists = ("sessions", "team_sessions", "inspections")
    return {
        **problem,
        **{key: [row for row in problem[key] if row["id"] in uses] for key in lists},
        **{key: [own for own in problem.get(key, ()) if own in ids] for key in ("confirmed", "pinned", "hold")},
        "published": {**problem["published"], "operations": chosen},
    }


def _clash(problem: Mapping[str, Any]) -> FrozenClashError | None:
    """The first clash among what is held; that is read alone, for it is little of the whole."""
    begins_at, named = _begins_at(problem), {*problem["hold"], *problem.get("pinned", ())}
    freeze = datetime.fromisoformat(problem["freeze_until"])
    ids = {own for own, at in begins_at.items() if own in named or datetime.fromisoformat(at) < freeze}
    if len(ids) < 2:
        return None
    return frozen_clash(of_these(problem, ids))


def _begins_at(problem: Mapping[str, Any]) -> dict[str, str]:
    """When each published operation's session begins, where that is listed."""
    starts = {session["id"]: session["start_at"] for session in problem["sessions"]}
    published = problem["published"] or {"operations": ()}
    return {o["id"]: starts[o["session"]] for o in published["operations"] if o["session"] in starts}


def _holding(problem: Mapping[str, Any], operation_id: str) -> tuple[Holding, str, str]:
    """What holds an operation hardest, when it begins, and its id."""
    begins_at = _begins_at(problem)[operation_id]
    if datetime.fromisoformat(begins_at) < datetime.fromisoformat(problem["freeze_until"]):
        return "freeze_until", begins_at, operation_id
    return "hold" if operation_id in problem["hold"] else "pinned", begins_at, operation_id


def _order(held: tuple[Holding, str, str]) -> tuple[int, datetime, str]:
    """Whose turn it is to go: the greatest."""
    held_by, begins_at, operation_id = held
    return -GIVES_WAY.index(held_by), datetime.fromisoformat(begins_at), operation_id


def _without(problem: dict[str, Any], operation_id: str, freeze_until: str) -> dict[str, Any]:
    """The operation neither pinned nor held, and the freeze as far as given."""
    left = {key: [own for own in problem.get(key, ()) if own != operation_id] for key in ("pinned", "hold")}
    rest = {key: value for key, value in problem.items() if key != "pinned"}
    pinned = {"pinned": left["pinned"]} if left["pinned"] else {}
    return {**rest, **pinned, "hold": left["hold"], "freeze_until": freeze_until}
