"""What happens to a published plan of a tiny problem: losses, changed facts, freezes, pins and late consents."""

from datetime import datetime, timedelta
from random import Random

from tests.support.brute_force_world import Form

_HOURS = (-30, -3, -1, 1, 3, 30, 60)


def disturb(random: Random, problem: Form) -> Form:
    """Let up to three things happen to a problem with a published plan, and promise some of it."""
    ids = [operation["id"] for operation in problem["published"]["operations"]]
    happenings = (
        _lose,
        _lose,
        _delist,
        _change_facts,
        _change_facts,
        _tempt,
        _tempt,
        _edit_published,
        _edit_published,
        _publish_elsewhere,
    )
    for happening in random.sample(happenings, random.choice((0, 1, 1, 2, 3))):
        happening(random, problem)
    promised = {key: [id_ for id_ in ids if random.random() < 0.35] for key in ("confirmed", "pinned", "hold")}
    moments = {
        key: _around_a_session(random, problem)
        for key in ("now", "freeze_until", "no_new_team_before")
        if random.random() < 0.4
    }
    gaps = {"team_gap_seconds": 20000} if random.random() < 0.1 else {}
    return problem | promised | moments | {"rules": problem["rules"] | gaps}


def _around_a_session(random: Random, problem: Form) -> str:
    session = random.choice(problem["sessions"] or [{"start_at": problem["now"]}])
    return _moved(session["start_at"], random.choice(_HOURS) * 3600)


def _moved(told: str, seconds: int) -> str:
    instant = datetime.fromisoformat(told)
    return (instant.astimezone(tz=None) + timedelta(seconds=seconds)).astimezone(instant.tzinfo).isoformat()


def _lose(random: Random, problem: Form) -> None:
    """Name something in `lost`, and leave it listed as often as not; sessions most often."""
    kind = random.choice(("sessions", "sessions", "sessions", "team_sessions", "inspections"))
    if not problem[kind]:
        return
    gone = random.choice(problem[kind])
    problem.setdefault("lost", []).append({"id": gone["id"], "cause": "illness"})
    if kind == "sessions" and random.random() < 0.5:
        problem[kind] = [own | {"police": False} if own["id"] == gone["id"] else own for own in problem[kind]]
    elif random.random() < 0.5:
        problem[kind] = [own for own in problem[kind] if own["id"] != gone["id"]]


def _delist(random: Random, problem: Form) -> None:
    kind = random.choice(("sessions", "team_sessions", "inspections"))
    if problem[kind]:
        gone = random.choice(problem[kind])["id"]
        problem[kind] = [own for own in problem[kind] if own["id"] != gone]


def _change_facts(random: Random, problem: Form) -> None:
    """Change what a session, a team or an inspection can do."""
    kind = random.choice(("sessions", "team_sessions", "inspections", "inspections"))
    changes: dict[str, tuple[Form, ...]] = {
        "sessions": ({"officers": 1}, {"max_inspections": 1}, {"consent": "ask"}, {"skills": []}),
        "team_sessions": ({"skills": []}, {"consent": "ask"}, {"alternatives_group": "g"}),
        "inspections": (
            {"duration_seconds": 1800},
            {"value": 90},
            {"value": 0},
            {"interests": {"skatteverket": 40, "kommun/bygg": 40}},
            {"required_agencies": ["skatteverket"]},
            {"min_officers": 4},
            {"police_need": "required"},
            {"ready": []},
        ),
    }
    if problem[kind]:
        changed = random.choice(problem[kind])["id"]
        change = random.choice(changes[kind])
        problem[kind] = [own | change if own["id"] == changed else own for own in problem[kind]]


def _tempt(random: Random, problem: Form) -> None:
    """Make an inspection that is not in the published plan worth much, or one that is worth nothing."""
    planned = {visit["id"] for own in problem["published"]["operations"] for visit in own["inspections"]}
    others = [own for own in problem["inspections"] if own["id"] not in planned]
    if others:
        random.choice(others)["value"] = random.choice((60, 300))


def _edit_published(random: Random, problem: Form) -> None:
    """Publish something less good, or no longer possible, than the best."""
    operations = problem["published"]["operations"]
    if not operations:
        return
    operation = random.choice(operations)
    kind = random.choice(("later", "earlier", "fewer", "other team", "no team"))
    if kind in ("later", "earlier"):
        seconds = random.choice((300, 900, 1200, 3600)) * (1 if kind == "later" else -1)
        for visit in operation["inspections"]:
            visit |= {key: _moved(visit[key], seconds) for key in ("start_at", "end_at")}
    elif kind == "fewer" and len(operation["inspections"]) > 1:
        operation["inspections"].pop(random.randrange(len(operation["inspections"])))
    elif kind == "other team" and problem["team_sessions"]:
        operation["teams"] = [random.choice(problem["team_sessions"])["id"]]
    elif kind == "no team" and operation["teams"]:
        operation["teams"].pop()


def _publish_elsewhere(random: Random, problem: Form) -> None:
    """Publish one operation on a session that nobody lists any more."""
    operations = problem["published"]["operations"]
    if operations:
        random.choice(operations)["session"] = "s-gone"
