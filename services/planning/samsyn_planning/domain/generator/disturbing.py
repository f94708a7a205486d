"""Disturbs a plan: the centre's next problem, days later, with the plan published and something of it lost."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from samsyn_planning.domain.generator.chance import Chance

Form = dict[str, Any]
AHEAD = 12  # what is lost lies among so many next operations, as it does when the police are called away
CAUSES = ("skjutning", "stor_olycka", "sprangning", "eftersokning", "ordningsstorning", "sjukdom")
FROZEN_HOURS = (0, 24, 48, 72)
NOTICE_HOURS = (0, 24, 48, 72)
KINDS = ("police", "team", "inspection", "storm", "shortened", "mixed", "nothing")


def disturb(problem: Form, plan: Form, seed: int, kind: str = "police") -> Form:
    """A replanning problem from a first problem and its plan, the same for the same seed.

    police: one to three sessions lost, one in four still usable without police; team: a team session; inspection: a
    site withdrawn; storm: every session within a day and a half; shortened: a session ends earlier and is hit, not
    lost; mixed: police, team and inspection at once; nothing: time passes only. Raises ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"kind: {kind!r} is not known, choose one of {', '.join(KINDS)}")
    chance = Chance(seed, problem["centre"], "disturb", kind)
    later = _later(problem, plan, Chance(seed, problem["centre"], "later"))
    ahead = [o for o in plan["operations"] if _start_at(problem, o) > _moment(later["now"])][:AHEAD]
    if not ahead:
        raise ValueError("plan: has no operation ahead, give the plan of a generated problem")
    for strike in _STRIKES[kind]:
        later = strike(later, ahead, chance)
    return later


def _later(problem: Form, plan: Form, chance: Chance) -> Form:
    """The problem some days later, what is confirmed, ready and consented by then, and what is frozen."""
    starts = sorted(_start_at(problem, operation) for operation in plan["operations"])
    first = _moment(problem["now"])
    next_start = starts[chance.below(max(1, len(starts) // 2))] if starts else first
    now = max(first + timedelta(hours=1), next_start - timedelta(hours=chance.between(1, 60)))
    confirmed = [o["id"] for o in plan["operations"] if _is_confirmed(problem, o, now, chance)]
    kept = chance.some([o["id"] for o in plan["operations"]], chance.below(3))
    return problem | {
        "now": now.isoformat(),
        "published": plan,
        "confirmed": confirmed,
        "pinned": kept[:1],
        "hold": kept[1:],
        "lost": [],
        "consented": _consented(problem, plan, confirmed, chance),
        "freeze_until": (now + timedelta(hours=chance.one(FROZEN_HOURS))).isoformat(),
        "no_new_team_before": (now + timedelta(hours=chance.one(NOTICE_HOURS))).isoformat(),
        "rules": problem["rules"] | {"consent": chance.weighted(("given", "any"), (67, 33))},
        "inspections": [i | {"ready": _ready(problem, chance)} for i in problem["inspections"]],
    }


def _is_confirmed(problem: Form, operation: Form, now: datetime, chance: Chance) -> bool:
    """Most of what happens within a week has been confirmed by all, little of what comes after."""
    is_near = _start_at(problem, operation) - now <= timedelta(days=7)
    return chance.is_one_of(85 if is_near else 15)


def _consented(problem: Form, plan: Form, confirmed: Sequence[str], chance: Chance) -> list[list[str | None]]:
    """What confirmed operations use and is asked, and some yes given beforehand to other sessions."""
    asked = {member["id"] for name in ("sessions", "team_sessions") for member in problem[name] if _asks(member)}
    pairs: set[tuple[str, str | None]] = set()
    for operation in plan["operations"]:
        if operation["id"] in confirmed:
            session = operation["session"]
            pairs |= {(session, None)} if session in asked else set()
            pairs |= {(session, team) for team in operation["teams"] if team in asked}
    for session in problem["sessions"]:
        if session["id"] in asked and chance.is_one_of(30):
            pairs.add((session["id"], None))
        for team in problem["team_sessions"]:
            if team["id"] in asked and team["start_at"][:10] == session["start_at"][:10] and chance.is_one_of(30):
                pairs.add((session["id"], team["id"]))
    return [list(pair) for pair in sorted(pairs, key=lambda pair: (pair[0], pair[1] or ""))]


def _asks(member: Form) -> bool:
    return bool(member["consent"] == "ask")


def _ready(problem: Form, chance: Chance) -> list[str] | None:
    """Who is ready for a site: all where nobody has to say so (two in five), else most of the parties."""
    parties = sorted({team["agency"] for team in problem["team_sessions"]})
    if chance.is_one_of(40):
        return None
    return [party for party in parties if chance.is_one_of(75)]


def _lose_police(later: Form, ahead: Sequence[Form], chance: Chance) -> Form:
    lost = chance.some([operation["session"] for operation in ahead], chance.between(1, 3))
    gone = [session for session in lost if chance.is_one_of(25)]
    sessions = [s | {"police": False} if s["id"] in gone else s for s in later["sessions"]]
    return _without(later | {"sessions": sessions}, lost, chance)


def _lose_storm(later: Form, ahead: Sequence[Form], chance: Chance) -> Form:
    first = _start_at(later, ahead[chance.below(len(ahead))])
    hours = timedelta(hours=36)
    struck = [o["session"] for o in ahead if first <= _start_at(later, o) <= first + hours]
    return _without(later, struck[:6], chance)


def _lose_team(later: Form, ahead: Sequence[Form], chance: Chance) -> Form:
    return _without(later, [chance.one(sorted(team for o in ahead for team in o["teams"]))], chance)


def _withdraw(later: Form, ahead: Sequence[Form], chance: Chance) -> Form:
    return _without(later, [chance.one([visit["id"] for o in ahead for visit in o["inspections"]])], chance)


def _shorten(later: Form, ahead: Sequence[Form], chance: Chance) -> Form:
    """The session ends before the last inspection of its operation does."""
    operation = chance.one(ahead)
    early = (_moment(operation["inspections"][-1]["end_at"]) - timedelta(minutes=15)).isoformat()
    return later | {
        "sessions": [s | {"end_at": early} if s["id"] == operation["session"] else s for s in later["sessions"]]
    }


def _without(later: Form, ids: Sequence[str], chance: Chance) -> Form:
    return later | {"lost": later["lost"] + [{"id": lost, "cause": chance.one(CAUSES)} for lost in ids]}


def _start_at(problem: Form, operation: Form) -> datetime:
    return _moment(next(s["start_at"] for s in problem["sessions"] if s["id"] == operation["session"]))


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


_STRIKES: dict[str, tuple[Callable[[Form, Sequence[Form], Chance], Form], ...]] = {
    "police": (_lose_police,),
    "team": (_lose_team,),
    "inspection": (_withdraw,),
    "storm": (_lose_storm,),
    "shortened": (_shorten,),
    "mixed": (_lose_police, _lose_team, _withdraw),
    "nothing": (),
}
